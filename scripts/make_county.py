"""Make the sample county ``layers/``: real names, outline and plan; made borders, roads, money and months.

    python scripts/make_county.py [--out DIR]

The same inputs (``layers/source/``) give the same bytes. What is real and what is made: ``layers/说明.md``.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from county.course import run_projects, write_returns
from county.inventory import write_inventory
from county.layer_files import write_layers
from county.ledgers import write_ledgers
from county.made import make_projects
from county.plan import read_plan_projects
from county.returns import write_returns_books
from county.small_files import write_aliases, write_answers, write_profiles
from county.spots import Namer
from county.tasks import write_tasks
from county.world import make_world

LAYERS = Path(__file__).resolve().parents[1] / "layers"


def make_county(folder: Path) -> None:
    """Write every made file of the sample county into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    world = make_world()
    write_layers(world, folder)
    projects = read_plan_projects() + make_projects(Namer(world))
    courses = run_projects(projects)
    origins = write_ledgers(projects, courses, folder)
    write_returns_books(write_returns(courses), folder)
    write_tasks(folder)
    write_aliases(folder)
    write_profiles(world, folder)
    write_inventory(world, folder)
    copy_written(folder)
    write_answers(projects, origins, world.road_notes, folder / "source")


def copy_written(folder: Path) -> None:
    """Bring along what is written by hand, so that the folder is a whole workspace."""
    for name in ("geoplan.toml", "说明.md"):
        if folder.resolve() != LAYERS:
            shutil.copyfile(LAYERS / name, folder / name)


def main() -> int:
    """Read the arguments and make the county; 0 when done."""
    parser = argparse.ArgumentParser(description="Make the sample county (layers/).")
    parser.add_argument("--out", type=Path, default=LAYERS, help="folder to write into (default: layers/)")
    make_county(parser.parse_args().out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
