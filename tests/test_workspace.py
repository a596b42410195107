"""geoplan.toml: every fault at once, the nearest key offered, and nothing read that may not be."""

from __future__ import annotations

from pathlib import Path

import pytest

from geoplan.errors import WorkspaceError
from geoplan.values import Month
from geoplan.workspace import open_workspace, set_output

HEAD = '[workspace]\nname = "方格县"\ncode = "640424"\n'


def write(folder: Path, text: str) -> Path:
    (folder / "geoplan.toml").write_text(text, encoding="utf-8")
    return folder


def list_faults(folder: Path, text: str) -> str:
    with pytest.raises(WorkspaceError) as caught:
        open_workspace(write(folder, text))
    return str(caught.value)


def test_the_shortest_workspace_gets_the_documented_defaults(tmp_path: Path) -> None:
    workspace = open_workspace(write(tmp_path, HEAD))
    assert (workspace.output, workspace.audience, workspace.language) == (tmp_path / "maps", "internal", "zh")
    assert workspace.progress.late_points == 10 and "银川市" in workspace.progress.source


def test_the_file_itself_or_its_folder_opens_the_same_workspace(tmp_path: Path) -> None:
    folder = write(tmp_path, HEAD)
    assert open_workspace(folder) == open_workspace(folder / "geoplan.toml")


def test_a_folder_without_geoplan_toml_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match=r"没有 geoplan\.toml"):
        open_workspace(tmp_path)


def test_all_faults_are_told_at_once_with_the_nearest_key(tmp_path: Path) -> None:
    told = list_faults(
        tmp_path,
        '[workspace]\nnam = "x"\ncode = "6404241"\nmonth = "2023-6"\n'
        '[[layers]]\nkind = "vilages"\npath = "村界.shp"\nfields = { cod = "A" }\n[progres]\n',
    )
    for part in (
        "name：缺",
        "是不是“name”",
        "6404241",
        "2023-6",
        "是不是“villages”",
        "是不是“code”",
        "是不是“progress”",
        "村界.shp",
    ):
        assert part in told


@pytest.mark.parametrize(
    "path",
    [
        "http://a/b.shp",
        "PG:dbname=x",
        "MYSQL:x",
        "/vsicurl/http://a",
        "/VSIzip/x.zip",
        "\\\\vsimem\\\\a",
        "a\\u0000b",
        "file:///etc/x",
    ],
)
def test_a_path_that_reaches_out_is_refused(tmp_path: Path, path: str) -> None:
    assert "不能用" in list_faults(tmp_path, f'{HEAD}[[layers]]\nkind = "roads"\npath = "{path}"\n')


def test_a_path_that_matches_nothing_is_an_error(tmp_path: Path) -> None:
    told = list_faults(
        tmp_path,
        f'{HEAD}[[layers]]\nkind = "roads"\npath = "道路.shp"\n[[ledgers]]\nkind = "projects"\npath = "项目/*.xlsx"\n',
    )
    assert "道路.shp" in told and "项目/*.xlsx" in told


def test_a_pattern_finds_ledgers_but_not_lock_files_or_what_check_wrote(tmp_path: Path) -> None:
    for name in ("乙.xlsx", "甲.xlsx", "~$甲.xlsx", "findings.xlsx", "review.xlsx", "别名.xlsx"):
        (tmp_path / name).touch()
    workspace = open_workspace(
        write(tmp_path, f'{HEAD}aliases = "别名.xlsx"\n[[ledgers]]\nkind = "projects"\npath = "*.xlsx"\n')
    )
    assert [file.shown for file in workspace.ledgers[0].files] == ["乙.xlsx", "甲.xlsx"]


def test_a_file_name_with_brackets_is_a_file_before_it_is_a_pattern(tmp_path: Path) -> None:
    (tmp_path / "项目[终稿].xlsx").touch()
    workspace = open_workspace(write(tmp_path, f'{HEAD}[[ledgers]]\nkind = "projects"\npath = "项目[终稿].xlsx"\n'))
    assert workspace.ledgers[0].files[0].path.name == "项目[终稿].xlsx"


@pytest.mark.parametrize("output", [".", "..", "数据"])
def test_an_output_folder_that_holds_inputs_is_refused(tmp_path: Path, output: str) -> None:
    folder = tmp_path / "工作区"
    (folder / "数据").mkdir(parents=True)
    (folder / "数据" / "a.shp").touch()
    told = list_faults(folder, f'{HEAD}output = "{output}"\n[[layers]]\nkind = "roads"\npath = "数据/a.shp"\n')
    assert "output" in told and "另选" in told


def test_an_output_given_by_hand_is_held_to_the_same_rule(tmp_path: Path) -> None:
    workspace = open_workspace(write(tmp_path, HEAD))
    with pytest.raises(WorkspaceError):
        set_output(workspace, tmp_path)
    assert set_output(workspace, tmp_path / "别处").output == tmp_path / "别处"


def test_a_file_saved_as_gbk_says_how_to_save_it(tmp_path: Path) -> None:
    (tmp_path / "geoplan.toml").write_bytes(HEAD.encode("gbk"))
    with pytest.raises(WorkspaceError, match="UTF-8"):
        open_workspace(tmp_path)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "geoplan.toml").write_bytes(b"\xef\xbb\xbf" + HEAD.encode())
    assert open_workspace(tmp_path).name == "方格县"


def test_english_is_spoken_even_about_a_broken_workspace(tmp_path: Path) -> None:
    assert "is not known" in list_faults(tmp_path, f'{HEAD}language = "en"\nnonsense = 1\n')


def test_a_metric_crs_in_degrees_is_refused(tmp_path: Path) -> None:
    assert "以米为单位" in list_faults(tmp_path, f'{HEAD}crs = "EPSG:4490"\n')


def test_month_and_thresholds_are_read(tmp_path: Path) -> None:
    workspace = open_workspace(
        write(
            tmp_path,
            f'{HEAD}month = "2023-06"\n[progress]\nbasis = "year"\nlate_points = 5\nsource = "县办〔2023〕1号"\n',
        )
    )
    assert workspace.month == Month(2023, 6)
    assert (workspace.progress.basis, workspace.progress.late_points, workspace.progress.source) == (
        "year",
        5.0,
        "县办〔2023〕1号",
    )


def test_the_limits_of_the_checks_are_metres_above_zero(tmp_path: Path) -> None:
    assert open_workspace(write(tmp_path, HEAD)).checks.snap_m == 0.5
    checks = open_workspace(write(tmp_path, HEAD + "[checks]\nsnap_m = 2\nsliver_m = 0.5\n")).checks
    assert (checks.snap_m, checks.sliver_m) == (2, 0.5)
    told = list_faults(tmp_path, HEAD + "[checks]\nsnap_m = 0\nsliver = 1\n")
    assert "snap_m" in told and "是不是“sliver_m”" in told


def test_an_absolute_path_is_read_and_shown_as_it_goes_from_geoplan_toml(tmp_path: Path) -> None:
    for name in ("area/村界.shp", "台账/a.xlsx"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(b"x")
    layer = f"[[layers]]\nkind = 'villages'\npath = '{tmp_path}/area/村界.shp'\n"
    ledger = f"[[ledgers]]\nkind = 'projects'\npath = '{tmp_path}/台账/*.xlsx'\n"
    workspace = open_workspace(write(tmp_path / "area", HEAD + layer + ledger))
    files = [*workspace.layers[0].files, *workspace.ledgers[0].files]
    assert [file.shown for file in files] == ["村界.shp", "../台账/a.xlsx"]


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device")
def test_a_device_is_no_file(tmp_path: Path) -> None:
    assert "/dev/zero" in list_faults(tmp_path, HEAD + '[[ledgers]]\nkind = "projects"\npath = "/dev/zero"\n')
