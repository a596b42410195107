"""What ``geoplan check`` leaves beside ``geoplan.toml``: the findings and the open questions, and nothing else."""

from __future__ import annotations

from dataclasses import replace

from geoplan.frames import Plan
from geoplan.reply.model import compose_reply
from geoplan.report.findings import write_findings
from geoplan.report.review import follow_answers, write_review
from geoplan.report.workbook import Imprint
from geoplan.workspace import WRITTEN_NAMES, Workspace

FINDINGS_BOOK, REVIEW_BOOK = WRITTEN_NAMES


def write_check_books(workspace: Workspace, plan: Plan) -> Plan:
    """Write ``findings.xlsx`` and ``review.xlsx`` beside ``geoplan.toml``; gives the plan whose findings fit them.

    Raises OutputError: one of them is open in Excel, or there is no room or no right to write.
    """
    plan = replace(plan, findings=follow_answers(plan, workspace.language))
    imprint = Imprint.of(workspace, plan)
    write_findings(workspace.folder / FINDINGS_BOOK, imprint, compose_reply(plan), linked=True)
    write_review(workspace.folder / REVIEW_BOOK, imprint, plan)
    return plan
