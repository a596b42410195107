"""What is wrong among the records of the layers: codes and names that stand twice, belong elsewhere or are missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from geoplan.frames import Layer
from geoplan.values import Finding, Severity, Where

CODED = {"villages": 12, "towns": 9}
"""Kinds of layer whose records are areas with a code, and its digits."""
MAX_NAMED = 8
"""At most so many names or codes are quoted in one finding."""


def check_layers(layers: Sequence[Layer], county_code: str) -> list[Finding]:
    """All findings about the layers; ``county_code`` is the area of the workspace (2 to 9 digits)."""
    return [finding for layer in layers for check in _CHECKS for finding in check(layer, county_code)]


def find_made(layer: Layer, _code: str) -> Iterator[Finding]:
    """An info for a layer that says of itself that it is made up."""
    if layer.source.synthetic:
        count = int(layer.frame["synthetic"].sum()) if layer.frame is not None else 0
        yield Finding.of(Severity.INFO, "layer-synthetic", Where(layer.path), count=count)


def find_wrong_codes(layer: Layer, county_code: str) -> Iterator[Finding]:
    """Codes of villages or towns that are missing, no digits, of a wrong length, or of another county."""
    frame = _take_coded(layer)
    if frame is None:
        return
    digits = CODED[layer.kind]
    codes = frame["code"].astype(str)
    blank = codes == ""
    shaped = codes.map(lambda code: code.isascii() and code.isdigit() and len(code) == digits)
    foreign = shaped & ~codes.str.startswith(county_code)
    yield from _report(layer, "code-missing", frame[blank], Severity.WARNING)
    yield from _report(
        layer,
        "code-malformed",
        frame[~blank & ~shaped],
        Severity.WARNING,
        digits=digits,
        codes=_quote(codes[~blank & ~shaped]),
    )
    yield from _report(
        layer,
        "code-of-other-county",
        frame[foreign],
        Severity.WARNING,
        county=county_code,
        codes=_quote(codes[foreign]),
    )


def find_double_codes(layer: Layer, _code: str) -> Iterator[Finding]:
    """Codes that several villages or towns bear."""
    frame = _take_coded(layer)
    if frame is None:
        return
    held = frame[frame["code"] != ""]
    for code, group in held.groupby("code", sort=True):
        if len(group) > 1:
            yield from _report(layer, "code-twice", group, Severity.WARNING, value=code, names=_quote(group["name"]))


def find_double_names(layer: Layer, _code: str) -> Iterator[Finding]:
    """Names that several villages of one town bear (villages of different towns may share one)."""
    frame = _take_coded(layer)
    if frame is None:
        return
    held = frame[frame["name"] != ""]
    for (_, name), group in held.groupby([held["code"].str[:9], "name"], sort=True):
        if len(group) > 1 and group["code"].nunique() > 1:
            yield from _report(
                layer, "village-name-twice", group, Severity.WARNING, value=name, codes=_quote(group["code"])
            )


def find_nameless(layer: Layer, _code: str) -> Iterator[Finding]:
    """Villages and towns without a name."""
    frame = _take_coded(layer)
    if frame is not None:
        yield from _report(layer, "area-name-missing", frame[frame["name"] == ""], Severity.WARNING)


def _take_coded(layer: Layer) -> Any:
    return layer.frame if layer.kind in CODED and layer.frame is not None and len(layer.frame) else None


def _report(layer: Layer, code: str, rows: Any, severity: Severity, **facts: object) -> Iterator[Finding]:
    if len(rows):
        where = Where(layer.path, "", tuple(int(row) for row in rows["row"]))
        yield Finding.of(severity, code, where, count=len(rows), **facts)


def _quote(texts: Any) -> str:
    listed = list(dict.fromkeys(map(str, texts)))
    return "、".join(listed[:MAX_NAMED]) + ("…" if len(listed) > MAX_NAMED else "")


_CHECKS: tuple[Callable[[Layer, str], Iterator[Finding]], ...] = (
    find_made,
    find_wrong_codes,
    find_double_codes,
    find_double_names,
    find_nameless,
)
