"""KML whose data names are not plain ASCII: GDAL turns each such sign into ``_`` and so loses the names, and values that fall together."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from pathlib import Path

_DATA = re.compile(r"""(<(?:\w+:)?Data\b[^>]*?\bname\s*=\s*)(?:"([^"]*)"|'([^']*)')""")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def spell_names(path: Path, folder: Path) -> tuple[Path, Mapping[str, str]]:
    """A KML in UTF-8 whose data names GDAL keeps, and the names that stand for the true ones.

    Returns the file itself where there is nothing to do, else a copy in ``folder``.
    """
    text = path.read_text(encoding="utf-8", errors="replace")
    names = dict.fromkeys(html.unescape(double or single) for _, double, single in _DATA.findall(text))
    spelt = {name: f"geoplan_{number}" for number, name in enumerate(names) if not _PLAIN.fullmatch(name)}
    if not spelt:
        return path, {}
    copy = folder / "spelt.kml"
    copy.write_text(_DATA.sub(lambda found: _replace(found, spelt), text), encoding="utf-8", newline="")
    return copy, {code: name for name, code in spelt.items()}


def _replace(found: re.Match[str], spelt: Mapping[str, str]) -> str:
    name = html.unescape(found[2] if found[2] is not None else found[3])
    return f'{found[1]}"{html.escape(spelt.get(name, name))}"'
