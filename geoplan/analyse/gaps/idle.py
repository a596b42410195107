"""Projects that answer no gap: the village has it already, or it is not known which village is meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from geoplan.analyse.gaps.answers import EFFECTIVE, Answers, Work
from geoplan.frames.gaps import IDLE_COLUMNS
from geoplan.values import State


def list_idle(answers: Answers, bases: Mapping[tuple[str, str], State], codes: Sequence[str]) -> pd.DataFrame:
    """The works that answer no gap (IDLE_COLUMNS): ``why`` is ``has``, ``not-for``, ``town-level``, ``unplaced`` or ``elsewhere``.

    ``bases`` are the states of places and rules before any project, ``codes`` the places by position. An effective work
    is never idle: what the village has now may be its doing.
    """
    linked: dict[str, list[tuple[str, str]]] = {}
    for (place, rule), works in answers.linked.items():
        for work in works:
            linked.setdefault(work.key, []).append((codes[place], rule))
    rows = [row for work in answers.works if (row := _judge(work, linked.get(work.key, []), bases))]
    return pd.DataFrame(rows, columns=list(IDLE_COLUMNS))


def _judge(work: Work, spots: list[tuple[str, str]], bases: Mapping[tuple[str, str], State]) -> dict[str, Any] | None:
    if work.step == EFFECTIVE:
        return None
    if not spots:
        return _make_row(work, _tell_unlinked(work), {})
    states = [bases[spot] for spot in spots if spot in bases]
    if any(state is not State.HAS for state in states):
        return None
    return _make_row(work, "has" if states else "not-for", {"codes": sorted({code for code, _ in spots})})


def _tell_unlinked(work: Work) -> str:
    if not work.codes and work.geometry is None:
        return "unplaced"
    return "town-level" if all(len(code) < 12 for code in work.codes) else "elsewhere"


def _make_row(work: Work, why: str, facts: dict[str, Any]) -> dict[str, Any]:
    return dict(zip(IDLE_COLUMNS, (work.key, work.rules, why, facts), strict=True))
