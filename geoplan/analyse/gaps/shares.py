"""Rules of share: how many of the households are connected, by what ledgers say or by lines on the map that run past them."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geoplan.analyse.arrays import Floats, Ints
from geoplan.analyse.gaps.evidence import Evidence, Statement, tell_files
from geoplan.analyse.gaps.households import SERVED, UNSURE, Marks, Split, judge_share
from geoplan.analyse.gaps.measured import Facts, Measured, find_coming, is_well, says_not, says_there, tell_said
from geoplan.analyse.gaps.words import match_line, read_condition, tells_lines
from geoplan.standards import Rule
from geoplan.values import Where


def measure_share(rule: Rule, evidence: Evidence) -> Measured:
    """The percent of the households that are connected in each place."""
    lines = evidence.lines.get(rule.layer)
    lines = lines if lines is not None and tells_lines(rule, lines) else None
    fit, well, rows = _pick_lines(rule, lines)
    homes = evidence.places.homes
    served = (
        _mark_near(homes.shapes, fit, rule.within_m) if lines is not None else np.full(homes.count, UNSURE, np.int8)
    )
    served_well = served if well is fit else _mark_near(homes.shapes, well, rule.within_m)
    split, split_well = evidence.census.split_homes(served), evidence.census.split_homes(served_well)
    why = ["share" if lines is not None else "no-source"] * evidence.places.count
    facts: list[Facts] = [{"within": int(n), "m": f"{rule.within_m:g}"} for n in split.within]
    where: list[tuple[Where, ...]] = (
        [tell_files(lines)] * len(why) if lines is not None and len(rows) else [()] * len(why)
    )
    split, split_well = _overlay_said(rule, evidence, split, split_well, (why, facts, where))
    measured_why = _mark_empty(evidence, why)
    return Measured(
        met=_judge_split(split, rule),
        met_well=_judge_split(split_well, rule),
        value=_measure_percent(split),
        split=split,
        served=served,
        why=measured_why,
        facts=facts,
        where=where,
        coming=find_coming(rule, evidence),
    )


def _judge_split(split: Split, rule: Rule) -> Marks:
    """Enough of those who are known; a place of which nobody is known is UNSURE."""
    met = judge_share(split, rule.threshold)
    return np.where(split.within + split.without == 0, UNSURE, met).astype(np.int8)


def _measure_percent(split: Split) -> Floats:
    known = split.within + split.without
    share: Floats = np.divide(100.0 * split.within, known, out=np.full(len(known), np.nan), where=known > 0)
    return np.round(share, 1)


def _pick_lines(rule: Rule, lines: gpd.GeoDataFrame | None) -> tuple[Any, Any, Ints]:
    """Lines that count, those of them that are not old, and the positions of the first."""
    if lines is None:
        return None, None, np.empty(0, dtype=np.int64)
    fit = match_line(rule, lines)
    status = lines["status"] if "status" in lines else [""] * len(lines)
    states = {text: read_condition(text) if isinstance(text, str) else "" for text in dict.fromkeys(status)}
    condition = np.array([states[text] for text in status], dtype=object)
    fit &= ~np.isin(condition, ("closed", "planned", "building"))
    well = fit & (condition != "old")
    shapes, rows = lines.geometry.to_numpy(), np.flatnonzero(fit)
    counted = shapes[fit]
    return counted, counted if (well == fit).all() else shapes[well], rows


def _mark_near(shapes: NDArray[np.object_], lines: Any, within_m: float) -> Marks:
    marks = np.zeros(len(shapes), dtype=np.int8)
    if lines is not None and len(lines) and len(shapes):
        near, _ = shapely.STRtree(lines).query(shapes, predicate="dwithin", distance=within_m)
        marks[near] = SERVED
    return marks


def _overlay_said(
    rule: Rule,
    evidence: Evidence,
    split: Split,
    well: Split,
    told: tuple[list[str], list[Facts], list[tuple[Where, ...]]],
) -> tuple[Split, Split]:
    """What ledgers say of a place's share goes before what lines on the map make likely."""
    why, facts, where = told
    parts = [array.copy() for array in (split.within, split.without, split.unknown)]
    fine = [array.copy() for array in (well.within, well.without, well.unknown)]
    for at, statement in evidence.statements.get(rule.id, {}).items():
        percent = _read_percent(statement)
        if percent is None:
            continue
        total = int(evidence.census.total[at])
        within = round(total * percent / 100)
        for array, number in zip(parts, (within, total - within, 0), strict=True):
            array[at] = number
        good = within if is_well(statement) else 0
        for array, number in zip(fine, (good, total - good, 0), strict=True):
            array[at] = number
        why[at] = "said-percent" if statement.said == "percent" else tell_said(statement)
        facts[at] = {"percent": f"{percent:g}", "within": within, "m": f"{rule.within_m:g}"}
        where[at] = (statement.where,)
    return Split(*parts), Split(*fine)


def _read_percent(statement: Statement) -> float | None:
    if statement.said == "percent":
        return min(max(statement.value, 0.0), 100.0)
    if says_there(statement) and statement.said == "yes":
        return 100.0
    return 0.0 if says_not(statement) else None


def _mark_empty(evidence: Evidence, why: list[str]) -> list[str]:
    """A share of nobody is none: places without anybody known to live there say so."""
    return [
        "nobody-lives" if word == "share" and not total else word
        for word, total in zip(why, evidence.census.total, strict=True)
    ]
