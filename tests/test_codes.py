"""Codes as they stand in cells, whole and damaged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoplan.codes import is_damaged, is_within, list_parents, name_level, parse_code, split_codes


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("640424100209", "640424100209"),
        (" ６４０４２４１００２０９ ", "640424100209"),
        ("'640424100209", "640424100209"),
        (640424100209, "640424100209"),
        (640424100209.0, "640424100209"),
        ("640424100209.0", "640424100209"),
        ("6.40424100209E+11", "640424100209"),
        ("640424100000", "640424100"),
        ("640424000000", "640424"),
        ("64042410020901", "640424100209"),
        ("6404241002090000000", "640424100209"),
        ("64", "64"),
    ],
)
def test_a_code_is_read_in_each_form_that_cells_hold(cell: object, code: str) -> None:
    assert parse_code(cell) == code


@pytest.mark.parametrize("cell", ["", None, "6.40381E+11", "12345", "abc", "000000", float("nan"), float("inf"), True])
def test_what_is_no_code_is_none(cell: object) -> None:
    assert parse_code(cell) == ""


def test_a_code_that_excel_shortened_is_known_as_damaged() -> None:
    assert is_damaged("6.40381E+11")
    assert not is_damaged("6.40424100209E+11")
    assert not is_damaged("640424100209")


def test_a_cell_may_hold_several_codes() -> None:
    assert split_codes("640424100209；640424101204、640424100209") == ("640424100209", "640424101204")


def test_a_code_tells_its_level_and_the_areas_that_it_lies_in() -> None:
    assert name_level("640424100") == "town"
    assert name_level("6404241") == ""
    assert list_parents("640424100209") == ("64", "6404", "640424", "640424100")
    assert is_within("640424100209", "640424")
    assert not is_within("640423100209", "640424")


@given(st.one_of(st.text(), st.integers(), st.floats(), st.none()))
def test_no_cell_makes_a_code_of_another_length(cell: object) -> None:
    assert len(parse_code(cell)) in {0, 2, 4, 6, 9, 12}
