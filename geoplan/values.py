"""The small frozen values that every floor may speak: months, findings, and the words of the contract."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

VERSION = "0.1.0"


class Severity(StrEnum):
    """How much a finding matters: an error forbids the map, a warning is a doubt, an info is a note."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Stage(StrEnum):
    """The four steps of a project (谋划、储备、建设、达效梯次格局)."""

    PROPOSED = "谋划"
    RESERVED = "储备"
    BUILDING = "建设"
    EFFECTIVE = "达效"


class Light(StrEnum):
    """How a project stands against its own plan in one month."""

    DONE = "done"
    ON_TIME = "on-time"
    LATE = "late"
    VERY_LATE = "very-late"
    NOT_STARTED = "not-started"
    UNREPORTED = "unreported"


class State(StrEnum):
    """How a village stands with a kind of facility; what nobody knows is never missing."""

    HAS = "has"
    OLD = "old"
    BUILDING = "building"
    PLANNED = "planned"
    LACKS = "lacks"
    UNKNOWN = "unknown"


class Method(StrEnum):
    """By what evidence a project was put on the map, strongest first."""

    GEOMETRY = "geometry"
    COORDINATES = "coordinates"
    FEATURE = "feature"
    CODE = "code"
    NAME = "name"
    ALIAS = "alias"
    TOWN = "town"
    COUNTY = "county"
    UNPLACED = "unplaced"


class Reason(StrEnum):
    """Why a project could not be put on the map; empty for one that could."""

    NONE = ""
    NO_PLACE = "no-place"
    UNKNOWN_PLACE = "unknown-place"
    AMBIGUOUS_PLACE = "ambiguous-place"
    OUTSIDE_AREA = "outside-area"
    UNREADABLE_GEOMETRY = "unreadable-geometry"


LAYER_KINDS = (
    "towns",
    "villages",
    "settlements",
    "greenhouses",
    "sheds",
    "roads",
    "sewers",
    "facilities",
    "rivers",
    "farmland",
    "landuse",
    "terrain",
    "other",
)
LEDGER_KINDS = ("projects", "progress", "tasks", "villages", "facilities", "issues")


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month, the grain of all planning (项目实施时间精准到月)."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1900 <= self.year <= 2999 and 1 <= self.month <= 12):
            raise ValueError(f"no such month: {self.year}-{self.month}")

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read ``YYYY-MM``. Raises ValueError for anything else."""
        found = re.fullmatch(r"(\d{4})-(\d{2})", text)
        if not found:
            raise ValueError(f"not a month: {text!r}")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def from_index(cls, index: int) -> Month:
        """The month that many months after the year 0; the reverse of :attr:`index`."""
        return cls(index // 12, index % 12 + 1)

    @property
    def index(self) -> int:
        """Months since the year 0, so that months can be subtracted."""
        return self.year * 12 + self.month - 1

    def __add__(self, months: int) -> Month:
        return Month.from_index(self.index + months)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


def list_months(first: Month, last: Month) -> Iterator[Month]:
    """Every month from ``first`` to ``last``, both included; none if ``last`` is earlier."""
    return (Month.from_index(index) for index in range(first.index, last.index + 1))


@dataclass(frozen=True, order=True, slots=True)
class Where:
    """A place in the planner's own files: file, sheet, the rows that Excel shows, and the heading."""

    file: str = ""
    sheet: str = ""
    rows: tuple[int, ...] = ()
    column: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong or noteworthy in the data; collected, never raised.

    ``code`` is a stable word; the sentence that a planner reads is made of it and of
    ``facts`` by :func:`geoplan.wording.describe`, in the language of the workspace.
    """

    severity: Severity
    code: str
    where: Where = Where()
    facts: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, severity: Severity, code: str, where: Where = Where(), /, **facts: object) -> Finding:
        """Make a finding; ``facts`` fill the placeholders of its sentence, whatever they are called."""
        return cls(severity, code, where, tuple((key, str(value)) for key, value in facts.items()))

    def as_dict(self) -> Mapping[str, str]:
        """The facts, by name."""
        return dict(self.facts)
