from __future__ import annotations

import errno
import hashlib
import json
import shutil
from pathlib import Path

import pytest

from geoplan import files
from geoplan.errors import GeoplanError, OutputError, PublishError
from geoplan.publish import list_versions, publish_site, roll_back
from geoplan.workspace import Workspace, open_workspace


def make_site(folder: Path, text: str = "one", month: str | None = "2023-06") -> Path:
    contents = {"index.html": text, "villages/640424203206.html": f"村 {text}", "downloads/a.csv": "\ufeff甲"}
    for path, content in contents.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content, encoding="utf-8")
    marks = [
        {"path": path, "bytes": (folder / path).stat().st_size, "sha256": digest(folder / path)} for path in contents
    ]
    manifest = {"geoplan": "0.1.0", "month": month, "files": marks}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def read_tree(folder: Path) -> dict[str, bytes]:
    return {
        item.relative_to(folder).as_posix(): item.read_bytes() for item in sorted(folder.rglob("*")) if item.is_file()
    }


def publish_texts(tmp_path: Path, *texts: str) -> Path:
    for text in texts:
        publish_site(make_site(tmp_path / "maps", text), tmp_path / "share")
    return tmp_path / "share"


def refuse(code: str, site: Path, to: Path) -> None:
    before = read_tree(to) if to.is_dir() else {}
    with pytest.raises(GeoplanError) as caught:
        publish_site(site, to)
    assert caught.value.code == code
    assert caught.value.text("zh") and caught.value.text("en")
    assert (read_tree(to) if to.is_dir() else {}) == before


def test_a_workspace_publishes_its_output_folder(tmp_path: Path) -> None:
    site, toml = make_site(tmp_path / "maps"), tmp_path / "geoplan.toml"
    toml.write_text('[workspace]\nname = "方格县"\ncode = "640499"\n', encoding="utf-8")
    ways: tuple[Workspace | Path | str, ...] = (open_workspace(toml), tmp_path, str(toml))
    for number, told in enumerate(ways):
        publish_site(told, tmp_path / f"share{number}")
        assert read_tree(tmp_path / f"share{number}") == read_tree(site)


def test_a_published_site_is_the_built_one_file_by_file(tmp_path: Path) -> None:
    site = make_site(tmp_path / "maps")
    version = publish_site(site, tmp_path / "部门 共享" / "地图")
    assert read_tree(tmp_path / "部门 共享" / "地图") == read_tree(site)
    assert (version.number, version.month) == (1, "2023-06")


def test_the_version_before_stands_aside_and_comes_back(tmp_path: Path) -> None:
    share = publish_texts(tmp_path, "one", "two")
    assert [version.line[0] for version in list_versions(share)] == ["*", " "]
    assert roll_back(share).number == 1
    assert (share / "index.html").read_text() == "one"
    assert [(version.number, version.current) for version in list_versions(share)] == [(2, False), (1, True)]


def test_a_version_keeps_its_number_through_going_back_and_publishing_again(tmp_path: Path) -> None:
    share = publish_texts(tmp_path, "one", "two", "three")
    assert roll_back(share, 1).number == 1
    assert roll_back(share, 3).number == 3
    publish_site(make_site(tmp_path / "maps", "four"), share)
    assert [version.number for version in list_versions(share)] == [4, 3, 2, 1]
    assert (share / "index.html").read_text() == "four"


def test_only_the_last_few_versions_are_kept(tmp_path: Path) -> None:
    share = publish_texts(tmp_path, *"abcdefgh")
    assert [version.number for version in list_versions(share)] == [8, 7, 6, 5, 4, 3]
    publish_site(make_site(tmp_path / "maps", "i"), share, keep=1)
    assert [version.number for version in list_versions(share)] == [9, 8]


def test_going_back_further_than_there_is_names_what_there_is(tmp_path: Path) -> None:
    share = publish_texts(tmp_path, "one", "two")
    with pytest.raises(PublishError, match="现有版本：1"):
        roll_back(share, 7)
    roll_back(share)
    with pytest.raises(PublishError, match="没有可以退回的版本"):
        roll_back(share)
    with pytest.raises(PublishError):
        roll_back(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere.versions").exists()


def test_a_lost_note_does_not_lose_the_versions(tmp_path: Path) -> None:
    share = publish_texts(tmp_path, "one", "two")
    (tmp_path / "share.versions" / "current.json").write_text("{broken")
    assert [version.number for version in list_versions(share)] == [2, 1]
    publish_site(make_site(tmp_path / "maps", "three"), share)
    assert [version.number for version in list_versions(share)] == [3, 2, 1]


def test_a_version_that_somebody_changed_is_not_shown_again(tmp_path: Path) -> None:
    share = publish_texts(tmp_path, "one", "two")
    kept = next(tmp_path.glob("share.versions/0001_*"))
    (kept / "index.html").write_text("hacked")
    with pytest.raises(PublishError, match=r"index\.html"):
        roll_back(share)
    assert (share / "index.html").read_text() == "two"


def test_a_folder_that_is_no_built_site_is_not_published(tmp_path: Path) -> None:
    refuse("site-missing", tmp_path / "nothing", tmp_path / "share")
    (tmp_path / "manifest.json").write_text('{"name": "a web app"}')
    refuse("site-missing", tmp_path, tmp_path / "share")


def test_a_page_that_was_changed_or_lost_since_the_build_is_not_published(tmp_path: Path) -> None:
    site = make_site(tmp_path / "maps")
    (site / "index.html").write_text("changed")
    refuse("site-changed", site, tmp_path / "share")
    (site / "index.html").unlink()
    refuse("site-changed", site, tmp_path / "share")
    assert not (tmp_path / "share.versions").exists()


def test_a_strangers_file_in_the_site_is_not_published(tmp_path: Path) -> None:
    site = make_site(tmp_path / "maps")
    (site / "机密.xlsx").write_text("x")
    refuse("site-strange", site, tmp_path / "share")


def test_dotfiles_are_not_published_and_those_of_the_share_stay(tmp_path: Path) -> None:
    site = make_site(tmp_path / "maps")
    (site / ".gitkeep").write_text("")
    (tmp_path / "share").mkdir()
    (tmp_path / "share" / ".htaccess").write_text("x")
    publish_site(site, tmp_path / "share")
    publish_site(make_site(site, "two"), tmp_path / "share")
    assert (tmp_path / "share" / ".htaccess").read_text() == "x"
    assert not (tmp_path / "share" / ".gitkeep").exists()


@pytest.mark.parametrize("to", ["maps", "maps/share", ".", "maps/villages"])
def test_the_one_may_not_lie_in_the_other(tmp_path: Path, to: str) -> None:
    site = make_site(tmp_path / "maps")
    refuse("target-in-site", site, tmp_path / to)


def test_a_folder_that_holds_something_else_is_not_overwritten(tmp_path: Path) -> None:
    site, share = make_site(tmp_path / "maps"), tmp_path / "share"
    share.mkdir()
    (share / "报告.docx").write_text("x")
    refuse("target-strange", site, share)
    (share / "manifest.json").write_text("{}")
    refuse("target-strange", site, share)
    refuse("target-not-folder", site, share / "报告.docx")


def test_a_file_that_somebody_put_into_the_published_site_is_not_swept_away(tmp_path: Path) -> None:
    share = publish_texts(tmp_path, "one")
    (share / "会议纪要.docx").write_text("x")
    refuse("target-strange", make_site(tmp_path / "maps", "two"), share)


def test_no_room_is_told_before_anything_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "SPARE_BYTES", 10**18)
    refuse("no-room-before", make_site(tmp_path / "maps"), tmp_path / "share")
    assert sorted(item.name for item in tmp_path.iterdir()) == ["maps"]


@pytest.mark.parametrize("fault", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt()])
def test_a_publish_that_breaks_off_leaves_the_old_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    share = publish_texts(tmp_path, "one")
    site = make_site(tmp_path / "maps", "two")
    before = read_tree(tmp_path)

    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr(shutil, "copyfile", fail)
    with pytest.raises((OutputError, KeyboardInterrupt)):
        publish_site(site, share)
    assert read_tree(tmp_path) == before


def test_a_copy_that_differs_is_not_put_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    share = publish_texts(tmp_path, "one")

    def corrupt(_: Path, copy: Path) -> None:
        copy.write_text("bits fell over")

    monkeypatch.setattr(shutil, "copyfile", corrupt)
    refuse("copy-differs", make_site(tmp_path / "maps", "two"), share)


def test_two_do_not_publish_at_once(tmp_path: Path) -> None:
    share = publish_texts(tmp_path, "one")
    lock = tmp_path / "share.versions" / "lock"
    lock.write_text("office-pc 1234")
    with pytest.raises(PublishError) as caught:
        publish_site(tmp_path / "maps", share)
    assert "office-pc 1234" in str(caught.value) and str(lock) in str(caught.value)
    with pytest.raises(PublishError):
        publish_texts(tmp_path, "two")
    lock.unlink()
    publish_texts(tmp_path, "two")
    assert not lock.exists()


def test_a_site_without_a_month_or_a_list_of_files_can_be_published(tmp_path: Path) -> None:
    site = make_site(tmp_path / "maps", month=None)
    (site / "manifest.json").write_text('{"geoplan": "0.1.0"}')
    publish_site(site, tmp_path / "share")
    publish_site(site, tmp_path / "share")
    assert [version.month for version in list_versions(tmp_path / "share")] == ["", ""]
