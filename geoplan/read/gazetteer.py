"""The optional list of places: codes and names of areas that no layer shows.

The list that geoplan brings is 国家统计局 统计用区划代码 2023 (cut-off 2023-06-30) of 宁夏回族自治区, as packed by
china-division 2.7.0 (WTFPL): 22 counties, 259 towns, 2,912 villages and communities.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import resources

from geoplan.codes import parse_code
from geoplan.frames import Source
from geoplan.names import normalise
from geoplan.read.sheets.grid import Grid, GridError
from geoplan.read.sheets.workbooks import read_grids
from geoplan.read.trouble import digest_file, explain
from geoplan.settings import SHIPPED_LISTS
from geoplan.values import Finding, Severity, Where
from geoplan.workspace import InputFile

_CODES = ("代码", "行政区划代码", "统计用区划代码", "区划代码", "编码", "村代码", "code")
_NAMES = ("名称", "行政区划名称", "村名", "单位名称", "地名", "name")
_HEADING_ROWS = 10
Listed = dict[str, str]
"""Names by code, of 6, 9 or 12 digits."""


def read_gazetteer(choice: InputFile | str | None, area: str) -> tuple[Listed, list[Source], list[Finding]]:
    """The list of places that the workspace chose, its source, and what was wrong with it.

    ``choice`` is ``"nbs2023"``, a CSV or workbook with a column of codes and one of names, or None for no list.
    A list without any place of the area (digits of a code) is a warning.
    """
    if not isinstance(choice, InputFile):
        return (read_shipped(choice, area) if choice else {}), [], []
    try:
        grids = read_grids(choice.path)
    except (GridError, OSError) as error:
        return {}, [], [explain(error, choice)]
    for grid in grids:
        for at, row in enumerate(grid.rows[:_HEADING_ROWS]):
            if columns := _find_columns(row):
                listed = dict(_list_places(grid, at + 1, columns))
                source = Source(choice.shown, "gazetteer", digest_file(choice.path), len(listed), grid.encoding)
                return listed, [source], _judge(listed, choice, area)
    return {}, [], [Finding.of(Severity.ERROR, "gazetteer-without-heading", Where(choice.shown))]


def read_national(area: str) -> Listed:
    """What the newest list that geoplan brings calls the places of an area; nothing where it does not reach."""
    return next((read_shipped(name, area) for name, told in SHIPPED_LISTS.items() if area.startswith(told)), {})


def read_shipped(name: str, area: str = "") -> Listed:
    """The places of an area, and the areas that it lies in, of a list that geoplan brings."""
    folder = resources.files("geoplan").joinpath("read")
    files = [folder.joinpath(f"{name}_{province}.csv") for province in SHIPPED_LISTS[name]]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()[1:]]
    listed = dict(line.split(",", 1) for line in lines)
    return {code: name for code, name in listed.items() if code.startswith(area) or area.startswith(code)}


def _judge(listed: Listed, file: InputFile, area: str) -> list[Finding]:
    if any(code.startswith(area) for code in listed):
        return []
    return [Finding.of(Severity.WARNING, "gazetteer-outside", Where(file.shown), area=area, count=len(listed))]


def _find_columns(row: Sequence[object]) -> tuple[int, int] | None:
    headings = [normalise(str(cell or "")).lower() for cell in row]
    found = [next((headings.index(name) for name in names if name in headings), -1) for names in (_CODES, _NAMES)]
    return None if -1 in found else (found[0], found[1])


def _list_places(grid: Grid, start: int, columns: tuple[int, int]) -> Iterator[tuple[str, str]]:
    for row in grid.rows[start:]:
        code, name = (row[column] if column < len(row) else None for column in columns)
        if (told := parse_code(code)) and (said := normalise(str(name or ""))):
            yield told, said
