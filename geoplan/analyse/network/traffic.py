"""What the columns of a road layer tell of traffic: one-way roads, and roads that pass over or under others."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoplan.analyse.network.model import BACK, BOTH, ONWARD


@cache
def load_words() -> Mapping[str, Mapping[str, Any]]:
    """The table of headings and words, ``ways.toml`` beside this module."""
    return tomllib.loads(resources.files("geoplan.analyse.network").joinpath("ways.toml").read_text(encoding="utf-8"))


def read_ways(roads: pd.DataFrame) -> NDArray[np.int8]:
    """BOTH, ONWARD or BACK for each road; a word that is not known means both ways."""
    table = load_words()["oneway"]
    known = dict.fromkeys(table["onward"], ONWARD) | dict.fromkeys(table["back"], BACK)
    ways = np.full(len(roads), BOTH, dtype=np.int8)
    for name in _pick_columns(roads, table["columns"]):
        told = _fold_column(roads[name])
        ways = np.where(ways == BOTH, [known.get(text, BOTH) for text in told], ways).astype(np.int8)
    return ways


def mark_over(roads: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether each road is a bridge or a tunnel, which meets others at its ends only."""
    table = load_words()["over"]
    over = np.zeros(len(roads), dtype=bool)
    for name in _pick_columns(roads, table["columns"]):
        over |= ~np.isin(_fold_column(roads[name]), table["none"])
    words = "|".join(map(re.escape, table["words"]))
    for name in _pick_columns(roads, table["texts"]):
        over |= roads[name].astype("string").str.contains(words, regex=True).fillna(value=False).to_numpy(dtype=bool)
    return over


def _pick_columns(roads: pd.DataFrame, names: list[str]) -> list[str]:
    return [name for name in map(str, roads.columns) if name.strip().lower() in names]


def _fold_column(column: pd.Series[Any]) -> list[str]:
    texts = {value: "".join(str(value).split()).lower() for value in column.unique() if value is not None}
    return [texts.get(value, "") for value in column]
