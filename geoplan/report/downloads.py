"""The folder ``downloads/`` of a site: what others take along, as CSV, Excel and GeoPackage."""

from __future__ import annotations

from pathlib import Path

from geoplan.frames import Plan
from geoplan.reply.model import compose_reply
from geoplan.report.findings import write_findings
from geoplan.report.gapbook import write_gapbook
from geoplan.report.gaps import tabulate_gaps
from geoplan.report.layers import write_layers
from geoplan.report.ledger import write_ledger
from geoplan.report.tables import tabulate_findings, tabulate_placements, tabulate_progress, write_csv
from geoplan.report.tasks import write_tasks
from geoplan.report.workbook import Imprint
from geoplan.workspace import Workspace


def write_downloads(folder: Path, workspace: Workspace, plan: Plan) -> None:
    """Write every download of a plan into a folder, which is made if it is not there.

    Raises OutputError: no room or no right to write.
    """
    folder.mkdir(parents=True, exist_ok=True)
    imprint = Imprint.of(workspace, plan)
    month = plan.select_month()
    write_csv(folder / "placements.csv", *tabulate_placements(plan.projects, plan.placements))
    write_csv(folder / "progress.csv", *tabulate_progress(plan.projects, plan.placements, month, plan.gazetteer))
    if plan.gaps is not None:
        write_csv(folder / "gaps.csv", *tabulate_gaps(plan, plan.gaps, workspace.language))
        write_gapbook(folder / "gaps.xlsx", imprint, plan, plan.gaps)
    write_csv(folder / "findings.csv", *tabulate_findings(plan.findings, workspace.language))
    write_findings(folder / "findings.xlsx", imprint, compose_reply(plan))
    write_ledger(folder / "ledger.xlsx", imprint, plan)
    write_tasks(folder, imprint, plan.tasks, plan.gazetteer)
    write_layers(folder / "layers.gpkg", plan, workspace.language)
