"""Each rule held against the evidence, by its kind of measure. What nobody knows stays unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from geoplan.analyse.gaps.counted import measure_count, measure_indicator, measure_quantity
from geoplan.analyse.gaps.distance import measure_distance
from geoplan.analyse.gaps.evidence import Evidence
from geoplan.analyse.gaps.measured import Measured
from geoplan.analyse.gaps.shares import measure_share
from geoplan.standards import Rule

_MEASURES: Mapping[str, Callable[[Rule, Evidence], Measured]] = {
    "distance": measure_distance,
    "count": measure_count,
    "share": measure_share,
    "per-household": measure_quantity,
    "per-km": measure_quantity,
    "indicator": measure_indicator,
}


def measure_rule(rule: Rule, evidence: Evidence) -> Measured:
    """Hold a rule against the evidence."""
    return _MEASURES[rule.measure](rule, evidence)
