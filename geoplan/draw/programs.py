"""The pages' own programs and styles, bundled when the package was built."""

from __future__ import annotations

from functools import cache
from importlib import resources

from geoplan.errors import GeoplanError


@cache
def read_program(name: str) -> str:
    """A program or style by its file name. Raises GeoplanError if the package was not built."""
    file = resources.files("geoplan.draw").joinpath("web", "dist", name)
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise GeoplanError("assets-missing", name=name) from None
