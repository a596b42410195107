"""What both kinds of files of tiles have in common: what their tiles are, how big, and their bytes."""

from __future__ import annotations

from typing import Protocol

from geoplan.frames.ground import Bounds

_SIGNS = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"))


class TileFault(Exception):  # noqa: N818 - a fault of a file, told as a finding
    """A file of tiles that cannot be used; ``code`` is the finding to make of it."""

    def __init__(self, code: str, why: str = "") -> None:
        super().__init__(why or code)
        self.code = code


class Archive(Protocol):
    """An open file of tiles, columns and rows counted from the north-west."""

    zooms: tuple[int, ...]

    def measure(self, bounds: Bounds, zoom: int, most: int) -> dict[tuple[int, int], int]:
        """The bytes of each tile of a zoom that bounds touch, by column and row; of more than ``most`` only one more."""

    def read(self, zoom: int, column: int, row: int) -> bytes:
        """The bytes of a tile; none for one that is not there."""

    def close(self) -> None:
        """Let the file go."""


def name_ending(tile: bytes) -> str:
    """What a tile is by its first bytes: ``png``, ``jpg`` or ``webp``; ``""`` for what no browser shows as a picture."""
    if tile[:4] == b"RIFF" and tile[8:12] == b"WEBP":
        return "webp"
    return next((ending for sign, ending in _SIGNS if tile.startswith(sign)), "")
