"""Run mutants through geoplan's own command line in a process of its own, and write what was wrong with each.

``python -m mutants.run FOLDER SEED FIRST LAST FORMAT …``: a line of JSON a mutant into ``FOLDER/log.jsonl``, one when
it begins and one when it ends, so that whoever started this knows which one broke the process.
"""

from __future__ import annotations

import contextlib
import faulthandler
import io
import json
import os
import re
import resource
import shutil
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

LIMIT = 30
"""Seconds for one mutant, on a busy machine; most take a tenth of one."""
EVERY_BUILD = 15
WRITTEN = {"findings.xlsx", "review.xlsx"}
NOISE = re.compile(r"Traceback|Warning|\bERROR\b|panicked|Error \d|warning:", re.IGNORECASE)


class Watch:
    """One mutant's run: where it may write, what it printed, the plan that was made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.quiet = [folder / name for name in ("cwd", "tmp", "home")]
        for place in self.quiet:
            place.mkdir(parents=True)
        self.plans: list[Any] = []
        self.noise = folder / "stderr.txt"
        self.noise.write_bytes(b"")
        os.environ.update({"TMPDIR": str(self.quiet[1]), "HOME": str(self.quiet[2])})
        os.chdir(self.quiet[0])
        os.dup2(os.open(self.noise, os.O_WRONLY | os.O_APPEND), 2)

    def spy(self) -> None:
        """Keep the plan that the command makes."""
        from geoplan import pipeline

        gather = pipeline.gather_plan

        def keep(*given: Any, **named: Any) -> Any:
            plan = gather(*given, **named)
            self.plans.append(plan)
            return plan

        pipeline.gather_plan = keep

    def run(self, workspace: Path, verb: str) -> dict[str, Any]:
        """Exit status, output, what is wrong."""
        from geoplan.cli import main

        self.plans.clear()
        before, printed, heard = _take_tree(workspace), io.StringIO(), self.noise.stat().st_size
        wrong: list[str] = []
        status: Any = 0
        with contextlib.redirect_stdout(printed):
            try:
                main([verb, "--json", str(workspace)])
            except SystemExit as stop:
                status = stop.code or 0
            except BaseException:  # noqa: BLE001 -- whatever else comes is what is looked for
                status = "traceback"
                wrong.append(traceback.format_exc()[-2500:])
        sys.stderr.flush()
        said = self.noise.read_bytes()[heard:].decode("utf-8", "replace")
        wrong += self.judge(workspace, verb, status, before, printed.getvalue(), said)
        return {"status": status, "wrong": wrong}

    def judge(
        self, workspace: Path, verb: str, status: Any, before: dict[str, bytes], printed: str, said: str
    ) -> list[str]:
        wrong = [] if status in (0, 1, 2) else [f"exit status {status}"]
        if NOISE.search(said):
            wrong.append(f"noise: {said[:600]}")
        wrong += [f"left behind: {item}" for place in self.quiet for item in place.rglob("*")]
        after = _take_tree(workspace)
        wrong += [f"changed: {name}" for name in before if after.get(name) != before[name] and name not in WRITTEN]
        allowed = WRITTEN if verb == "check" else set()
        new = [
            name
            for name in after
            if name not in before and name not in allowed and not (status == 0 and name.startswith("maps/"))
        ]
        wrong += [f"written: {name}" for name in new]
        wrong += _judge_output(printed)
        wrong += [fault for plan in self.plans for fault in judge_plan(plan)]
        return wrong


def _take_tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _judge_output(printed: str) -> list[str]:
    try:
        told = json.loads(printed)
    except ValueError:
        return [f"no JSON: {printed[:200]!r}"]
    words = [finding[part] for finding in told.get("list", []) for part in ("message", "remedy")]
    return [f"placeholder: {text}" for text in words if re.search(r"(?<![\w$%]){[a-z_]+}", text)][:1]


def judge_plan(plan: Any) -> list[str]:
    """Rows in = rows placed + rows explained."""
    drawn = [layer for layer in plan.layers if layer.frame is not None]
    wrong = [
        f"{layer.path}: {layer.source.rows} rows, {len(layer.frame)} kept, {layer.dropped} dropped"
        for layer in drawn
        if layer.source.rows != len(layer.frame) + layer.dropped
    ]
    placed = plan.placements
    if sorted(placed["key"]) != sorted(plan.projects["key"]):
        wrong.append(f"{len(plan.projects)} projects, {len(placed)} placements")
    unexplained = [
        row
        for row in placed.to_dict("records")
        if not row["codes"] and not row["reason"] and row["method"] == "unplaced"
    ]
    wrong += [f"no reason: {row['key']}" for row in unexplained]
    wrong += _judge_sheets(plan)
    return wrong


def _judge_sheets(plan: Any) -> list[str]:
    """Each row between the heading and the last one is a record, or said to be none."""
    wrong = []
    for finding in plan.findings:
        if finding.code == "sheet-read":
            facts = {key: int(value) for key, value in finding.facts if value.isdigit()}
            told = sum(facts[key] for key in ("records", "totals", "groups", "notes", "headings", "blanks"))
            if "last" in facts and told < facts["last"] - facts["heading"]:
                wrong.append(f"rows not accounted for: {finding.facts}")
    return wrong


def main(given: list[str]) -> None:
    """Run the mutants ``FIRST`` to ``LAST`` of some formats."""
    from mutants.bases import make_base
    from mutants.make import make_mutant

    folder, seed, first, last = Path(given[0]), int(given[1]), int(given[2]), int(given[3])
    watch = Watch(folder / "watched")
    watch.spy()
    log: Callable[..., int]
    with (folder / "log.jsonl").open("a", buffering=1, encoding="utf-8") as file:
        log = lambda **line: file.write(json.dumps(line, ensure_ascii=False) + "\n")  # noqa: E731
        for number in range(first, last):
            for form in given[4:]:
                _run_one(watch, make_mutant(make_base(form), seed, number), folder, number, log)
    _leave(folder)


def _run_one(watch: Watch, mutant: Any, folder: Path, number: int, log: Callable[..., int]) -> None:
    workspace = folder / "mutants" / mutant.name.split(":")[0]
    mutant.write(workspace)
    verb = "build" if number % EVERY_BUILD == EVERY_BUILD - 1 and mutant.role != "settings" else "check"
    log(begun=mutant.name, verb=verb)
    began = time.perf_counter()
    faulthandler.dump_traceback_later(LIMIT, exit=True)
    told = watch.run(workspace, verb)
    faulthandler.cancel_dump_traceback_later()
    log(ended=mutant.name, verb=verb, seconds=round(time.perf_counter() - began, 2), **told)
    if not told["wrong"]:
        shutil.rmtree(workspace)
    else:
        for place in watch.quiet:
            for item in place.iterdir():
                shutil.rmtree(item) if item.is_dir() else item.unlink()


def _leave(folder: Path) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    (folder / "done.json").write_text(json.dumps({"peak_mb": round(peak)}))


if __name__ == "__main__":
    main(sys.argv[1:])
