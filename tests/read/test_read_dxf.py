from __future__ import annotations

from pathlib import Path

import pytest
from layer_files import patch, read_file, write_drawing

from geoplan.values import Severity
from geoplan.wording import describe

CRS = "EPSG:4544"


@pytest.mark.parametrize(
    ("version", "page", "encoding", "by", "lie"),
    [
        ("AC1015", "ANSI_936", "gbk", "codepage", ""), ("AC1015", None, "gbk", "scored", ""), ("AC1015", "ANSI_1252", "gbk", "scored", "ANSI_1252"),
        ("AC1015", "ANSI_936", "utf-8", "utf-8", "ANSI_936"), ("AC1015", "rubbish", "gbk", "scored", ""), ("AC1032", "ANSI_936", "utf-8", "version", ""),
        ("AC1032", None, "utf-8", "version", ""), ("AC1032", "ANSI_936", "gbk", "scored", "utf-8"), (None, None, "utf-8", "utf-8", ""), (None, None, "gbk", "scored", ""),
    ],
)  # fmt: skip
def test_layers_and_texts_are_right_whatever_the_drawing_says(
    tmp_path: Path, version: str | None, page: str | None, encoding: str, by: str, lie: str
) -> None:
    read = read_file(write_drawing(tmp_path / "a.dxf", version=version, page=page, encoding=encoding), crs=CRS)
    assert set(read.list("Layer")) == {"污水管", "房屋"}
    assert [text for text in read.list("Text") if text] == ["检查井W12", "检查井W12\nDN300", "W13"]
    assert read.layer is not None and read.layer.source.encoding_from == by
    assert [finding.as_dict()["claimed"] for finding in read.findings if finding.code == "encoding-claim-wrong"] == (
        [lie] if lie else []
    )


def test_escaped_signs_are_read_in_names_and_texts(tmp_path: Path) -> None:
    path = write_drawing(tmp_path / "a.dxf", layer=r"\U+6C61\U+6C34", text=r"\U+4E95W1")
    read = read_file(path, crs=CRS)
    assert "污水" in read.list("Layer") and "井W1" in read.list("Text")


def test_inserts_are_drawn_arcs_become_lines_and_texts_stay_points(tmp_path: Path) -> None:
    frame = read_file(write_drawing(tmp_path / "a.dxf"), crs=CRS).frame
    kinds = [shape.geom_type for shape in frame.geometry]
    assert kinds == ["LineString", "LineString", "LineString", "Point", "Point", "LineString", "Point", "Point"]
    assert len(frame.geometry[2].coords) > 10
    assert frame.geometry[5].distance(frame.geometry[6]) < 0.0001, "the block is where it was inserted"


def test_the_layers_are_listed_with_the_line_to_write_and_can_be_chosen(tmp_path: Path) -> None:
    path = write_drawing(tmp_path / "a.dxf")
    note = read_file(path, crs=CRS).find("drawing-layers")
    assert note.severity is Severity.INFO and 'layer = "污水管"' in describe(note)[1]
    assert set(read_file(path, crs=CRS, layer="房屋").list("Layer")) == {"房屋"}
    assert read_file(path, crs=CRS, layer="房屋").list("row") == [2]
    assert len(read_file(path, crs=CRS, layer="房屋, 污水管").frame) == 8
    assert read_file(path, crs=CRS, layer="没有").find("layer-unknown").as_dict()["why"] == "污水管、房屋"


def test_entities_that_cannot_be_drawn_are_counted(tmp_path: Path) -> None:
    line = [(8, "0"), (10, 620000), (20, 3929000), (30, 0), (11, 1), (21, 0), (31, 0)]
    more = [(0, "XLINE"), *line, (0, "RAY"), *line, (0, "XLINE"), *line]
    told = read_file(write_drawing(tmp_path / "a.dxf", more=more), crs=CRS).find("drawing-parts-unread")
    assert told.as_dict() == {"count": "3", "kinds": "RAY ×1、XLINE ×2"}
    assert "drawing-parts-unread" not in read_file(write_drawing(tmp_path / "b.dxf"), crs=CRS).codes


def test_a_binary_drawing_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = write_drawing(tmp_path / "a.dxf")
    patch(path, 0, b"AutoCAD Binary DXF\r\n\x1a\x00")
    read = read_file(path)
    assert read.codes == ["drawing-binary"] and "ASCII" in describe(read.findings[0])[1]


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
def test_half_a_drawing_gives_what_is_whole_or_an_error(tmp_path: Path, share: float) -> None:
    path = write_drawing(tmp_path / "a.dxf")
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    read = read_file(path, crs=CRS)
    assert read.findings or len(read.frame)


def test_a_drawing_without_a_crs_asks_for_it_or_guesses_with_a_warning(tmp_path: Path) -> None:
    findings = read_file(write_drawing(tmp_path / "a.dxf")).findings
    assert any(
        finding.severity in (Severity.ERROR, Severity.WARNING) and finding.code.startswith("crs")
        for finding in findings
    )
