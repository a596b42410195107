"""What a heading means."""

from __future__ import annotations

from geoplan.read.sheets.columns import name_columns


def test_levels_of_government_side_by_side_are_sources_of_money_and_the_place_before_them_is_not() -> None:
    headings = ["项目名称", "县", "乡镇", "中央", "自治区", "市", "县", "其他", "备注"]
    columns = name_columns([(heading,) for heading in headings], "projects", {})
    named = {column.index: column.name for column in columns}
    assert [named[index] for index in range(1, 8)] == [
        "county",
        "town",
        "amount_central",
        "amount_region",
        "amount_city",
        "amount_county",
        "amount_other",
    ]
