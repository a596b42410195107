"""The cut-off month, and the months that can be looked back on."""

from __future__ import annotations

import pandas as pd

from geoplan.analyse.progress import choose_month, list_return_months
from geoplan.values import Finding, Month, Severity


def settle_months(
    projects: pd.DataFrame, returns: pd.DataFrame, month: Month | None
) -> tuple[Month | None, list[Month], list[Finding]]:
    """The cut-off month, every month with returns up to it (the cut-off last), and what is odd about them.

    ``month`` is the one asked for; without it, the newest of the ledgers is taken. None if no ledger names any.
    """
    cutoff = month or choose_month(projects, returns)
    if cutoff is None:
        return None, [], [Finding.of(Severity.WARNING, "month-unknown")] if len(projects) else []
    reported = [item for item in list_return_months(returns) if item <= cutoff]
    findings = []
    if month is None and not list_return_months(returns):
        findings.append(Finding.of(Severity.WARNING, "month-without-any-returns", month=cutoff))
    if reported and cutoff not in reported:
        findings.append(Finding.of(Severity.WARNING, "month-without-returns", month=cutoff, newest=reported[-1]))
    return cutoff, sorted({*reported, cutoff}), findings
