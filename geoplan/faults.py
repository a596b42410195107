"""What is wrong in a file of settings, in the planner's language: words that are not known, with the nearest that is, and bounds."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from geoplan.errors import GeoplanError

BOUNDS: Mapping[str, tuple[str, str]] = {
    "greater_than_equal": ("number-least", "ge"),
    "greater_than": ("number-above", "gt"),
    "less_than_equal": ("number-most", "le"),
}
"""For what pydantic calls a bound, the word of our sentence and the name of the limit."""
WANTED: Mapping[str, str] = {
    "string_type": "text-wanted",
    "string_too_short": "text-empty",
    "int_type": "number-wanted",
    "float_type": "number-wanted",
    "finite_number": "number-wanted",
}
"""For what pydantic calls a wrong value, the word of our sentence."""


def find_nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like ``word``, or ``""`` if none is like it."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)), "")


def list_choices(choices: Iterable[str]) -> str:
    """Allowed words, for a sentence."""
    return " / ".join(choices)


def quote_value(value: Any) -> str:
    """A value as it is shown in a sentence, cut if it is long."""
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def tell_unknown(where: str, key: str, known: Iterable[str], code: str = "key-unknown") -> GeoplanError:
    """A key that is not known; the nearest is offered, else all."""
    names = list(known)
    nearest = find_nearest(key, names)
    if nearest:
        return GeoplanError(f"{code}-near", where=where, key=key, nearest=nearest)
    return GeoplanError(code, where=where, key=key, known=list_choices(names))


def tell_choice(where: str, value: Any, choices: Iterable[str]) -> GeoplanError:
    """A value that is none of those allowed; the nearest is offered."""
    allowed = list(choices)
    nearest = find_nearest(str(value), allowed)
    code = "choice-wrong-near" if nearest else "choice-wrong"
    return GeoplanError(code, where=where, value=quote_value(value), choices=list_choices(allowed), nearest=nearest)


def tell_bound(where: str, value: str, kind: str, context: Mapping[str, Any]) -> GeoplanError:
    """A number beyond one of :data:`BOUNDS`; ``context`` is what pydantic tells of it."""
    word, limit = BOUNDS[kind]
    return GeoplanError(word, where=where, value=value, limit=f"{context[limit]:g}")
