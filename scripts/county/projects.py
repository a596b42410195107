"""What a project of the sample county is, and what geoplan ought to make of it."""

from __future__ import annotations

from dataclasses import dataclass, field

FUNDS = ("中央", "自治区", "市", "县", "闽宁协作", "债券", "其他")
Months = tuple[int, int]
"""Year and month."""


@dataclass(frozen=True)
class Expected:
    """The answer key of one row: how geoplan ought to place it."""

    method: str
    codes: tuple[str, ...] = ()
    reason: str = ""
    unresolved: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Spot:
    """A place as the clerk wrote it, and the answer."""

    expected: Expected
    town: str = ""
    place: str = ""
    code: str = ""
    lon: float | None = None
    lat: float | None = None
    label: str = ""
    """What stands in the project's name: 香水镇园子村; empty for none."""


@dataclass(frozen=True)
class Project:
    """One row of a ledger. Money is whole 分 (0.01 元), so that sums are exact."""

    key: str
    name: str
    kind: str
    subkind: str
    nature: str
    stage: str
    priority: int
    spot: Spot
    content: str
    quantity: str
    unit: str
    funds: dict[str, int] | None
    start: Months
    end: Months
    lead: str
    coop: str
    responsible: str
    person: str
    real: bool = False
    remark: str = ""
    book: str = "main"
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def amount(self) -> int | None:
        """All sources together, in 分; None where nothing is written."""
        return None if self.funds is None else sum(self.funds.values())


def count_months(month: Months) -> int:
    """Months since the year 0."""
    return month[0] * 12 + month[1] - 1


def shift_month(month: Months, months: int) -> Months:
    """That many months later."""
    index = count_months(month) + months
    return index // 12, index % 12 + 1
