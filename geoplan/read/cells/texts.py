"""Whole columns of a layer as clean text: each distinct text is cleaned once, however many records bear it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from geoplan.read.cells.cell import clean_text


def clean_texts(values: np.ndarray, finish: Callable[[str], str] | None = None) -> list[str]:
    """:func:`geoplan.read.cells.clean_text` of each value, then ``finish``; nothing is ``""``."""
    listed = values.tolist() if values.dtype == object else list(map(to_plain, values))
    kinds = set(map(type, listed))
    if kinds <= {str, type(None)}:
        known = {text: clean_text(text) for text in set(listed)}
        if finish:
            known = {text: finish(clean) for text, clean in known.items()}
        return list(map(known.__getitem__, listed))
    texts = [clean_text(to_plain(value)) for value in listed]
    return list(map(finish, texts)) if finish else texts


def to_plain(value: Any) -> Any:
    """A numpy value as Python's own, nothing as ``""``."""
    if value is None:
        return ""
    if isinstance(value, np.datetime64):
        return "" if np.isnat(value) else str(value).removesuffix("T00:00:00.000")
    if isinstance(value, np.integer):
        return int(value)
    return float(value) if isinstance(value, np.floating) else value
