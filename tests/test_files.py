from __future__ import annotations

import errno
import os
import time
from pathlib import Path

import pytest

from geoplan import files
from geoplan.errors import OutputError
from geoplan.files import (
    check_room,
    digest_tree,
    fold_digests,
    lies_within,
    list_files,
    recover_folder,
    replace_file,
    stage_folder,
    swap_folder,
    write_bytes,
    write_text,
)


def make_folder(folder: Path, **contents: str) -> Path:
    folder.mkdir(parents=True)
    for name, text in contents.items():
        (folder / name).write_text(text)
    return folder


def list_names(folder: Path) -> list[str]:
    return sorted(item.name for item in folder.iterdir())


def write_half(file: Path) -> None:
    file.write_text("half")
    raise ZeroDivisionError


def fail_with(number: int) -> object:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


def test_a_file_is_written_with_its_line_ends_as_they_are(tmp_path: Path) -> None:
    write_text(tmp_path / "new" / "表.csv", "甲\r\n乙\n")
    assert (tmp_path / "new" / "表.csv").read_bytes() == "甲\r\n乙\n".encode()


def test_a_failed_write_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("old")
    with pytest.raises(ZeroDivisionError), replace_file(file) as beside:
        write_half(beside)
    assert file.read_text() == "old" and list_names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "no-room"),
        (errno.EACCES, "no-rights"),
        (errno.EROFS, "no-rights"),
        (errno.EBUSY, "in-use"),
        (errno.EIO, "write-failed"),
    ],
)
def test_the_systems_fault_becomes_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    monkeypatch.setattr(Path, "write_bytes", fail_with(number))
    with pytest.raises(OutputError) as caught:
        write_bytes(tmp_path / "a.txt", b"x")
    assert caught.value.code == code
    assert "a" in caught.value.text("zh") and "a" in caught.value.text("en")
    assert list_names(tmp_path) == []


def test_a_full_disk_is_told_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="磁盘空间不足"):
        check_room(tmp_path / "not" / "there", 10**18)
    check_room(tmp_path, 1)


def test_a_tree_lists_neither_dotfiles_nor_the_strays_of_windows(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b", x="1", Thumbs="2")
    make_folder(tmp_path / "a" / ".git", y="1")
    (tmp_path / "a" / "Thumbs.db").write_text("")
    assert list_files(tmp_path) == ["a/b/Thumbs", "a/b/x"]


def test_the_digest_of_a_tree_tells_a_moved_file_from_an_unmoved_one(tmp_path: Path) -> None:
    one = make_folder(tmp_path / "one", a="1", b="2")
    two = make_folder(tmp_path / "two", a="2", b="1")
    first, second = ({mark.path: mark.sha256 for mark in digest_tree(folder)} for folder in (one, two))
    assert fold_digests(first) != fold_digests(second)
    assert fold_digests(first) == fold_digests(dict(reversed(first.items())))


def test_a_failed_stage_takes_the_folders_that_it_made_away_again(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    with pytest.raises(ZeroDivisionError), stage_folder(tmp_path / "there" / "not" / "yet" / "maps") as staged:
        write_half(staged / "new")
    assert list_names(tmp_path) == ["there"] and list_names(tmp_path / "there") == []


def test_a_staged_folder_takes_the_old_ones_place_and_dotfiles_stay(tmp_path: Path) -> None:
    target = make_folder(tmp_path / "maps", old="1")
    (target / ".gitkeep").write_text("keep")
    with stage_folder(target) as staged:
        (staged / "new").write_text("2")
        assert list_names(target) == [".gitkeep", "old"]
    assert list_names(target) == [".gitkeep", "new"] and list_names(tmp_path) == ["maps"]


def test_a_failed_stage_leaves_the_old_folder_and_nothing_beside_it(tmp_path: Path) -> None:
    target = make_folder(tmp_path / "maps", old="1")
    with pytest.raises(ZeroDivisionError), stage_folder(target) as staged:
        write_half(staged / "new")
    assert list_names(target) == ["old"] and list_names(tmp_path) == ["maps"]


def test_a_full_disk_while_staging_is_told_and_undone(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="磁盘空间不足"), stage_folder(tmp_path / "maps"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert list_names(tmp_path) == []


def test_a_swap_that_fails_half_way_is_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    staged, target = make_folder(tmp_path / "staged", new="2"), make_folder(tmp_path / "maps", old="1")
    real = files.rename_path

    def rename(old: Path, new: Path) -> None:
        if old == staged:
            raise OSError(errno.EACCES, "in use")
        real(old, new)

    monkeypatch.setattr(files, "rename_path", rename)
    with pytest.raises(OutputError):
        swap_folder(staged, target)
    assert list_names(target) == ["old"] and list_names(tmp_path) == ["maps", "staged"]


def test_a_swap_can_keep_the_old_folder(tmp_path: Path) -> None:
    staged, target = make_folder(tmp_path / "staged", new="2"), make_folder(tmp_path / "maps", old="1")
    swap_folder(staged, target, tmp_path / "aside")
    assert list_names(target) == ["new"] and list_names(tmp_path / "aside") == ["old"]


def test_a_folder_put_aside_when_the_power_went_comes_back(tmp_path: Path) -> None:
    make_folder(tmp_path / ".maps-old", old="1")
    recover_folder(tmp_path / "maps")
    assert list_names(tmp_path / "maps") == ["old"]
    recover_folder(tmp_path / "maps")


def test_a_link_does_not_hide_that_one_folder_lies_in_another(tmp_path: Path) -> None:
    inner = make_folder(tmp_path / "a" / "b")
    (tmp_path / "link").symlink_to(inner)
    assert lies_within(tmp_path / "link", tmp_path / "a")
    assert not lies_within(tmp_path / "a", inner) and not lies_within(tmp_path / "ab", tmp_path / "a")


def test_a_rename_is_tried_again_on_windows_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []

    def act() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise PermissionError(errno.EACCES, "in use")

    monkeypatch.setattr(time, "sleep", lambda _: None)
    with pytest.raises(PermissionError):
        files._try_again(act)
    monkeypatch.setattr(os, "name", "nt")
    files._try_again(act)
    assert len(tries) == 3
