"""What is kept back where the audience is public: persons, few households, and coordinates finer than a map may show.

Persons, remarks and fields of layers that geoplan does not know (户主, 电话 …) may be personal data (个人信息保护法 §28 and the
habit of published lists); few households are told by none of the counts (:mod:`geoplan.analyse.gaps.discreet`);
coordinates are rounded to 0.0001°, about 10 m (公开地图内容表示规范, to be confirmed by the office that reviews the map).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import shapely

from geoplan.analyse.gaps.discreet import blank_few, soften_gaps, soften_text
from geoplan.frames import LAYER_COLUMNS, Layer, Plan
from geoplan.frames.gaps import Gaps
from geoplan.values import Finding

PUBLIC_DEGREES = 0.0001
_GAP_TABLES = ("places", "settlements", "facilities", "edges", "faults", "shared", "links", "sites")
COUNTED = ("households", "people")
PERSONAL_COLUMNS = ("person", "remark")
_OF_PERSONS = ("task-without-person",)


def soften_plan(plan: Plan) -> Plan:
    """The plan without persons, remarks and strange fields, its counts softened, its geometry rounded to PUBLIC_DEGREES."""
    return replace(
        plan,
        layers=tuple(_soften_layer(layer) for layer in plan.layers),
        gazetteer=replace(plan.gazetteer, frame=_round_frame(plan.gazetteer.frame)),
        projects=_drop_persons(plan.projects),
        tasks=_drop_persons(plan.tasks),
        placements=plan.placements.assign(geometry=[_round(shape) for shape in plan.placements["geometry"]]),
        findings=tuple(_soften_finding(finding) for finding in plan.findings if finding.code not in _OF_PERSONS),
        gaps=None if plan.gaps is None else _round_gaps(soften_gaps(plan.gaps)),
    )


def _round_gaps(gaps: Gaps) -> Gaps:
    """The gap analysis, which was made of the exact geometry, with what is told of it rounded."""
    tables = {name: _round_frame(getattr(gaps, name)) for name in _GAP_TABLES}
    roots = [_round(shape) for shape in gaps.links["root"]]
    return replace(gaps, **tables | {"links": tables["links"].assign(root=roots)})


def _drop_persons(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(**{name: "" for name in PERSONAL_COLUMNS if name in frame})


def _soften_layer(layer: Layer) -> Layer:
    if layer.frame is None:
        return layer
    kept = [name for name in layer.frame if name in LAYER_COLUMNS]
    counts = {name: blank_few(layer.frame[name]) for name in COUNTED if name in kept}
    return replace(layer, frame=_round_frame(layer.frame[kept].assign(**counts)))


def _soften_finding(finding: Finding) -> Finding:
    facts = ((name, soften_text(value) if name == "households" else value) for name, value in finding.facts)
    return replace(finding, facts=tuple(facts))


def _round_frame(frame: Any) -> Any:
    return frame.set_geometry([_round(shape) for shape in frame.geometry], crs=frame.crs)


def _round(shape: Any) -> Any:
    if shape is None or pd.isna(shape):
        return None
    rounded = shapely.set_precision(shape, PUBLIC_DEGREES, mode="pointwise")
    return rounded if rounded.is_valid else shapely.make_valid(rounded)
