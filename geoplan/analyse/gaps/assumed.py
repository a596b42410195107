"""What had to be assumed, so that it can be said wherever the gaps are shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from geoplan.analyse.gaps.evidence import Evidence
from geoplan.analyse.gaps.places import read_texts
from geoplan.standards import Rule

Assumed = tuple[str, Mapping[str, Any]]
MOST_KINDS = 12
"""Types of facilities that one sentence names."""


def list_assumed(rules: Sequence[Rule], evidence: Evidence) -> tuple[Assumed, ...]:
    """Words of ``gaps.assumed`` in the catalogue, each with the facts of its sentence."""
    return (*_tell_roads(rules, evidence), *_tell_people(evidence), *_tell_sources(rules, evidence))


def _tell_roads(rules: Sequence[Rule], evidence: Evidence) -> Iterator[Assumed]:
    on_roads = [rule for rule in rules if rule.measure == "distance" and rule.way == "network"]
    if not on_roads:
        return
    options, network = evidence.options, evidence.network
    if any(rule.unit == "min" for rule in on_roads):
        yield "walking", {"kmh": f"{options.walk_kmh:g}"}
    if network is None:
        yield "no-roads", {"factor": f"{options.detour:g}"}
        return
    yield "roads", {"km": f"{network.edge_length.sum() / 1000:.1f}", "snap": f"{options.snap_m:g}"}
    if network.pieces_count > 1:
        yield "roads-in-pieces", {"count": network.pieces_count}


def _tell_people(evidence: Evidence) -> Iterator[Assumed]:
    homes, frame = evidence.places.homes, evidence.places.frame
    whole, nobody = int((frame["counted"] == "village").sum()), int((frame["counted"] == "").sum())
    if whole:
        yield "village-points", {"count": whole}
    if nobody:
        yield "no-households", {"count": nobody}
    silent = int((np.isnan(homes.households) & ~homes.whole).sum())
    if silent:
        yield "settlements-without-households", {"count": silent, "total": int((~homes.whole).sum())}
    outside = {name: int(count) for name, count in evidence.places.outside.items()}
    if outside["settlements"]:
        yield "outside-places", {"count": outside["settlements"], "households": outside["households"]}


def _tell_sources(rules: Sequence[Rule], evidence: Evidence) -> Iterator[Assumed]:
    if evidence.surveyed:
        yield "surveyed", {"count": len(evidence.surveyed)}
    if strange := _count_strange(evidence):
        names = "、".join(f"{kind or '—'}（{count}）" for kind, count in strange[:MOST_KINDS])
        yield "kinds-without-rule", {"count": sum(count for _, count in strange), "names": names}
    if any(rule.measure == "share" and rule.layer in evidence.lines for rule in rules):
        yield "near-lines", {}
    silent = [rule.facility for rule in rules if not _is_known(rule, evidence)]
    if silent:
        yield "unknown-kinds", {"count": len(silent), "names": "、".join(silent)}
    recalled = sum(rule.sure in ("memory", "product") for rule in rules)
    if recalled:
        yield "not-verified", {"count": recalled, "total": len(rules)}


def _count_strange(evidence: Evidence) -> list[tuple[str, int]]:
    """The types of facilities that no rule is about, with how many there are, most first."""
    kinds = read_texts(evidence.facilities.frame, "type")
    counted = Counter(kind for kind, own in zip(kinds, evidence.facilities.rules, strict=True) if not own)
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


def _is_known(rule: Rule, evidence: Evidence) -> bool:
    lines = rule.measure == "share" and rule.layer in evidence.lines
    return lines or rule.id in evidence.surveyed or rule.id in evidence.statements
