"""What ledgers say of villages and facilities: one statement a village and rule, or a finding.

Two forms are read: *wide*, a row a village and a column a facility (有/无, 2处, 85%, 在建), and *long*, a row a facility with a
type, a status and a number. Pieces of a long ledger in one village are added up. Where two places of the ledgers speak of
the same village and facility, the surer one holds: a number before a plain 有 or 无, one with a condition before one
without; where equally sure ones only differ in how many, the fewer count; where they say 有 and 无, nobody knows, and
every difference is a finding that quotes both.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from geoplan.analyse.gaps.asked import Asked, list_asked
from geoplan.analyse.gaps.said import ABSENT, WAN, Said, read_said
from geoplan.analyse.gaps.words import fold_words, load_words, match_rules, read_condition
from geoplan.frames import Ledger
from geoplan.standards import Rule
from geoplan.values import Finding, Severity, Where

STATEMENT_COLUMNS = ("code", "rule", "said", "value", "condition", "where", "text")
"""A row a village (or what lives in a town outside any) and rule: ``said`` is ``yes no number percent``, ``value`` the number
(NaN for none), ``condition`` as of :func:`read_condition`, ``where`` the cells (a Where), ``text`` what is written there."""
KINDS = ("facilities", "villages")
Codes = Mapping[tuple[str, str, int], str]
SHARE = 1.0


@dataclass(frozen=True, slots=True)
class Word:
    """What one cell or row says of a village and a rule."""

    code: str
    rule: str
    said: Said
    where: Where
    text: str
    piece: bool = False
    """Whether it is one facility of a long ledger."""


def list_statements(
    ledgers: Sequence[Ledger], codes: Codes, rules: Sequence[Rule]
) -> tuple[pd.DataFrame, list[Finding]]:
    """All that ledgers of the kinds ``facilities`` and ``villages`` say, and what could not be read of them.

    ``codes`` tells the place of each row (file, sheet, row): 12 digits, or 9 for what lies in a town outside any village;
    rows without one say nothing. Returns a row a place and rule, in the order of both (STATEMENT_COLUMNS).
    """
    used = [ledger for ledger in ledgers if ledger.kind in KINDS and len(ledger.frame)]
    households = _count_households(used, codes)
    known = {rule.id: rule for rule in rules}
    words: list[Word] = []
    findings: list[Finding] = []
    for ledger in used:
        for (file, sheet), frame in ledger.frame.groupby(["file", "sheet"], sort=False):
            tab = _Tab(ledger, str(file), str(sheet), frame, codes, known, households)
            words += tab.read()
            findings += tab.findings
    settled, differing = _settle_all(words, known)
    order = {rule.id: number for number, rule in enumerate(rules)}
    settled.sort(key=lambda word: (word.code, order[word.rule]))
    return _make_table(settled), [*findings, *differing]


class _Tab:
    """The reading of one sheet."""

    def __init__(
        self,
        ledger: Ledger,
        file: str,
        sheet: str,
        frame: pd.DataFrame,
        codes: Codes,
        rules: Mapping[str, Rule],
        households: Mapping[str, float],
    ) -> None:
        self.ledger, self.file, self.sheet, self.rules = ledger, file, sheet, rules
        self.households = households
        self.findings: list[Finding] = []
        rows = [int(row) for row in frame["row"]]
        places = [codes.get((file, sheet, row), "") for row in rows]
        known = [number for number, code in enumerate(places) if code]
        self.frame = frame.iloc[known].reset_index(drop=True)
        self.rows = [rows[number] for number in known]
        self.codes = [places[number] for number in known]

    def read(self) -> list[Word]:
        """All words of the sheet, those of one row and rule put together."""
        asked = list_asked(self.ledger, self.file, self.sheet, tuple(self.rules.values()))
        wide = [word for column in asked for word in self._read_column(column)]
        taken = {column.column for column in asked}
        long = self._read_pieces(taken) if self.ledger.kind == "facilities" else []
        return [*_join_cells(wide), *long]

    def _read_column(self, asked: Asked) -> Iterator[Word]:
        """The words of a wide column; cells that cannot be understood are findings, the same ones together."""
        texts = [_read_text(value) for value in self.frame[asked.column]]
        read = [self._read_cell(text) for text in texts]
        self._tell_unread(asked, texts, read)
        known = [one if isinstance(one, Said) else None for one in read]
        for rule in asked.rules:
            for number, said in enumerate(self._weigh_numbers(asked, self.rules[rule], known)):
                if said is not None:
                    yield Word(self.codes[number], rule, said, self._locate(asked, [number]), texts[number])

    @staticmethod
    def _read_cell(text: str) -> Said | str | None:
        """What a cell says; the text itself where it cannot be understood."""
        try:
            return read_said(text)
        except ValueError:
            return text

    def _tell_unread(self, asked: Asked, texts: Sequence[str], read: Sequence[Said | str | None]) -> None:
        lost: dict[str, list[int]] = {}
        for number, one in enumerate(read):
            if isinstance(one, str):
                lost.setdefault(texts[number], []).append(number)
        for text, numbers in lost.items():
            self._say(Severity.WARNING, "statement-unread", asked, numbers, value=text[:60])

    def _tell_doubtful(self, code: str, asked: Asked, read: Sequence[Said | None], numbers: Sequence[int]) -> None:
        if numbers and (first := read[numbers[0]]):
            self._say(Severity.WARNING, code, asked, numbers, value=f"{first.value:g}")

    def _weigh_numbers(self, asked: Asked, rule: Rule, read: Sequence[Said | None]) -> list[Said | None]:
        """Bare numbers as the rule needs them: percents of households, 万元, or pieces as they are."""
        if rule.unit == "万元":
            return [_make_wan(one, yuan=asked.yuan) for one in read]
        if rule.measure != "share":
            return list(read)
        if asked.percent:
            return self._read_shares(asked, read)
        return self._divide(asked, read)

    def _read_shares(self, asked: Asked, read: Sequence[Said | None]) -> list[Said | None]:
        """Numbers in a column of percents: all up to 1 are shares (0.85 is 85 %); else one between 0 and 1 is doubtful."""
        bare = [one.value for one in read if one and one.said == "number"]
        shares = bool(bare) and max(bare) <= SHARE
        if shares and any(bare):
            numbers = [number for number, one in enumerate(read) if one and one.said == "number"]
            example = f"{next(value for value in bare if value):g}"
            self._say(Severity.INFO, "statement-share-read", asked, numbers, value=example)
        doubtful = [n for n, one in enumerate(read) if one and one.said == "number" and _is_doubtful(one.value, shares)]
        self._tell_doubtful("statement-percent-doubtful", asked, read, doubtful)
        return [
            None if number in doubtful else _make_percent(one, 100 if shares else 1) for number, one in enumerate(read)
        ]

    def _divide(self, asked: Asked, read: Sequence[Said | None]) -> list[Said | None]:
        """Numbers of households (户) as percents of all in the place; any other bare number tells no share."""
        meant: list[Said | None] = []
        doubtful = []
        for number, one in enumerate(read):
            if one is None or one.said != "number" or one.value == 0:
                meant.append(replace(one, said="percent") if one and one.said == "number" else one)
                continue
            total = self.households.get(self.codes[number], 0.0)
            counted = asked.households or one.counter == "户"
            if counted and 0 < one.value <= total:
                meant.append(replace(one, said="percent", value=round(100 * one.value / total, 1)))
            else:
                meant.append(None)
                doubtful.append(number)
        self._tell_doubtful("statement-number-doubtful", asked, read, doubtful)
        return meant

    def _read_pieces(self, taken: set[str]) -> list[Word]:
        """The rows of a long ledger: a facility each, by its type, else by its name."""
        columns = {
            name: [_read_text(value) for value in self.frame[name]]
            if name in self.frame and name not in taken
            else [""] * len(self.rows)
            for name in ("type", "name", "status", "quantity")
        }
        words = []
        rules = tuple(self.rules.values())
        for number, (kind, name, status, quantity) in enumerate(zip(*columns.values(), strict=True)):
            told = match_rules(kind, rules) or match_rules(name, rules)
            said = self._read_piece(number, status, quantity) if told else None
            if said is not None:
                where = Where(self.file, self.sheet, (self.rows[number],))
                text = " ".join(part for part in (kind or name, quantity, status) if part)
                words += [Word(self.codes[number], rule, said, where, text, piece=True) for rule in told]
        return words

    def _read_piece(self, number: int, status: str, quantity: str) -> Said | None:
        """What a row of a long ledger says: how many, and in what condition; a row is one facility."""
        counted = self._read_cell(quantity)
        state = self._read_cell(status)
        if isinstance(state, str):
            self._say_row("statement-status-unknown", "status", number, status)
            state = None
        if isinstance(counted, str):
            self._say_row("statement-unread", "quantity", number, quantity)
            counted = None
        if state is None and fold_words(status) in load_words()["answer"]["silent"] and status:
            return counted
        condition = (state.condition if state else "") or read_condition(status)
        if state and state.said == "no" and not condition:
            return Said("no")
        if counted and counted.said in ("number", "percent"):
            return replace(counted, condition=condition or counted.condition)
        return Said("no" if condition in ABSENT else "yes", condition=condition)

    def _locate(self, asked: Asked, numbers: Iterable[int]) -> Where:
        rows = tuple(self.rows[number] for number in numbers)
        letter = self.ledger.columns.get((self.file, self.sheet, asked.column), ("", ""))[1]
        cell = f"{letter}{rows[0]}" if letter and len(rows) == 1 else ""
        return Where(self.file, self.sheet, rows, asked.heading, cell)

    def _say(self, severity: Severity, code: str, asked: Asked, numbers: Iterable[int], **facts: object) -> None:
        names = "、".join(self.rules[rule].facility for rule in asked.rules)
        self.findings.append(Finding.of(severity, code, self._locate(asked, numbers), facility=names, **facts))

    def _say_row(self, code: str, column: str, number: int, value: str) -> None:
        heading = self.ledger.columns.get((self.file, self.sheet, column), (column, ""))[0]
        where = Where(self.file, self.sheet, (self.rows[number],), heading)
        self.findings.append(Finding.of(Severity.WARNING, code, where, value=value[:60], facility=""))


def _count_households(ledgers: Sequence[Ledger], codes: Codes) -> dict[str, float]:
    """The households of each place, as the ledgers of villages say."""
    found: dict[str, float] = {}
    for ledger in ledgers:
        if ledger.kind == "villages" and "households" in ledger.frame:
            columns = (ledger.frame[name] for name in ("file", "sheet", "row", "households"))
            for file, sheet, row, count in zip(*columns, strict=True):
                code = codes.get((file, sheet, int(row)), "")
                if code and count > 0:
                    found[code] = float(count)
    return found


def _read_text(value: Any) -> str:
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:g}"
    return value.strip() if isinstance(value, str) else "" if value is None else str(value)


def _is_doubtful(value: float, shares: bool) -> bool:  # noqa: FBT001
    return value > 100 or (not shares and 0 < value <= SHARE)


def _make_percent(said: Said | None, factor: float) -> Said | None:
    if said is None or said.said != "number":
        return said
    return replace(said, said="percent", value=round(said.value * factor, 4))


def _make_wan(said: Said | None, *, yuan: bool) -> Said | None:
    if said is None or said.said != "number":
        return said
    in_yuan = said.counter == "元" or (yuan and said.counter != "万元")
    return replace(said, value=said.value / WAN) if in_yuan else said


def _join_cells(words: Sequence[Word]) -> list[Word]:
    """The cells of one row about one rule (有无, 数量, 状况) as one word."""
    grouped: dict[tuple[str, str, Where, str], list[Word]] = {}
    for word in words:
        where = replace(word.where, column="", cell="")
        grouped.setdefault((word.code, word.rule, where, ""), []).append(word)
    return [word for same in grouped.values() for word in _join_row(same)]


def _join_row(words: Sequence[Word]) -> list[Word]:
    """One word of several cells, if they go together: a number or 有, and a condition; else each by itself."""
    if len(words) == 1 or len({_is_there(word.said) for word in words}) > 1:
        return list(words)
    surest = max(words, key=lambda word: _weigh(word.said))
    condition = next((word.said.condition for word in words if word.said.condition not in ("", "working")), "")
    said = replace(surest.said, condition=condition or surest.said.condition)
    return [replace(surest, said=said, text=" ".join(word.text for word in words))]


def _settle_all(words: Sequence[Word], rules: Mapping[str, Rule]) -> tuple[list[Word], list[Finding]]:
    """One word for each place and rule, and a finding for each that is said twice and not alike."""
    grouped: dict[tuple[str, str], list[Word]] = {}
    for word in words:
        grouped.setdefault((word.code, word.rule), []).append(word)
    settled, findings = [], []
    for same in grouped.values():
        whole = [*_add_pieces([word for word in same if word.piece]), *(word for word in same if not word.piece)]
        kept, differ = _settle(whole)
        settled += [kept] if kept else []
        findings += [_tell_differing(whole, kept, rules)] if differ else []
    return settled, findings


def _add_pieces(pieces: Sequence[Word]) -> list[Word]:
    """The facilities of a long ledger in one place as one word: how many serve, old only if all of them are."""
    if len(pieces) <= 1:
        return list(pieces)
    serving = [word for word in pieces if _is_there(word.said)]
    if not serving:
        order = ("building", "planned", "closed", "")
        return [min(pieces, key=lambda word: order.index(word.said.condition) if word.said.condition in order else 3)]
    count = sum(word.said.value if word.said.said == "number" else 1.0 for word in serving)
    conditions = {word.said.condition for word in serving}
    condition = "old" if conditions == {"old"} else "working" if conditions - {""} else ""
    first = serving[0]
    percents = [word.said for word in serving if word.said.said == "percent"]
    said = percents[0] if percents else Said("number", count, condition)
    where = replace(first.where, rows=tuple(row for w in serving if _is_beside(w, first) for row in w.where.rows))
    return [replace(first, said=said, where=where, text="；".join(word.text for word in serving[:6]))]


def _is_beside(word: Word, other: Word) -> bool:
    return (word.where.file, word.where.sheet) == (other.where.file, other.where.sheet)


def _settle(words: Sequence[Word]) -> tuple[Word | None, bool]:
    """Which of several words holds (None: nobody knows), and whether they differ."""
    alike = {(word.said.said, _plain(word.said.value), word.said.condition) for word in words}
    if len(alike) == 1:
        return words[0], False
    best = max(_weigh(word.said) for word in words)
    surest = [word for word in words if _weigh(word.said) == best]
    there = {_is_there(word.said) for word in surest}
    differ = len({_is_there(word.said) for word in words}) > 1 or len({_plain(w.said.value) for w in surest}) > 1
    if len(there) > 1:
        return None, True
    return min(surest, key=lambda word: _plain(word.said.value)), differ


def _plain(value: float) -> float:
    return -1.0 if math.isnan(value) else value


def _is_there(said: Said) -> bool:
    return said.said != "no" and said.condition not in ABSENT and said.value != 0


def _weigh(said: Said) -> tuple[bool, bool]:
    """How sure a word is: numbers first, then those with a condition."""
    return said.said in ("number", "percent"), bool(said.condition)


def _tell_differing(words: Sequence[Word], kept: Word | None, rules: Mapping[str, Rule]) -> Finding:
    first = words[0]
    others = "；".join(f"{_tell_spot(word.where)} “{word.text[:40]}”" for word in words[:6])
    facts = {"facility": rules[first.rule].facility, "said": others, "code": first.code}
    if kept is None:
        return Finding.of(Severity.WARNING, "statement-contradicts", first.where, **facts)
    return Finding.of(Severity.WARNING, "statement-differs", first.where, kept=kept.text[:40], **facts)


def _tell_spot(where: Where) -> str:
    rows = "、".join(map(str, where.rows[:4]))
    return " › ".join(part for part in (where.file, where.sheet, where.column, rows) if part)


def _make_table(words: Sequence[Word]) -> pd.DataFrame:
    columns = {
        "code": [word.code for word in words],
        "rule": [word.rule for word in words],
        "said": [word.said.said for word in words],
        "value": [word.said.value for word in words],
        "condition": [word.said.condition for word in words],
        "where": [word.where for word in words],
        "text": [word.text for word in words],
    }
    return pd.DataFrame(
        {name: pd.Series(columns[name], dtype=float if name == "value" else object) for name in STATEMENT_COLUMNS}
    )
