"""What ``geoplan check`` leaves beside ``geoplan.toml``: the findings and the open questions, and nothing else."""

from __future__ import annotations

from geoplan.frames import Plan
from geoplan.report.review import write_findings, write_review
from geoplan.report.workbook import Imprint
from geoplan.workspace import Workspace

FINDINGS_BOOK, REVIEW_BOOK = "findings.xlsx", "review.xlsx"


def write_check_books(workspace: Workspace, plan: Plan) -> None:
    """Write ``findings.xlsx`` and ``review.xlsx`` beside ``geoplan.toml``.

    Raises OutputError: one of them is open in Excel, or there is no room or no right to write.
    """
    imprint = Imprint.of(workspace, plan)
    write_findings(workspace.folder / FINDINGS_BOOK, imprint, plan.findings)
    write_review(workspace.folder / REVIEW_BOOK, imprint, plan)
