from __future__ import annotations

import random
from pathlib import Path

import fiona
import pyogrio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from layer_files import NAMES, make_squares, patch, read_file, write_shapefile

from geoplan.read.cells.cell import clean_text
from geoplan.read.cells.texts import clean_texts
from geoplan.read.formats.dbf import open_table
from geoplan.read.formats.encodings import decide_encoding, decode_bytes, list_misfits, name_encoding, trim_text
from geoplan.read.formats.hanzi import _COMMON, score_text
from geoplan.values import Severity
from geoplan.wording import describe

SHORT = ("绿塬", "泾源", "兴盛", "六盘", "惠泽", "惠威", "崾岘", "大庄", "杨岭", "卡子", "先进", "羊槽", "什字", "马河")
LIES = ("UTF-8", "GBK", "ISO-8859-1", "936", "Big5", "rubbish")


# --- one text ---


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("name", SHORT)
def test_one_short_name_is_enough(name: str, encoding: str) -> None:
    assert decide_encoding([name.encode(encoding)]).encoding == encoding


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("lie", LIES)
def test_no_claim_overrules_what_the_text_shows(lie: str, encoding: str) -> None:
    decision = decide_encoding([name.encode(encoding) for name in NAMES], claims=[("cpg", lie)])
    assert decision.encoding == encoding
    right = {"UTF-8": "utf-8", "GBK": "gb18030", "936": "gb18030"}.get(lie)
    assert (decision.by == "cpg") == (right == encoding)
    assert decision.claimed == ("" if right == encoding else lie)


@given(
    st.lists(st.text(sorted(_COMMON), min_size=2, max_size=6), min_size=2, max_size=30),
    st.sampled_from(["utf-8", "gbk"]),
)
def test_common_chinese_is_never_taken_for_another_encoding(texts: list[str], encoding: str) -> None:
    assert decide_encoding([text.encode(encoding) for text in texts]).encoding == (name_encoding(encoding))


def test_big5_is_known_by_its_own_common_characters() -> None:
    texts = [name.encode("big5") for name in ("鄉鎮名稱", "大園區", "龍東村", "興國里")]
    assert decide_encoding(texts).encoding == "big5"
    assert decide_encoding(["臺灣".encode("big5")], claims=[("ldid", "big5")]).by == "ldid"


def test_a_text_that_reads_both_ways_is_a_guess_and_names_the_other() -> None:
    decision = decide_encoding(["蓝滘".encode("gbk")])
    assert decision.sure == "guess" and decision.other in ("gb18030", "big5")


def test_one_damaged_text_does_not_decide() -> None:
    texts = [name.encode("gbk") for name in NAMES] + [b"\xff\xff\xb4\xe5"]
    assert decide_encoding(texts).encoding == "gb18030"
    assert list_misfits(texts, "gb18030") == (set(), {b"\xff\xff\xb4\xe5"})


def test_what_is_told_is_used_and_plain_ascii_is_utf8() -> None:
    assert decide_encoding(["村".encode()], "GBK").encoding == "gb18030"
    assert (decide_encoding([b"abc"], claims=[("cpg", "GBK")]).encoding, decide_encoding([]).encoding) == (
        "utf-8",
        "utf-8",
    )


@pytest.mark.parametrize(
    ("claim", "name"),
    [
        ("936", "gb18030"), ("GBK", "gb18030"), ("ANSI_936", "gb18030"), ("ansi 936", "gb18030"), ("CP936", "gb18030"),
        ("UTF-8", "utf-8"), ("65001", "utf-8"), ("950", "big5"), ("88591", "iso8859-1"), ("nonsense", None), ("", None), ("hex", None), ("\x00", None),
    ],
)  # fmt: skip
def test_claims_are_understood_in_every_spelling(claim: str, name: str | None) -> None:
    known = name_encoding(claim)
    assert (known or "").replace("iso-8859", "iso8859") == (name or "")


@given(st.text(sorted(_COMMON), min_size=1, max_size=5), st.sampled_from(["utf-8", "gb18030"]), st.integers(1, 2))
def test_a_text_cut_within_a_character_is_trimmed_to_whole_ones(text: str, encoding: str, gone: int) -> None:
    data = text.encode(encoding)[:-gone]
    assert text.startswith(trim_text(data, encoding).decode(encoding))


def test_rare_signs_score_below_common_ones_and_foreign_ones_below_nothing() -> None:
    assert score_text("绿塬村") > 0.5 > score_text("缁垮") > score_text("ÂÌÜ«´å")
    assert score_text("abc") == 0.0


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_whole_file_is_decoded_by_its_lines(encoding: str) -> None:
    text = "".join(f"{name},{number}\n" for number, name in enumerate(NAMES))
    assert decode_bytes(text.encode(encoding))[0].lstrip("\ufeff") == text
    late = "a" * 10_000_000 + "\n" + text
    assert decode_bytes(late.encode("gbk"))[0] == late


@given(st.binary(max_size=200))
def test_any_bytes_are_decoded_without_an_exception(data: bytes) -> None:
    text, decision = decode_bytes(data)
    assert len(text) <= len(data) + 1 and decision.encoding in ("utf-8", "gb18030", "big5", "utf-16")


# --- shapefiles ---


@pytest.mark.parametrize("cpg", [None, "UTF-8", "GBK", "ISO-8859-1", "936", "", "\x00"])
@pytest.mark.parametrize("ldid", [0, 0x57, 0x4D, 0x4F, 0x03])
@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_names_and_field_names_are_right_whatever_the_file_says(
    tmp_path: Path, encoding: str, ldid: int, cpg: str | None
) -> None:
    path = write_shapefile(tmp_path / "村.shp", make_squares(NAMES[:2], 面积=[1.5, 2.5]), encoding, cpg, ldid)
    read = read_file(path)
    assert read.list("name") == list(NAMES[:2]) and read.list("面积") == [1.5, 2.5]
    assert read.layer is not None and read.layer.source.encoding == name_encoding(encoding)


@pytest.mark.parametrize("name", SHORT)
def test_a_shapefile_of_one_short_name_is_read_right(tmp_path: Path, name: str) -> None:
    for encoding in ("gbk", "utf-8"):
        assert read_file(write_shapefile(tmp_path / "a.shp", make_squares([name]), encoding)).list("name") == [name]


def test_the_manifest_is_told_what_settled_the_encoding(tmp_path: Path) -> None:
    found = [
        read_file(write_shapefile(tmp_path / "a.shp", cpg=cpg, ldid=ldid)).layer
        for cpg, ldid in ((None, 0), ("GBK", 0), (None, 0x4D))
    ]
    assert [layer.source.encoding_from for layer in found if layer] == ["scored", "cpg", "ldid"]
    assert {layer.source.encoding_sure for layer in found if layer} == {"certain"}
    told = read_file(tmp_path / "a.shp", encoding="gbk").layer
    assert told is not None and told.source.encoding_from == "told"


def test_an_encoding_found_is_said_and_a_doubtful_one_with_the_line_to_write(tmp_path: Path) -> None:
    assert read_file(write_shapefile(tmp_path / "a.shp")).codes == ["encoding-found"]
    assert read_file(write_shapefile(tmp_path / "a.shp", cpg="UTF-8")).codes == ["encoding-claim-wrong"]
    doubt = read_file(write_shapefile(tmp_path / "a.shp", make_squares(["蓝滘"]).rename(columns={"名称": "name"})))
    finding = doubt.find("encoding-doubtful")
    assert finding.severity is Severity.WARNING and 'encoding = "' in describe(finding)[1]


def test_a_text_cut_within_a_character_is_said_with_its_row(tmp_path: Path) -> None:
    path = write_shapefile(tmp_path / "a.shp", make_squares(["短", "长" * 40, "中"]))
    table = open_table(path.with_suffix(".dbf"))
    assert table is not None
    offset, width = table.texts[0]
    start = int.from_bytes(path.with_suffix(".dbf").read_bytes()[8:10], "little") + len(table.records[0]) + offset
    patch(path.with_suffix(".dbf"), start, b"x" + ("长" * 40).encode("gbk")[: width - 1])
    read = read_file(path)
    assert read.find("text-cut").where.rows == (2,)
    assert read.list("name")[1] == "x" + "长" * 39


def test_damaged_bytes_are_left_out_and_said_with_their_row(tmp_path: Path) -> None:
    path = write_shapefile(tmp_path / "a.shp")
    patch(path.with_suffix(".dbf"), path.with_suffix(".dbf").read_bytes().index("园子村".encode("gbk")), b"\xff\xff")
    read = read_file(path)
    assert read.find("text-spoilt").where.rows == (3,)
    assert [name for name in read.list("name") if name in NAMES] == [name for name in NAMES if name != "园子村"]


def test_field_names_cut_within_a_character_do_not_lose_the_file(tmp_path: Path) -> None:
    """pyogrio writes such a shapefile in UTF-8, and neither it nor fiona can read it back."""
    frame = make_squares(["甲", "乙"]).rename(columns={"名称": "行政村名称"})
    frame["行政村代码"] = ["640424100001", "640424100002"]
    with pytest.warns(RuntimeWarning):
        pyogrio.write_dataframe(frame, tmp_path / "a.shp")
    with pytest.raises(UnicodeDecodeError):
        pyogrio.read_dataframe(tmp_path / "a.shp")
    with pytest.raises(UnicodeDecodeError):
        _ = fiona.open(tmp_path / "a.shp").schema
    read = read_file(tmp_path / "a.shp", fields={"name": "行政村", "code": "行政村_2"})
    assert (read.list("name"), read.list("code")) == (["甲", "乙"], ["640424100001", "640424100002"])
    assert "行政村" in read.find("field-names-cut").as_dict()["names"]


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_both_engines_read_the_same_texts_once_the_encoding_is_known(tmp_path: Path, encoding: str) -> None:
    path = write_shapefile(tmp_path / "a.shp", encoding=encoding)
    ours = read_file(path)
    assert ours.layer is not None
    known = ours.layer.source.encoding
    theirs = pyogrio.read_dataframe(path, encoding=known)
    with fiona.open(path, encoding=known) as source:
        assert list(theirs["名称"]) == [feature.properties["名称"] for feature in source] == ours.list("name")


@pytest.mark.parametrize("told", ["nonsense", "hex", "idna", "utf-7"])
def test_an_encoding_told_that_is_none_is_said_and_found_out(tmp_path: Path, told: str) -> None:
    read = read_file(write_shapefile(tmp_path / "a.shp"), encoding=told)
    assert read.find("encoding-told-unknown").as_dict() == {"told": told}
    assert read.list("name") == list(NAMES)


# --- texts of a column ---


@given(st.lists(st.one_of(st.none(), st.text(max_size=8), st.integers(), st.floats(), st.booleans()), max_size=20))
def test_a_column_is_cleaned_as_its_cells_are(values: list[object]) -> None:
    import numpy as np

    column = np.array([*values, None], dtype=object)[:-1]
    assert clean_texts(column) == [clean_text(value) for value in values]


def test_a_long_column_is_cleaned_quickly() -> None:
    import time

    import numpy as np

    chance = random.Random(1)
    column = np.array([f" 绿塬村{chance.randrange(900)}组 " for _ in range(200_000)], dtype=object)
    began = time.process_time()
    assert clean_texts(column)[0] == column[0].strip()
    assert time.process_time() - began < 0.5
