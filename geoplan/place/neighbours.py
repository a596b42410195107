"""Which of many names may come near a written one: found by hashed keys, never by walking through all of them.

Two names share a key if one character taken away from one or from both leaves the same letters, if they sound alike
(a key for each reading), or, inside one county, if they begin alike. Keys are 64-bit polynomial hashes with the
county mixed in, sorted in one array: 600,000 names take some tens of megabytes and about a second. What shares a key is only
a suspect; :func:`geoplan.place.near.compare_names` judges.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product
from typing import Any

import numpy as np

from geoplan.place.looks import list_loose_sounds

_WIDTH = 12
"""Characters of a name that count; hardly any is longer."""
_BITS = (1 << 64) - 1
_PRIME, _SPREAD, _SCOPE = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_POWERS = [pow(_PRIME, place, 1 << 64) for place in range(_WIDTH)]
_LETTERS, _SOUNDS, _FIRST = 1, 2, 3
_READINGS = 3
"""Readings of one character that are followed up."""

Keys = np.ndarray[Any, np.dtype[np.uint64]]
Numbers = np.ndarray[Any, np.dtype[np.int32]]


class Neighbours:
    """Names by hashed keys; ``scopes`` is a number for each name (its county's, or 0 for all alike)."""

    def __init__(self, names: Sequence[str], scopes: Sequence[int]) -> None:
        letters = _spread_letters(names)
        salts = np.array(scopes, dtype=np.uint64)
        made = [*_key_letters(letters, salts), *_key_sounds(letters, salts), *_key_first(letters, salts)]
        keys = np.concatenate([keys for keys, _ in made])
        order = np.argsort(keys, kind="stable")
        self._keys: Keys = keys[order]
        self._numbers: Numbers = np.concatenate([numbers for _, numbers in made])[order]

    def find(self, name: str, scope: int) -> list[int]:
        """The numbers of the names in a scope that may come near, in order."""
        keys = np.array(sorted(set(_list_keys(name[:_WIDTH], scope))), dtype=np.uint64)
        first, last = self._keys.searchsorted(keys, "left"), self._keys.searchsorted(keys, "right")
        found: set[int] = set()
        for start, end in zip(first.tolist(), last.tolist(), strict=True):
            if end > start:
                found.update(self._numbers[start:end].tolist())
        return sorted(found)


def _list_keys(name: str, scope: int) -> Iterator[int]:
    """The keys of one name, in plain numbers; the same as those of the arrays below."""
    parts = [_mix(ord(char)) for char in name]
    wholes = [parts, *(parts[:cut] + parts[cut + 1 :] for cut in range(len(parts)))]
    yield from (_seal(whole, scope, _LETTERS) for whole in wholes if whole and (scope or len(whole) > 1))
    for said in product(*(_list_readings(char) for char in name)):
        yield _seal([_mix(sound) for sound in said], scope, _SOUNDS)
    if scope and parts:
        yield _seal(parts[:1], scope, _FIRST)


def _seal(parts: Sequence[int], scope: int, kind: int) -> int:
    total = sum(part * power for part, power in zip(parts, _POWERS, strict=False))
    return (total + (scope * 4 + kind) * _SCOPE) * _SPREAD & _BITS


@cache
def _mix(number: int) -> int:
    mixed = number * _PRIME & _BITS
    return ((mixed ^ (mixed >> 29)) * _SPREAD) & _BITS


@cache
def _list_readings(char: str) -> tuple[int, ...]:
    """The readings of a character as numbers."""
    return tuple(_number_sound(said) for said in list_loose_sounds(char)[:_READINGS])


_NUMBERED: dict[str, int] = {}


def _number_sound(said: str) -> int:
    return _NUMBERED.setdefault(said, len(_NUMBERED) + 1)


def _spread_letters(names: Sequence[str]) -> np.ndarray[Any, np.dtype[np.uint32]]:
    """The names as rows of code points, 0 behind their ends."""
    if not len(names):
        return np.zeros((0, _WIDTH), dtype=np.uint32)
    return np.array(names, dtype=f"U{_WIDTH}").view(np.uint32).reshape(len(names), _WIDTH)


def _mix_all(numbers: np.ndarray[Any, np.dtype[Any]]) -> Keys:
    mixed = numbers.astype(np.uint64) * np.uint64(_PRIME)
    return np.asarray((mixed ^ (mixed >> np.uint64(29))) * np.uint64(_SPREAD), dtype=np.uint64)


def _seal_all(totals: Keys, salts: Keys, kind: int) -> Keys:
    return (totals + (salts * np.uint64(4) + np.uint64(kind)) * np.uint64(_SCOPE)) * np.uint64(_SPREAD)


def _key_letters(letters: np.ndarray[Any, np.dtype[np.uint32]], salts: Keys) -> Iterator[tuple[Keys, Numbers]]:
    """Each name whole, and with each of its characters taken away."""
    mixed = _mix_all(letters)  # the padding mixes to 0
    here = mixed * np.array(_POWERS, dtype=np.uint64)
    moved = np.zeros_like(here)
    moved[:, 1:] = mixed[:, 1:] * np.array(_POWERS[:-1], dtype=np.uint64)
    numbers = np.arange(len(letters), dtype=np.int32)
    yield _seal_all(here.sum(axis=1, dtype=np.uint64), salts, _LETTERS), numbers
    lengths = (letters > 0).sum(axis=1)
    for cut in range(_WIDTH):
        kept = (lengths > cut) & (lengths > np.where(salts > 0, 1, 2))
        if kept.any():
            before = here[kept, :cut].sum(axis=1, dtype=np.uint64)
            after = moved[kept, cut + 1 :].sum(axis=1, dtype=np.uint64)
            yield _seal_all(before + after, salts[kept], _LETTERS), numbers[kept]


def _key_sounds(letters: np.ndarray[Any, np.dtype[np.uint32]], salts: Keys) -> Iterator[tuple[Keys, Numbers]]:
    """A key for each way to say a name."""
    known = np.unique(letters[letters > 0])
    readings = [_list_readings(chr(char)) for char in known.tolist()]
    counts = np.array([len(said) for said in readings], dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum(counts)])
    sounds = _mix_all(np.array([sound for said in readings for sound in said], dtype=np.uint64))
    rows, totals = np.arange(len(letters), dtype=np.int32), np.zeros(len(letters), dtype=np.uint64)
    for place in range(_WIDTH):
        going = letters[rows, place] > 0
        if not going.any():
            break
        which = np.searchsorted(known, letters[rows, place])
        times = np.where(going, counts[np.minimum(which, len(known) - 1)], 1)
        nth = np.arange(int(times.sum())) - np.repeat(np.cumsum(times) - times, times)
        rows, totals, going = np.repeat(rows, times), np.repeat(totals, times), np.repeat(going, times)
        at = np.where(going, starts[np.repeat(which, times)] + nth, 0)
        totals = totals + np.where(going, sounds[at] * np.uint64(_POWERS[place]), np.uint64(0))
    yield _seal_all(totals, salts[rows], _SOUNDS), rows


def _key_first(letters: np.ndarray[Any, np.dtype[np.uint32]], salts: Keys) -> Iterator[tuple[Keys, Numbers]]:
    """The first character, inside one county."""
    kept = np.flatnonzero((salts > 0) & (letters[:, 0] > 0))
    yield _seal_all(_mix_all(letters[kept, 0]), salts[kept], _FIRST), kept.astype(np.int32)
