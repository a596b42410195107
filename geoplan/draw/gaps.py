"""The part ``gaps`` of the pages: the matrix of places and rules, who reaches what, and the roads that it was measured on.

Tables travel as columns; sentences that recur stand once in ``texts`` and are pointed at by their number. Households
travel as the tables have them, FEW as a half.
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from geoplan.draw.compact import BITS, pack_columns, pack_shapes
from geoplan.draw.packed import Pack
from geoplan.frames.gaps import HOUSEHOLDS, Gaps, list_where, tell_applies, tell_rule, tell_source, tell_unit, tell_why
from geoplan.palette import GAP_STATES, REACH_BANDS
from geoplan.standards import Rule
from geoplan.wording import load_catalogue, say
from geoplan.workspace import Workspace

Record = dict[str, Any]


class Texts:
    """Sentences, each once."""

    def __init__(self) -> None:
        """None yet."""
        self.texts: list[str] = []
        self._numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        """The number of a sentence."""
        if text not in self._numbers:
            self._numbers[text] = len(self.texts)
            self.texts.append(text)
        return self._numbers[text]


def build_gaps(workspace: Workspace, gaps: Gaps | None) -> bytes:
    """The part ``gaps``, packed: all that gaps.html draws; ``{"none": true}`` where nothing was measured."""
    pack = Pack()
    if gaps is None or not len(gaps.places) or not gaps.rules:
        return pack.write({"none": True})
    return pack.write(_tell_all(pack, workspace, gaps))


def _tell_all(pack: Pack, workspace: Workspace, gaps: Gaps) -> Record:
    bits = BITS[workspace.audience]
    texts = Texts()
    parts = {
        "states": {
            str(state): {**look, "name": name_state(state, workspace.language)} for state, look in GAP_STATES.items()
        },
        "words": _list_words(workspace.language),
        "bands": list(REACH_BANDS),
        "walk": {
            "minute": workspace.gaps.walk_kmh * 1000 / 60,
            "join": workspace.gaps.join_m,
            "detour": workspace.gaps.detour,
        },
        "rules": [_tell_rule(rule, workspace.language) for rule in gaps.rules],
        "places": _tell_places(gaps, public=workspace.audience == "public"),
        "cells": _tell_cells(gaps, texts, workspace.language),
        "homes": _tell_homes(pack, gaps, bits),
        "facilities": _tell_facilities(pack, gaps, bits),
        "reach": _tell_reach(pack, gaps),
        "edges": _tell_edges(pack, gaps, bits),
        "faults": _tell_faults(gaps),
        "drawn": _pack_drawn(pack, gaps, bits),
        "links": _tell_links(gaps),
        "sites": _tell_sites(gaps),
    }
    return {**parts, "texts": texts.texts}


def name_state(state: str, language: str) -> str:
    """A state in words; the empty one is a rule that does not go for the place."""
    return say(f"gaps.state.{state}", language) if state else say("page.gaps.not-for", language)


def _list_words(language: str) -> Record:
    catalogue = load_catalogue(language)["gaps"]
    return {name: catalogue[name] for name in ("group", "home", "road", "basis")}


def _tell_rule(rule: Rule, language: str) -> Record:
    return {
        "id": rule.id,
        "name": rule.name(language),
        "group": rule.group,
        "measure": rule.measure,
        "threshold": rule.threshold,
        "unit": tell_unit(rule, language),
        "rule": tell_rule(rule, language),
        "applies": tell_applies(rule, language),
        "source": tell_source(rule, language),
        "sure": rule.sure,
        "weight": rule.weight,
        "straight": rule.way == "straight",
        "share": rule.share_pct,
        "layer": rule.layer,
        "lines": list(rule.lines),
        "note": rule.note,
    }


def _tell_places(gaps: Gaps, *, public: bool) -> Record:
    places, numbers, digits = gaps.places, _number_rules(gaps), 4 if public else 6
    spots = places.geometry.representative_point()
    return {
        **{name: places[name].astype(str).tolist() for name in ("code", "name", "town", "counted")},
        "townName": places["town_name"].astype(str).tolist(),
        "households": [_count(count) for count in places["households"]],
        "people": [_count(count) for count in places["people"]],
        "settlements": [_whole(count) for count in places["settlements"]],
        "gaps": [_whole(count) for count in places["gaps"]],
        "urgency": [_round(value, 1) for value in places["urgency"]],
        "parts": [
            [[numbers[rule], _round(weight, 2), _count(count)] for rule, weight, count in parts]
            for parts in places["parts"]
        ],
        "x": [_round(x, digits) for x in spots.x],
        "y": [_round(y, digits) for y in spots.y],
    }


def _tell_cells(gaps: Gaps, texts: Texts, language: str) -> Record:
    rules = {rule.id: rule for rule in gaps.rules}
    numbers = _number_rules(gaps)
    places = {code: number for number, code in enumerate(gaps.places["code"])}
    states = {str(state): number for number, state in enumerate(GAP_STATES)}
    rows = gaps.cells.to_dict("records")
    return {
        "place": [places[row["code"]] for row in rows],
        "rule": [numbers[row["rule"]] for row in rows],
        "state": [states[str(row["state"])] for row in rows],
        "value": [_round(row["value"], 1) for row in rows],
        "homes": [int(row["basis"] == "settlements") for row in rows],
        **{name: [_count(row[name]) for row in rows] for name in HOUSEHOLDS},
        "why": [
            texts.number(tell_why({str(k): v for k, v in row.items()}, rules[row["rule"]], language)) for row in rows
        ],
        "where": [texts.number(list_where(tuple(row["where"]))) for row in rows],
        "projects": [list(row["projects"]) for row in rows],
    }


def _tell_homes(pack: Pack, gaps: Gaps, bits: int) -> Record:
    homes = gaps.settlements
    return {
        "code": homes["code"].astype(str).tolist(),
        "name": homes["name"].astype(str).tolist(),
        "households": [_count(count) for count in homes["households"]],
        "road": homes["road"].astype(str).tolist(),
        "walk": [_round(value, 1) for value in homes["walk_m"]],
        "shapes": pack_shapes(pack, homes.geometry.array, bits),
    }


def _tell_facilities(pack: Pack, gaps: Gaps, bits: int) -> Record:
    table, numbers = gaps.facilities, _number_rules(gaps)
    return {
        "rules": [[numbers[one] for one in str(rule).split(";") if one in numbers] for rule in table["rule"]],
        **{name: table[name].astype(str).tolist() for name in ("name", "type", "condition")},
        "shapes": pack_shapes(pack, table.geometry.array, bits),
    }


def _tell_reach(pack: Pack, gaps: Gaps) -> Record:
    """The reach as columns; ``state`` is 0 within, 1 without, 2 unknown."""
    table, numbers = gaps.reach, _number_rules(gaps)
    states = {"within": 0, "without": 1, "unknown": 2}
    columns = {
        "home": table["settlement"],
        "rule": table["rule"].astype(str).map(numbers),
        "state": table["state"].astype(str).map(states),
        "m": table["distance_m"].astype(float).round(),
        "minutes": table["minutes"].astype(float).round(1),
        "facility": table["facility"],
        "why": table["why"].astype(str),
    }
    return pack_columns(pack, pd.DataFrame(columns))


def _tell_edges(pack: Pack, gaps: Gaps, bits: int) -> Record:
    edges = gaps.edges
    columns = {
        "first": edges["first"],
        "last": edges["last"],
        "m": edges["length_m"].astype(float).round(1),
        "way": edges["way"],
    }
    table = pd.DataFrame(columns).astype(dict.fromkeys(columns, float))
    return {"columns": pack_columns(pack, table), "shapes": pack_shapes(pack, edges.geometry.array, bits)}


def _pack_drawn(pack: Pack, gaps: Gaps, bits: int) -> Record:
    """The shapes of links, sites and faults in the order of their lists, and where a road ends loose: there are many."""
    loose = gaps.faults["kind"] == "loose-end"
    tables = {"links": gaps.links, "sites": gaps.sites, "faults": gaps.faults[~loose], "ends": gaps.faults[loose]}
    return {name: pack_shapes(pack, table.geometry.array, bits) for name, table in tables.items()}


def _tell_faults(gaps: Gaps) -> list[Record]:
    return [
        {
            "kind": row["kind"],
            "gap": _round(row["gap_m"], 1),
            "mended": bool(row["mended"]),
            "m": _round(row["length_m"], 0),
            "settlements": _whole(row["settlements"]),
            "households": _count(row["households"]),
            "from": " › ".join(part for part in (str(row["file"]), str(row["row"] or "")) if part),
        }
        for row in gaps.faults.to_dict("records")
        if row["kind"] != "loose-end"
    ]


def _tell_links(gaps: Gaps) -> list[Record]:
    numbers = _number_rules(gaps)
    return [
        {
            "number": int(row["number"]),
            "rule": numbers[row["rule"]],
            "codes": list(row["codes"]),
            "households": _count(row["households"]),
            "m": _round(row["length_m"], 0),
            "wan": None if row["cost_wan"] is None or pd.isna(row["cost_wan"]) else str(row["cost_wan"]),
            "each": _round(row["m_per_household"], 0),
            "uphill": _round(row["uphill_m"], 0),
            "rise": _round(row["rise_m"], 0),
        }
        for row in gaps.links.to_dict("records")
    ]


def _tell_sites(gaps: Gaps) -> list[Record]:
    numbers = _number_rules(gaps)
    return [
        {
            "rule": numbers[row["rule"]],
            "count": int(row["count"]),
            "rank": int(row["rank"]),
            "code": str(row["code"]),
            "households": _count(row["households"]),
            "covered": _count(row["covered"]),
            "total": _count(row["total"]),
            "optimal": row["status"] == "optimal",
        }
        for row in gaps.sites.to_dict("records")
    ]


def _number_rules(gaps: Gaps) -> dict[str, int]:
    return {rule.id: number for number, rule in enumerate(gaps.rules)}


def _whole(value: Any) -> int | None:
    number = pd.to_numeric(value, errors="coerce")
    return None if pd.isna(number) else int(number)


def _count(value: Any) -> float | int | None:
    """Households to travel: whole, or FEW."""
    return _round(value, 1)


def _round(value: Any, digits: int) -> float | int | None:
    """A number to travel: whole ones without a point, None for none or without end."""
    if value is None or pd.isna(value) or not math.isfinite(float(value)):
        return None
    rounded = round(float(value), digits)
    return int(rounded) if rounded.is_integer() else rounded
