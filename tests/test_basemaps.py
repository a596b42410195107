"""[[basemaps]] and [relief] of geoplan.toml: addresses that a page may ask, and every fault at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from geoplan.basemaps import Basemap
from geoplan.errors import WorkspaceError
from geoplan.workspace import ReliefRule, open_workspace

HEAD = '[workspace]\nname = "方格县"\ncode = "640424"\n'
XYZ = "https://tiles.county.gov.cn/img/{z}/{x}/{y}.png"


def read_basemaps(folder: Path, *tables: str) -> tuple[Basemap, ...]:
    (folder / "影像.mbtiles").touch()
    text = "".join(f'\n[[basemaps]]\ntitle = "影像"\n{table}\n' for table in tables)
    (folder / "geoplan.toml").write_text(HEAD + text, encoding="utf-8")
    return open_workspace(folder).basemaps


def list_faults(folder: Path, *tables: str) -> str:
    with pytest.raises(WorkspaceError) as caught:
        read_basemaps(folder, *tables)
    return str(caught.value)


def test_without_base_maps_there_are_none_and_relief_has_its_defaults(tmp_path: Path) -> None:
    assert read_basemaps(tmp_path) == ()
    assert open_workspace(tmp_path).relief == ReliefRule(2.0, "shade")


def test_a_tile_server_and_a_file_are_read_as_they_are_written(tmp_path: Path) -> None:
    server, file = read_basemaps(
        tmp_path,
        f'url = "{XYZ}"\nattribution = "县局"\napproval = "宁S(2024)1号"\nmin_zoom = 3\nmax_zoom = 16',
        'path = "影像.mbtiles"\nmax_mb = 5',
    )
    assert (server.url, server.min_zoom, server.max_zoom, server.approval) == (XYZ, 3, 16, "宁S(2024)1号")
    assert server.origins == ("https://tiles.county.gov.cn",)
    assert file.file is not None
    assert (file.file.path, file.max_mb, file.origins) == (tmp_path / "影像.mbtiles", 5.0, ())


def test_every_subdomain_is_an_origin_and_the_port_is_kept(tmp_path: Path) -> None:
    (basemap,) = read_basemaps(tmp_path, 'url = "http://t{s}.county.cn:8080/{z}/{x}/{y}"\nsubdomains = ["0", "1"]')
    assert basemap.origins == ("http://t0.county.cn:8080", "http://t1.county.cn:8080")


def test_a_wmts_becomes_a_gettile_request_with_the_services_own_key(tmp_path: Path) -> None:
    wmts = 'kind = "wmts"\nurl = "http://10.0.0.8/img_w/wmts?tk=abc&layer=old"\nlayer = "img"\nmatrix_set = "w"'
    (basemap,) = read_basemaps(tmp_path, wmts)
    assert basemap.url == (
        "http://10.0.0.8/img_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=img&STYLE=default"
        "&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=abc"
    )


def test_a_server_that_names_its_matrices_otherwise_is_asked_so(tmp_path: Path) -> None:
    wmts = 'kind = "wmts"\nurl = "http://10.0.0.8/gwc"\nlayer = "县:影像"\nmatrix_set = "EPSG:900913"\nformat = "image/png"'
    (basemap,) = read_basemaps(tmp_path, wmts + '\nmatrix = "EPSG:900913:{z}"')
    assert "TILEMATRIX=EPSG:900913:{z}" in basemap.url
    assert "FORMAT=image%2Fpng" in basemap.url


@pytest.mark.parametrize(
    "table",
    [
        'kind = "wmts"\nurl = "http://10.0.0.8/img_c/wmts"\nlayer = "img"\nmatrix_set = "c"',
        'kind = "wmts"\nurl = "http://10.0.0.8/wmts"\nlayer = "img"\nmatrix_set = "EPSG:4490"',
        'kind = "wmts"\nurl = "http://10.0.0.8/wmts"\nlayer = "img"\nmatrix_set = "img_c"',
        'url = "http://10.0.0.8/img_c/wmts?TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"',
    ],
)
def test_tiles_in_degrees_are_refused_with_the_set_to_name(tmp_path: Path, table: str) -> None:
    told = list_faults(tmp_path, table)
    assert "有 1 处" in told
    assert "EPSG:4490" in told
    assert 'matrix_set 写 "w"' in told


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("", "要写一个"),
        (f'url = "{XYZ}"\npath = "影像.mbtiles"', "只能写一个"),
        ('url = "ftp://a/{z}/{x}/{y}"', "http://"),
        ('url = "//a/{z}/{x}/{y}"', "http://"),
        ('url = "javascript:alert(1)/{z}/{x}/{y}"', "http://"),
        ('url = "http://甲.cn/{z}/{x}/{y}"', "http://"),
        ('url = "http://u:p@a.cn/{z}/{x}/{y}"', "用户名"),
        ('url = "http://a.cn;script-src/{z}/{x}/{y}"', "http://"),
        ("url = 'http://a.cn/{z}/{x}/{y}\"x'", "引号"),
        ('url = "http://{z}.cn/{z}/{x}/{y}"', "http://"),
        ('url = "http://a.cn/{z}/{x}.png"', "{y}"),
        ('url = "http://a.cn/{z}/{x}/{y}?k={key}"', "{key}"),
        ('url = "http://t{s}.cn/{z}/{x}/{y}"', "subdomains"),
        (f'url = "{XYZ}"\nsubdomains = ["a"]', "subdomains"),
        ('url = "http://t{s}.cn/{z}/{x}/{y}"\nsubdomains = ["a b"]', "subdomains"),
        (f'url = "{XYZ}"\nmin_zoom = 9\nmax_zoom = 5', "min_zoom"),
        (f'url = "{XYZ}"\nmax_zoom = 40', "22"),
        ('path = "影像.mbtiles"\nmax_mb = 0', "max_mb"),
        ('path = "地形.tif"', ".pmtiles"),
        ('path = "没有.mbtiles"', "找不到"),
        ('path = "http://a/b.mbtiles"', "不能用"),
        ('kind = "wmts"\npath = "影像.mbtiles"', "url"),
        ('kind = "wmts"\nurl = "http://a/wmts"\nmatrix_set = "w"', "layer"),
        ('kind = "wmts"\nurl = "http://a/wmts"\nmatrix_set = "w"\nlayer = "i"\nmatrix = "x"', "{z}"),
        (f'url = "{XYZ}"\nopacity = 1', "opacity"),
    ],
)
def test_what_is_wrong_with_a_base_map_is_one_clear_sentence(tmp_path: Path, table: str, words: str) -> None:
    told = list_faults(tmp_path, table)
    assert words in told
    assert "[[basemaps]] 1" in told


def test_the_faults_of_all_base_maps_are_told_at_once(tmp_path: Path) -> None:
    told = list_faults(tmp_path, 'url = "ftp://a"', 'path = "a.tif"', f'url = "{XYZ}"')
    assert "[[basemaps]] 1" in told
    assert "[[basemaps]] 2" in told
    assert "[[basemaps]] 3" not in told


def test_the_settings_of_the_relief_are_held_to_their_bounds(tmp_path: Path) -> None:
    (tmp_path / "geoplan.toml").write_text(HEAD + '[relief]\nexaggeration = 0\nshown = "shadow"\n', encoding="utf-8")
    with pytest.raises(WorkspaceError, match=r"(?s)exaggeration.*大于 0.*shown.*是不是“shade”"):
        open_workspace(tmp_path)
    (tmp_path / "geoplan.toml").write_text(HEAD + '[relief]\nexaggeration = 3\nshown = "slope"\n', encoding="utf-8")
    assert open_workspace(tmp_path).relief == ReliefRule(3.0, "slope")


def test_an_output_folder_that_holds_a_file_of_tiles_is_refused(tmp_path: Path) -> None:
    (tmp_path / "切片").mkdir()
    (tmp_path / "切片" / "a.mbtiles").touch()
    text = f'{HEAD}output = "切片"\n[[basemaps]]\ntitle = "a"\npath = "切片/a.mbtiles"\n'
    (tmp_path / "geoplan.toml").write_text(text, encoding="utf-8")
    with pytest.raises(WorkspaceError, match=r"a\.mbtiles"):
        open_workspace(tmp_path)
