"""The main job, from a folder of files to a site: whole or not at all, the same each time, and nothing lost."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from squares import HEAD, make_project, write_county

import geoplan
from geoplan.errors import FindingsError, GeoplanError, OutputError, ReadError

PAGES = ["distribution.html", "gaps.html", "index.html", "progress.html", "quality.html", "tasks.html"]


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def read_tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_build_leaves_what_the_contract_names(tmp_path: Path) -> None:
    site = geoplan.build(write_county(tmp_path, [make_project(1)], returns={"2023-06": []}))
    names = read_tree(site.folder)
    assert [name for name in sorted(names) if "/" not in name] == sorted([*PAGES, "manifest.json"])
    for name in ("placements.csv", "progress.csv", "findings.csv", "ledger.xlsx", "layers.gpkg"):
        assert f"downloads/{name}" in names


def test_the_manifest_counts_what_is_there(tmp_path: Path) -> None:
    projects = [
        make_project(1),
        make_project(2, 村="没有的村", **{"总投资（万元）": ""}),
        make_project(3, 乡镇="", 村="大庄村"),
    ]
    site = geoplan.build(
        write_county(tmp_path, projects, returns={"2023-06": [{"项目编号": "P001", "工程进度(%)": "50"}]})
    )
    manifest = json.loads((site.folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["month"] == "2023-06"
    assert manifest["projects"] == {
        "read": 3,
        "placed": 2,
        "unplaced": 1,
        "without_amount": 1,
        "amount_wan": "20.00",
        "placed_amount_wan": "10.00",
    }
    assert [page["path"] for page in manifest["pages"]] == PAGES
    assert {item["kind"]: item["rows"] for item in manifest["inputs"]} == {"villages": 6, "projects": 3, "progress": 1}


def test_two_builds_are_equal_byte_for_byte(tmp_path: Path) -> None:
    projects = [make_project(number, 村=name) for number, name in enumerate(["甲村", "乙村、丙村", "绿源村", ""], 1)]
    folder = write_county(tmp_path / "县", projects, returns={"2023-06": [{"项目编号": "P001", "工程进度(%)": "50"}]})
    first = read_tree(geoplan.build(folder, output=tmp_path / "一").folder)
    second = read_tree(geoplan.build(folder, output=tmp_path / "二").folder)
    assert {name for name in first if first[name] != second.get(name)} == set()
    assert first.keys() == second.keys()


def test_no_path_of_the_machine_is_in_any_output(tmp_path: Path) -> None:
    site = geoplan.build(write_county(tmp_path / "某人的文件夹", [make_project(1)]))
    mark = "某人的文件夹".encode()
    assert [name for name, content in read_tree(site.folder).items() if mark in content] == []


def test_an_error_finding_stops_the_build_and_leaves_the_old_site(tmp_path: Path) -> None:
    folder = write_county(tmp_path, [make_project(1)])
    site = geoplan.build(folder)
    before = read_tree(site.folder)
    (folder / "项目.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    with pytest.raises(FindingsError):
        geoplan.build(folder)
    assert read_tree(site.folder) == before
    assert sorted(path.name for path in folder.iterdir() if path.name.startswith(".")) == []


def test_a_file_that_cannot_be_read_is_an_error_of_its_own(tmp_path: Path) -> None:
    folder = write_county(tmp_path, [make_project(1)])
    (folder / "村界.geojson").write_bytes(b"\x00\x01 nothing")
    with pytest.raises(ReadError, match=r"村界\.geojson"):
        geoplan.build(folder)
    assert not (folder / "成果").exists()


def test_strict_stops_for_a_warning(tmp_path: Path) -> None:
    folder = write_county(tmp_path, [make_project(1, 村="没有的村", 乡镇="")])
    geoplan.build(folder)
    with pytest.raises(FindingsError, match="strict"):
        geoplan.build(folder, strict=True)


def test_an_output_folder_with_other_things_is_refused(tmp_path: Path) -> None:
    folder = write_county(tmp_path, [make_project(1)])
    (folder / "成果").mkdir()
    (folder / "成果/总结.docx").touch()
    with pytest.raises(OutputError, match=r"总结\.docx"):
        geoplan.build(folder)


def test_an_earlier_month_can_be_asked_for(tmp_path: Path) -> None:
    returns = {
        month: [{"项目编号": "P001", "工程进度(%)": share}] for month, share in (("2023-05", "20"), ("2023-06", "50"))
    }
    site = geoplan.build(write_county(tmp_path, [make_project(1)], returns=returns), month="2023-05")
    row = read_rows(site.folder / "downloads/progress.csv")[0]
    assert (row["month"], row["planned_pct"], row["actual_pct"]) == ("2023-05", "41.7", "20")


def test_hostile_names_stay_text_everywhere(tmp_path: Path) -> None:
    names = ['=HYPERLINK("http://x","y")', "<script>alert(1)</script>", "</script><b>", "+1", "@SUM(A1)", "{{7*7}}"]
    projects = [make_project(number, 项目名称=name) for number, name in enumerate(names, 1)]
    site = geoplan.build(write_county(tmp_path, projects))
    written = [row["project"] for row in read_rows(site.folder / "downloads/placements.csv")]
    assert written == [f"'{name}" if name[0] in "=+-@" else name for name in names]
    for page in PAGES:
        assert "<script>alert" not in (site.folder / page).read_text(encoding="utf-8")


def test_a_workspace_without_projects_still_says_so_on_every_page(tmp_path: Path) -> None:
    site = geoplan.build(write_county(tmp_path, []))
    assert site.manifest["projects"]["read"] == 0
    assert read_rows(site.folder / "downloads/placements.csv") == []


def test_in_single_files_each_page_is_whole_in_itself(tmp_path: Path) -> None:
    site = geoplan.build(write_county(tmp_path, [make_project(1)]), single_file=True)
    assert not (site.folder / "assets").exists()
    for page in PAGES:
        text = (site.folder / page).read_text(encoding="utf-8")
        assert "<script src=" not in text
        assert '<link rel="stylesheet"' not in text


def test_a_public_build_shows_no_person(tmp_path: Path) -> None:
    folder = write_county(tmp_path, [make_project(1, 责任人="副镇长甲某")], head=f'{HEAD}audience = "public"\n')
    site = geoplan.build(folder)
    shown = [name for name, content in read_tree(site.folder).items() if "副镇长甲某".encode() in content]
    assert shown == []
    assert "副镇长甲某" not in site.plan.projects.to_csv()


amounts = st.one_of(st.none(), st.decimals(0, 99999, places=6))
places = st.sampled_from(["甲村", "乙村、丙村", "绿源村", "没有的村", "大庄村", "", "全县", "甲村等", "西乡绿塬村"])


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(amounts, places, st.sampled_from(["东镇", "西乡", ""])), min_size=1, max_size=12))
def test_rows_and_money_are_conserved(tmp_path: Path, drawn: list[tuple[Decimal | None, str, str]]) -> None:
    projects = [
        make_project(number, 村=place, 乡镇=town, **{"总投资（万元）": "" if amount is None else f"{amount:f}"})
        for number, (amount, place, town) in enumerate(drawn, 1)
    ]
    plan = geoplan.check(write_county(tmp_path, projects))
    assert list(plan.placements["key"]) == [f"P{number:03d}" for number in range(1, len(drawn) + 1)]
    assert list(plan.projects["amount"]) == [amount for amount, _, _ in drawn]
    unplaced = plan.placements["method"] == "unplaced"
    assert all(plan.placements["reason"][unplaced] != "")
    assert all(len(codes) for codes in plan.placements["codes"][~unplaced])


def test_a_month_that_is_none_is_a_sentence_in_python_too(tmp_path: Path) -> None:
    with pytest.raises(GeoplanError, match="2023-99"):
        geoplan.build(write_county(tmp_path, [make_project(1)]), month="2023-99")


def test_a_return_that_only_says_work_has_begun_is_a_return(tmp_path: Path) -> None:
    folder = write_county(tmp_path, [make_project(1)])
    (folder / "进度.csv").write_text("项目编号,是否开工,存在问题\nP001,是,材料未到\n", encoding="utf-8")
    with (folder / "geoplan.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[ledgers]]\nkind = "progress"\npath = "进度.csv"\nmonth = "2023-06"\n')
    month = geoplan.build(folder).plan.select_month()
    assert list(month["light"]) == ["on-time"]
    assert list(month["note"]) == ["材料未到"]
