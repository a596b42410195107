"""The standards: for each kind of facility what counts as having it, for whom, and who says so.

The rules are data: ``standards.toml`` beside this module, over which a workspace may lay a file of its own
(``[gaps] standards = "标准.toml"``): a rule of the same ``id`` changes what it names and keeps the rest, a new ``id`` is a
new rule, ``use = false`` takes one away. Every fault in such a file is told at once.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from geoplan.errors import GeoplanError
from geoplan.faults import BOUNDS, WANTED, find_nearest, quote_value, tell_bound, tell_choice, tell_unknown
from geoplan.values import LAYER_KINDS

MEASURES = ("count", "distance", "share", "per-household", "per-km", "indicator")
GROUPS = ("infrastructure", "life", "service", "industry", "income")
SURE = ("policy", "verified", "memory", "product")
"""How sure a rule's number is: a policy document orders it, a source was read, it is from memory, it is our default."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What counts as having a facility.

    ``measure`` says how it is held against ``threshold`` (in ``unit``):

    - ``count``: pieces in the village (with ``per_town`` in all of its town), of the ledgers or of the facility layer; 有 in
      a ledger is one.
    - ``distance``: the way to the nearest one, in m or (unit ``min``) on foot, along the roads (``way = "network"``) or
      ``straight``; the village has it if it is so near for ``share_pct`` of its households.
    - ``share``: percent of the households that are connected: told by a ledger, or with a line of ``layer`` within
      ``within_m`` of where they live.
    - ``per-household``: pieces for each household; ``per-km``: pieces for each km of road within ``within_m`` of the
      settlements.
    - ``indicator``: a number of the village's own ledger.

    ``words`` are the types of facilities and the headings of ledgers that mean it, ``unlike`` words that make a type or
    heading mean something else. ``lines`` are types or surfaces of lines that count (all where none is named), ``width_m``
    the least width. The rule goes for villages of ``people_min`` to ``people_max`` people and of ``village_types``.
    ``project_words`` and ``project_unlike`` tell the projects that answer it. ``goal_pct`` is the share of villages that
    a document orders to have it, where it says so. ``layer`` is the kind of layer that shows it. ``per_m`` is whether new
    lines close the gap, so that they can be planned and priced by the metre.
    """

    id: str
    facility: str
    group: str
    measure: str
    threshold: float
    unit: str
    words: tuple[str, ...]
    weight: float
    source: str
    clause: str
    sure: str
    facility_en: str = ""
    unlike: tuple[str, ...] = ()
    way: str = "network"
    share_pct: float = 100.0
    layer: str = "facilities"
    lines: tuple[str, ...] = ()
    width_m: float = 0.0
    within_m: float = 50.0
    people_min: int = 0
    people_max: int | None = None
    village_types: tuple[str, ...] = ()
    project_words: tuple[str, ...] = ()
    project_unlike: tuple[str, ...] = ()
    goal_pct: float | None = None
    per_m: bool = False
    per_town: bool = False
    note: str = ""

    def name(self, language: str = "zh") -> str:
        """The facility as a planner of that language calls it."""
        return self.facility_en or self.facility if language == "en" else self.facility


SHOWN_BY = ("", *LAYER_KINDS)
"""What may show a facility; ``""`` for what only ledgers tell."""
Words = list[Annotated[str, Field(min_length=1)]]
Text = Annotated[str, Field(min_length=1)]
Number = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Percent = Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)]
People = Annotated[int, Field(ge=0)]


class RuleTable(BaseModel):
    """One ``[[rules]]``: every key but ``id`` may be left out where a rule of that id is changed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")]
    use: bool = True
    facility: Text | None = None
    group: Literal[GROUPS] | None = None  # type: ignore[valid-type]
    measure: Literal[MEASURES] | None = None  # type: ignore[valid-type]
    threshold: Number | None = None
    unit: Text | None = None
    words: Words | None = None
    weight: Number | None = None
    source: Text | None = None
    clause: str | None = None
    sure: Literal[SURE] | None = None  # type: ignore[valid-type]
    facility_en: str | None = None
    unlike: Words | None = None
    way: Literal["network", "straight"] | None = None
    share_pct: Percent | None = None
    layer: Literal[SHOWN_BY] | None = None  # type: ignore[valid-type]
    lines: Words | None = None
    width_m: Number | None = None
    within_m: Number | None = None
    people_min: People | None = None
    people_max: People | None = None
    village_types: Words | None = None
    project_words: Words | None = None
    project_unlike: Words | None = None
    goal_pct: Percent | None = None
    per_m: bool | None = None
    per_town: bool | None = None
    note: str | None = None


_NEEDED = tuple(one.name for one in fields(Rule) if one.default is MISSING)
_Given = dict[str, Any]


def load_standards(path: Path | None = None, shown: str = "") -> tuple[tuple[Rule, ...], list[GeoplanError]]:
    """The rules that ship with geoplan, changed and added to by the file at ``path`` if one is given.

    ``shown`` is how faults name the file. Returns the rules, those of geoplan first, in the order of the files, and
    every fault of the file; with faults, the rules are those that ship with geoplan.
    """
    shipped = _load_shipped()
    if path is None:
        return shipped, []
    name = shown or path.name
    data, faults = _parse_file(path, name)
    tables, more = _read_tables(data, name)
    faults += more
    known = {rule.id: rule for rule in shipped}
    merged, more = _merge_tables(tables, known)
    faults += more
    return (shipped if faults else merged), faults


@cache
def _load_shipped() -> tuple[Rule, ...]:
    text = resources.files("geoplan").joinpath("standards.toml").read_text(encoding="utf-8")
    tables, faults = _read_tables(tomllib.loads(text), "standards.toml")
    rules, more = _merge_tables(tables, {})
    for fault in faults + more:
        raise fault
    return rules


def _parse_file(path: Path, name: str) -> tuple[_Given, list[GeoplanError]]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig")), []
    except UnicodeDecodeError:
        return {}, [GeoplanError("standards-not-utf8", file=name)]
    except tomllib.TOMLDecodeError as error:
        return {}, [GeoplanError("standards-broken", file=name, why=error)]
    except OSError as error:
        return {}, [GeoplanError("standards-unreadable", file=name, why=error.strerror or error)]


def _read_tables(data: _Given, name: str) -> tuple[list[tuple[str, RuleTable]], list[GeoplanError]]:
    """The tables that are well formed, each with how it is named in faults, and the faults of the others."""
    items = data.get("rules", [])
    faults = [tell_unknown(f"{name} · {key}", key, ["rules"]) for key in data if key != "rules"]
    if not isinstance(items, list):
        return [], [*faults, GeoplanError("standards-list", where=name)]
    tables = []
    for number, item in enumerate(items, 1):
        where = _tell_place(name, number, item)
        try:
            tables.append((where, RuleTable.model_validate(item)))
        except ValidationError as error:
            faults += [_tell_fault(where, one) for one in error.errors()]
    return tables, faults


def _merge_tables(
    tables: Sequence[tuple[str, RuleTable]], known: Mapping[str, Rule]
) -> tuple[tuple[Rule, ...], list[GeoplanError]]:
    """The known rules with the tables laid over them."""
    rules = dict(known)
    seen: set[str] = set()
    faults: list[GeoplanError] = []
    for where, table in tables:
        if table.id in seen:
            faults.append(GeoplanError("rule-twice", where=where, id=table.id))
            continue
        seen.add(table.id)
        rule, more = _lay_over(where, table, known)
        faults += more
        if rule is None:
            rules.pop(table.id, None)
        else:
            rules[table.id] = rule
    return tuple(rules.values()), faults


def _lay_over(where: str, table: RuleTable, known: Mapping[str, Rule]) -> tuple[Rule | None, list[GeoplanError]]:
    """The rule that a table makes: None for one that is taken away or cannot be made."""
    base = known.get(table.id)
    if not table.use:
        return None, [] if base else [tell_unknown(where, table.id, known, "rule-unknown")]
    given = _list_given(table)
    if base is None:
        missing = [key for key in _NEEDED if key not in given]
        if missing:
            nearest = find_nearest(table.id, known)
            code = "rule-incomplete-near" if nearest else "rule-incomplete"
            return None, [GeoplanError(code, where=where, keys="、".join(missing), nearest=nearest)]
        given.setdefault("layer", "facilities" if given["measure"] in ("count", "distance") else "")
    rule = replace(base, **given) if base else Rule(**given)
    return rule, [GeoplanError(code, where=where, **facts) for code, facts in _list_contradictions(rule)]


def _list_given(table: RuleTable) -> dict[str, Any]:
    """What a table says of a rule."""
    told = table.model_dump(exclude_unset=True, exclude={"use"}).items()
    return {key: tuple(value) if isinstance(value, list) else value for key, value in told}


def _list_contradictions(rule: Rule) -> Iterator[tuple[str, _Given]]:
    """What keys of a rule say against each other."""
    if not rule.words:
        yield "rule-without-words", {"facility": rule.facility}
    if rule.people_max is not None and rule.people_min > rule.people_max:
        yield "rule-people", {"least": rule.people_min, "most": rule.people_max}
    if rule.measure == "distance" and rule.unit not in ("m", "min"):
        yield "rule-unit", {"measure": rule.measure, "unit": rule.unit, "units": "m / min"}
    if rule.measure == "share" and rule.unit != "%":
        yield "rule-unit", {"measure": rule.measure, "unit": rule.unit, "units": "%"}
    if rule.measure == "share" and rule.threshold > 100:
        yield "rule-share", {"value": f"{rule.threshold:g}"}
    if rule.measure == "share" and rule.layer == "facilities":
        yield "rule-layer", {"measure": rule.measure, "layer": rule.layer}
    if rule.per_town and rule.measure != "count":
        yield "rule-per-town", {"measure": rule.measure}
    if rule.measure == "distance" and rule.layer != "facilities":
        yield "rule-layer", {"measure": rule.measure, "layer": rule.layer}


def _tell_place(name: str, number: int, item: Any) -> str:
    own = item.get("id") if isinstance(item, dict) else None
    return f"{name} › [[rules]] {number}" + (f"（{own}）" if isinstance(own, str) and own else "")


def _tell_fault(where: str, item: Any) -> GeoplanError:
    """What pydantic objects to, in the planner's language."""
    location, kind, context = item["loc"], item["type"], item.get("ctx", {})
    key = str(location[0]) if location else ""
    place, value = " · ".join([where, *map(str, location)]), quote_value(item["input"])
    if kind == "extra_forbidden":
        return tell_unknown(place, key, RuleTable.model_fields)
    if kind == "literal_error":
        return tell_choice(place, item["input"], _CHOICES[key])
    if kind in BOUNDS:
        return tell_bound(place, value, kind, context)
    return GeoplanError(_WANTED.get(kind, "value-wrong"), where=place, value=value)


_CHOICES: Mapping[str, tuple[str, ...]] = {
    "group": GROUPS,
    "measure": MEASURES,
    "sure": SURE,
    "way": ("network", "straight"),
    "layer": SHOWN_BY,
}
_WANTED = {
    **WANTED,
    "int_from_float": "number-wanted",
    "bool_type": "bool-wanted",
    "list_type": "words-wanted",
    "missing": "key-missing",
    "model_type": "standards-list",
    "string_pattern_mismatch": "rule-id",
}
