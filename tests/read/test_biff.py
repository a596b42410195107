from __future__ import annotations

import struct
from pathlib import Path

import pytest
from corpus.ledgers import FILES

from geoplan.read.sheets.biff import check_biff
from geoplan.read.sheets.grid import GridError
from geoplan.read.sheets.workbooks import MAX_CELLS, read_grids

SOUND = (FILES / "ledger.xls").read_bytes()
DIMENSIONS = SOUND.index(struct.pack("<HHII", 0x200, 14, 0, 7))
"""Where the sheet says that it has seven rows."""


def write(folder: Path, data: bytes, name: str = "项目.xls") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def patch(place: int, data: bytes) -> bytes:
    return SOUND[:place] + data + SOUND[place + len(data) :]


def refuse(path: Path) -> str:
    with pytest.raises(GridError) as caught:
        read_grids(path)
    return caught.value.code


def test_a_sound_workbook_passes_whatever_its_ending(tmp_path: Path) -> None:
    for name in ("a.xls", "a.et", "a.xlsx"):
        check_biff(write(tmp_path, SOUND, name), MAX_CELLS)
        assert [len(grid.rows) for grid in read_grids(tmp_path / name)] == [7]


@pytest.mark.parametrize("claim", [struct.pack("<IHH", 0xFFFF, 0, 0xFFFF), struct.pack("<IHH", 0x7FFFFFFF, 0, 10)])
def test_a_sheet_that_claims_more_cells_than_memory_holds_is_refused(tmp_path: Path, claim: bytes) -> None:
    assert refuse(write(tmp_path, patch(DIMENSIONS + 8, claim))) == "file-too-big"


def test_a_cell_far_outside_is_refused(tmp_path: Path) -> None:
    number = SOUND.index(struct.pack("<HHHH", 0x27E, 10, 1, 6))
    assert refuse(write(tmp_path, patch(number + 4, struct.pack("<HH", 65535, 65535)))) == "file-too-big"


@pytest.mark.parametrize("size", [9, 511, 600, len(SOUND) // 2, len(SOUND) - 1100])
def test_a_workbook_that_breaks_off_is_unreadable(tmp_path: Path, size: int) -> None:
    assert refuse(write(tmp_path, SOUND[:size])) == "file-unreadable"


@pytest.mark.parametrize("place", [30, 48, 60, 76])
def test_sectors_that_lead_nowhere_are_unreadable(
    tmp_path: Path, place: int, capfd: pytest.CaptureFixture[str]
) -> None:
    assert refuse(write(tmp_path, patch(place, b"\x77\x66\x00\x00"))) == "file-unreadable"
    assert capfd.readouterr().err == ""


def test_sectors_in_a_circle_are_unreadable(tmp_path: Path) -> None:
    table = (struct.unpack_from("<I", SOUND, 76)[0] + 1) << 9
    directory = struct.unpack_from("<I", SOUND, 48)[0]
    assert refuse(write(tmp_path, patch(table + 4 * directory, struct.pack("<I", directory)))) == "file-unreadable"


def test_what_is_no_workbook_is_left_to_the_reader(tmp_path: Path) -> None:
    """A locked xlsx is an OLE file without a sheet."""
    hidden = SOUND.replace("Workbook".encode("utf-16-le"), "Encrypt!".encode("utf-16-le"))
    check_biff(write(tmp_path, hidden), MAX_CELLS)


def test_hidden_rows_and_columns_are_told_for_each_sheet() -> None:
    first, second = read_grids(FILES / "hidden.xls")
    assert (first.sheet, first.facts.hidden_rows, first.facts.hidden_columns) == ("项目表", (4,), (4,))
    assert (second.sheet, second.facts.hidden_rows, second.facts.hidden_columns) == ("English", (2,), ())
