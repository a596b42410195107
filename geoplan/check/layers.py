"""What is wrong among the records of the layers: codes and names that stand twice, belong elsewhere or are missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from geoplan.check.marks import quote, report
from geoplan.codes import is_damaged
from geoplan.frames import Layer
from geoplan.values import Finding, Severity, Where

CODED = {"villages": 12, "towns": 9}
"""Kinds of layer whose records are areas with a code, and its digits."""
MAX_TOLD = 50
"""So many codes or names that stand twice are findings of their own; the others are told together."""
TOWN_PARTS = range(1, 600)
"""The three digits of a town: 001-099 街道, 100-199 镇, 200-399 乡, 400-599 farms and parks (GB/T 10114)."""
VILLAGE_PARTS = range(1, 600)
"""The three digits of a village: 001-199 居委会, 200-399 村委会, 400-599 the like (统计用区划代码; all of Ningxia keep to it)."""


def check_layers(layers: Sequence[Layer], county_code: str) -> list[Finding]:
    """All findings about the layers; ``county_code`` is the area of the workspace (2 to 9 digits)."""
    return [finding for layer in layers for check in _CHECKS for finding in check(layer, county_code)]


def find_made(layer: Layer, _code: str) -> Iterator[Finding]:
    """An info for a layer that says of itself that it is made up."""
    if layer.source.synthetic:
        count = int(layer.frame["synthetic"].sum()) if layer.frame is not None else 0
        yield Finding.of(Severity.INFO, "layer-synthetic", Where(layer.path, layer.sheet), count=count)


def find_wrong_codes(layer: Layer, county_code: str) -> Iterator[Finding]:
    """Codes of villages or towns that are missing, shortened by Excel, of another level or length, or of another county."""
    frame = _take_coded(layer)
    if frame is None:
        return
    digits = CODED[layer.kind]
    codes = frame["code"].astype(str)
    shaped = codes.str.fullmatch(rf"[0-9]{{{digits}}}").to_numpy(dtype=bool)
    odd = codes[~shaped]
    blank, damaged = odd == "", odd.map(is_damaged).astype(bool)
    other = odd.str.fullmatch(r"[0-9]{6}|[0-9]{9}|[0-9]{12}").astype(bool)
    yield from report(layer, "code-missing", frame["row"][odd.index[blank]], Severity.WARNING)
    for code, chosen in (
        ("code-damaged", damaged),
        ("code-of-other-level", other),
        ("code-malformed", ~blank & ~damaged & ~other),
    ):
        facts = {"digits": digits, "codes": quote(odd[chosen])}
        yield from report(layer, code, frame["row"][odd.index[chosen]], Severity.WARNING, **facts)
    foreign = shaped & ~codes.str.startswith(county_code).to_numpy(dtype=bool)
    facts = {"county": county_code, "codes": quote(codes[foreign])}
    yield from report(layer, "code-of-other-county", frame["row"][foreign], Severity.WARNING, **facts)
    yield from _find_other_systems(layer, frame[shaped & ~foreign])


def _find_other_systems(layer: Layer, frame: Any) -> Iterator[Finding]:
    """Codes whose town or village part is of no kind that the statistical codes have: of another system, or mistyped."""
    codes = frame["code"].astype(str)
    strange = ~codes.str[6:9].astype(int).isin(TOWN_PARTS)
    if layer.kind == "villages":
        strange |= ~codes.str[9:12].astype(int).isin(VILLAGE_PARTS)
    yield from report(
        layer, "code-of-other-system", frame["row"][strange], Severity.WARNING, codes=quote(codes[strange])
    )


def find_double_codes(layer: Layer, _code: str) -> Iterator[Finding]:
    """Codes that several villages or towns bear."""
    frame = _take_coded(layer)
    if frame is None:
        return
    held = frame[(frame["code"] != "") & frame["code"].duplicated(keep=False)]
    groups = [(str(code), group) for code, group in held.groupby("code", sort=True)]
    for code, group in groups[:MAX_TOLD]:
        facts = {"value": code, "names": quote(group["name"])}
        yield from report(layer, "code-twice", group["row"], Severity.WARNING, **facts)
    rest = held[held["code"].isin([code for code, _ in groups[MAX_TOLD:]])]
    facts = {"codes": quote(rest["code"]), "values": str(len(groups) - MAX_TOLD)}
    yield from report(layer, "codes-twice", rest["row"], Severity.WARNING, **facts)


def find_double_names(layer: Layer, _code: str) -> Iterator[Finding]:
    """Names that several villages of one town bear (villages of different towns may share one)."""
    frame = _take_coded(layer)
    if frame is None:
        return
    held = frame[frame["name"] != ""].assign(own=lambda rows: rows["code"].str[:9])
    held = held[~held.duplicated(["own", "name", "code"])]
    twice = held[held.duplicated(["own", "name"], keep=False)]
    groups = list(twice.groupby(["own", "name"], sort=True))
    for (_, name), group in groups[:MAX_TOLD]:
        facts = {"value": str(name), "codes": quote(group["code"])}
        yield from report(layer, "village-name-twice", group["row"], Severity.WARNING, **facts)
    rows = [int(row) for _, group in groups[MAX_TOLD:] for row in group["row"]]
    facts = {"names": quote(name for (_, name), _ in groups[MAX_TOLD:]), "values": str(len(groups) - MAX_TOLD)}
    yield from report(layer, "village-names-twice", rows, Severity.WARNING, **facts)


def find_nameless(layer: Layer, _code: str) -> Iterator[Finding]:
    """Villages and towns without a name."""
    frame = _take_coded(layer)
    if frame is not None:
        yield from report(layer, "area-name-missing", frame["row"][frame["name"] == ""], Severity.WARNING)


def _take_coded(layer: Layer) -> Any:
    return layer.frame if layer.kind in CODED and layer.frame is not None and len(layer.frame) else None


_CHECKS: tuple[Callable[[Layer, str], Iterator[Finding]], ...] = (
    find_made,
    find_wrong_codes,
    find_double_codes,
    find_double_names,
    find_nameless,
)
