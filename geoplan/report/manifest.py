"""``manifest.json``: what went in, what came out, with the sums and digests to check both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from geoplan.frames import Plan, Source
from geoplan.measure import format_wan, sum_wan
from geoplan.values import VERSION, Method, Severity
from geoplan.workspace import Workspace

Record = dict[str, Any]


def build_manifest(
    workspace: Workspace,
    plan: Plan,
    measures: Sequence[Any],
    files: Sequence[Record],
    weights: Mapping[int, Any] = MappingProxyType({}),
) -> Record:
    """The manifest of a build (contract §4).

    ``measures`` holds one LayerMeasure a layer; ``files`` every file of the site as ``{path, bytes, sha256}``; ``weights``
    what a layer weighs in the pages, by its place in the plan.
    """
    return {
        "geoplan": VERSION,
        "workspace": workspace.name,
        "code": workspace.code,
        "publisher": workspace.publisher,
        "month": str(plan.month) if plan.month else None,
        "audience": workspace.audience,
        "synthetic": plan.synthetic,
        "crs": plan.crs,
        "inputs": [_tell_source(source) for source in plan.sources],
        "layers": [
            _tell_layer(layer, measure) | _tell_weight(weights.get(place))
            for place, (layer, measure) in enumerate(zip(plan.layers, measures, strict=True))
        ],
        "projects": sum_projects(plan),
        "findings": count_severities(plan),
        "pages": [file for file in files if file["path"].endswith(".html")],
        "files": list(files),
    }


def sum_projects(plan: Plan) -> Record:
    """Projects read, placed and not, and their money as exact decimal text in 万元."""
    placed = plan.placements["method"] != Method.UNPLACED
    amounts = list(plan.projects["amount"])
    return {
        "read": len(plan.projects),
        "placed": int(placed.sum()),
        "unplaced": int((~placed).sum()),
        "without_amount": sum(amount is None for amount in amounts),
        "amount_wan": format_wan(sum_wan(amounts)),
        "placed_amount_wan": format_wan(sum_wan(amount for amount, here in zip(amounts, placed, strict=True) if here)),
    }


def count_severities(plan: Plan) -> dict[str, int]:
    """How many findings there are of each severity."""
    counted = Counter(str(finding.severity) for finding in plan.findings)
    return {str(severity): counted[str(severity)] for severity in Severity}


def _tell_source(source: Source) -> Mapping[str, Any]:
    return asdict(source)


def _tell_layer(layer: Any, measure: Any) -> Record:
    return {
        "kind": layer.kind,
        "title": layer.title,
        "path": layer.path,
        "features": measure.features,
        "repaired": layer.repaired,
        "dropped": layer.dropped,
        "length_km": measure.length_km,
        "area_km2": measure.area_km2,
    }


def _tell_weight(weight: Any) -> Record:
    """The bytes in the pages beside the budget, and for a layer beyond it what simplifying to fit would cost."""
    if weight is None:
        return {}
    told = {"page_bytes": weight.bytes, "page_budget": weight.budget}
    return told | ({"fit": asdict(weight.fit) if weight.fit else None} if weight.over else {})
