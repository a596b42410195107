"""The words that headings are made of, and how they are compared.

The words are data: ``headings.toml`` beside this file says how they are compared and which one wins.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from geoplan.names import fold_variants
from geoplan.standards import load_standards

_TRADITIONAL = (
    "专專 举舉 价價 优優 体體 债債 写寫 决決 况況 准準 减減 几幾 划劃 别別 务務 动動 协協 单單 参參 启啟 围圍 图圖 宽寬 对對 导導 层層 属屬 "
    "带帶 帮幫 库庫 径徑 态態 总總 报報 拟擬 拨撥 据據 数數 标標 构構 状狀 码碼 称稱 筹籌 简簡 类類 级級 纬緯 绩績 编編 认認 话話 说說 账賬 "
    "质質 贫貧 贷貸 销銷 问問 间間 闽閩 阶階 馈饋 个個 内內 办辦 产產 亿億 亩畝 组組 织織 执執 脱脫 监監 来來 术術 滞滯 点點 与與 议議 给給"
)
_SIMPLE = str.maketrans({pair[1]: pair[0] for pair in _TRADITIONAL.split()})
"""Traditional signs of headings; those that place names share are in :func:`geoplan.names.fold_variants`."""
LONGEST_FACILITY = 12
VILLAGE_KINDS = frozenset(["facilities", "villages"])
"""Kinds of ledger that tell what a village has, in columns of the ledger's own."""
_UNIT = re.compile(r"[(\[〔【:,、](?:人民币|单位:?)?(亿元|万元|元)(?=[)\]〕】,、]|$)")


@cache
def load_headings() -> Mapping[str, Mapping[str, Any]]:
    """The table of headings, by kind and column."""
    text = resources.files("geoplan.read.sheets").joinpath("headings.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def list_variants(kind: str) -> dict[str, tuple[str, ...]]:
    """Every column of a kind of table with its headings, folded; ``layer:KIND`` for the fields of a layer."""
    parts = _list_parts(kind)
    names = dict.fromkeys(name for part in parts for name in part)
    return {
        name: tuple(
            dict.fromkeys(fold(form) for part in parts for word in part.get(name, ()) for form in _expand(word))
        )
        for name in names
    }


def _list_parts(kind: str) -> list[Mapping[str, Any]]:
    """The parts of the table of headings that go for a kind of table, its own before the common one."""
    table = load_headings()
    if kind.startswith("layer:"):
        return [table.get(f"layer_{kind.removeprefix('layer:')}", {}), table["layer"]]
    return [table[kind]] if kind == "aliases" else [table[kind], table["shared"]]


@cache
def list_alone(kind: str) -> dict[str, tuple[str, ...]]:
    """Columns with the headings that mean them only where no other heading of the table does, folded."""
    table = load_headings().get("alone", {}).get(kind, {})
    return {name: tuple(map(fold, words)) for name, words in table.items()}


def fold(text: str) -> str:
    """A heading for comparing: half-width, no white space, no ``*`` or colon around it, lower case, simplified."""
    flat = simplify(re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower())
    return flat if flat.startswith("*") and "/" in flat else flat.strip("*:;。,、")


def simplify(text: str) -> str:
    """A heading or a word of one (總投資, 萬元) in simplified characters."""
    return text if text.isascii() else fold_variants(text.translate(_SIMPLE))


def fold_level(text: str) -> str:
    """One level of a heading without what stands in brackets, without a leading number and the sign % behind it."""
    flat = re.sub(r"^\d{1,2}[.、]", "", fold(text))
    bare = re.sub(r"[(\[〔【].*?[)\]〕】]", "", flat).strip(":*").rstrip("%")
    return re.sub(r"^其中[:：]?(?=.)", "", bare) or flat


def find_unit(levels: Sequence[str]) -> str:
    """The unit of money that a heading names in brackets or behind a colon, the lowest level first; ``""`` for none."""
    for level in reversed(levels):
        if found := _UNIT.search(fold(level)):
            return found[1]
    return ""


@cache
def list_groups() -> frozenset[str]:
    """Headings that stand over others, or are known and not wanted, folded."""
    return frozenset(fold_level(word) for word in load_headings()["words"]["groups"])


def _expand(word: str) -> list[str]:
    """``<money>/…`` under each of the group headings of money."""
    if not word.startswith("<money>"):
        return [word]
    return [group + word.removeprefix("<money>") for group in load_headings()["words"]["money"]]


@cache
def names_facility(text: str) -> bool:
    """Whether a heading is the name of a kind of facility, as the standards call it (饮水入户率, 路, 路灯（盏）)."""
    flat = fold_level(text)
    return len(flat) <= LONGEST_FACILITY and any(
        flat == word if len(word) == 1 else word in flat for word in _list_facilities()
    )


@cache
def _list_facilities() -> frozenset[str]:
    return frozenset(fold(word) for rule in load_standards()[0] for word in rule.words)


def describe_required(group: Sequence[str], kind: str) -> str:
    """The usual headings of the columns of a group, for a finding: ``项目名称、工程名称…``."""
    words = [word for name in group for word in list_usual(kind, name)[:4]]
    return "、".join(words[:6])


def list_usual(kind: str, name: str) -> list[str]:
    """The headings of a column as a planner writes them, patterns and geoplan's own name left out."""
    words = [word for part in _list_parts(kind) for word in part.get(name, ()) if "*" not in word and "<" not in word]
    return list(dict.fromkeys(word for word in words if not word.isascii() or word.isupper()))
