"""The gap analysis for a public audience: no count from which few households could be worked out.

Every count of households and people becomes a multiple of :data:`STEP`, and 1 to 4 become FEW, each number by itself, so that
neither a difference of two rules nor a sum over villages tells more than the numbers do. Shares and sums are told only as
far as they follow from the softened counts. That fewer than five are not told is the habit of published lists (个人信息保护法
§28 on sensitive data; the least number is a rule of this product).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoplan.frames.gaps import FEW, HOUSEHOLDS, LEAST_TOLD, Gaps, tell_count

STEP = 5
"""Households are rounded to a multiple of this, halves up."""
_GROUNDED = ("share", "per-household")
"""Measures whose value is worked out from households."""
_SAID_LESS = {"said-percent": "said-part", "quantity": "quantity-part"}
"""Reasons that would tell a share or a number of households, and what is said where it may not be told."""
Counts = npt.NDArray[np.float64]


def soften_counts(counts: Any) -> Counts:
    """Counts as multiples of STEP, FEW for 1 to 4, NaN for none known."""
    exact = np.asarray(counts, dtype=float)
    rounded = np.floor(exact / STEP + 0.5) * STEP
    return np.where((exact > 0) & (exact < LEAST_TOLD), FEW, rounded)


def soften_gaps(gaps: Gaps) -> Gaps:
    """The tables with softened counts, and what follows from them: urgency, metres per household, reasons."""
    return replace(
        gaps,
        places=_soften_places(gaps.places),
        cells=_soften_cells(gaps.cells, {rule.id: rule.measure for rule in gaps.rules}),
        settlements=_soften(gaps.settlements, "households", "people"),
        faults=_soften(gaps.faults, "households"),
        shared=_soften(gaps.shared, "households"),
        links=_soften_links(gaps.links),
        sites=_soften_sites(gaps.sites, known=bool(gaps.settlements["households"].notna().any())),
        assumed=(*((word, soften_facts(facts)) for word, facts in gaps.assumed), ("public-counts", {"step": STEP})),
        unassigned={**gaps.unassigned, "households": float(soften_counts(gaps.unassigned.get("households", 0)))},
    )


def blank_few(counts: Any) -> Counts:
    """Counts of a layer, softened: none in place of FEW."""
    softened = soften_counts(counts)
    return np.where(softened == FEW, np.nan, softened)


def soften_text(number: object) -> str:
    """A number of households in a sentence, softened."""
    return str(tell_count(float(soften_counts(number))))


def soften_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What fills a sentence, with its households softened."""
    told = {name: soften_text(fact) if name in ("households", "within") else fact for name, fact in facts.items()}
    return told | ({"percent": f"{float(told['percent']):.0f}"} if told.get("percent") else {})


def _soften(table: Any, *names: str) -> Any:
    return table.assign(**{name: soften_counts(table[name]) for name in names})


def _soften_places(places: Any) -> Any:
    parts = [
        tuple((rule, weight, float(soften_counts(count))) for rule, weight, count in own) for own in places["parts"]
    ]
    urgency = [float(sum(weight * count for _, weight, count in own if count != FEW)) for own in parts]
    return _soften(places, "households", "people").assign(parts=parts, urgency=urgency)


def _soften_cells(cells: pd.DataFrame, measures: Mapping[str, str]) -> pd.DataFrame:
    """Places whose settlements are counted, for want of households, stay as they are."""
    homes = (cells["basis"] == "households").to_numpy()
    counts = {name: np.where(homes, soften_counts(cells[name]), cells[name].astype(float)) for name in HOUSEHOLDS}
    few = np.any([column == FEW for column in counts.values()], axis=0)
    measure = cells["rule"].map(measures)
    value = cells["value"].where(measure != "share", cells["value"].round()).mask(measure.isin(_GROUNDED) & few)
    told = zip(cells["facts"], homes.tolist(), few.tolist(), strict=True)
    facts: list[Any] = [_soften_reason(own, few=one) if by_homes else own for own, by_homes, one in told]
    return cells.assign(
        **counts,
        value=value,
        why=[_say_less(why, few=one) for why, one in zip(cells["why"], few.tolist(), strict=True)],
        facts=facts,
    )


def _soften_reason(facts: Mapping[str, Any], *, few: bool) -> dict[str, Any]:
    told = soften_facts(facts)
    return {**told, "measured": _say_less(told.get("measured", ""), few=few)} if told.get("measured") else told


def _say_less(why: str, *, few: bool) -> str:
    return _SAID_LESS.get(why, why) if few else why


def _soften_links(links: Any) -> Any:
    softened = _soften(links, "households")
    told = softened["households"].to_numpy(dtype=float)
    each = np.divide(softened["length_m"], told, out=np.full(len(told), np.nan), where=told >= LEAST_TOLD)
    return softened.assign(m_per_household=each)


def _soften_sites(sites: Any, *, known: bool) -> Any:
    """Sites count settlements where nobody knows the households; those are told."""
    if not known:
        return sites
    softened = _soften(sites, "households", "covered", "total", "bound")
    few = (softened[["covered", "bound"]] == FEW).any(axis=1)
    return softened.assign(gap_pct=softened["gap_pct"].round().mask(few))
