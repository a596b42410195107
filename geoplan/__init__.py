"""geoplan: spatial layers and project ledgers of a county, joined into maps, charts and lists that open offline.

The verbs of the command line are here too::

    import geoplan

    workspace = geoplan.open_workspace("layers")
    plan = geoplan.check(workspace)  # geoplan.frames.Plan: layers, projects, placements, progress, findings
    site = geoplan.build(workspace)
    map_ = geoplan.draw_distribution(plan)  # a folium.Map that needs no network once saved

Everything is imported when it is first used, so that ``import geoplan`` is quick.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from geoplan.values import VERSION

if TYPE_CHECKING:
    from geoplan.analyse.gaps.find import find_gaps
    from geoplan.analyse.gaps.links import plan_links
    from geoplan.analyse.gaps.sites import choose_sites
    from geoplan.analyse.network.build import build_network
    from geoplan.analyse.network.reach import measure_reach
    from geoplan.draw.layer import CompactLayer
    from geoplan.draw.offline import OfflineMap, save_offline
    from geoplan.draw.style import Look, Style, categorise, classify
    from geoplan.draw.webmap import draw_distribution
    from geoplan.errors import GeoplanError
    from geoplan.pipeline import build_site as build
    from geoplan.pipeline import check_workspace as check
    from geoplan.publish import publish_site as publish
    from geoplan.standards import load_standards
    from geoplan.workspace import Workspace, open_workspace

__version__ = VERSION
__all__ = [
    "CompactLayer",
    "GeoplanError",
    "Look",
    "OfflineMap",
    "Style",
    "Workspace",
    "__version__",
    "build",
    "build_network",
    "categorise",
    "check",
    "choose_sites",
    "classify",
    "draw_distribution",
    "find_gaps",
    "load_standards",
    "measure_reach",
    "open_workspace",
    "plan_links",
    "publish",
    "save_offline",
]

_PLACES = {
    "CompactLayer": ("geoplan.draw.layer", "CompactLayer"),
    "Look": ("geoplan.draw.style", "Look"),
    "Style": ("geoplan.draw.style", "Style"),
    "categorise": ("geoplan.draw.style", "categorise"),
    "classify": ("geoplan.draw.style", "classify"),
    "GeoplanError": ("geoplan.errors", "GeoplanError"),
    "OfflineMap": ("geoplan.draw.offline", "OfflineMap"),
    "Workspace": ("geoplan.workspace", "Workspace"),
    "build": ("geoplan.pipeline", "build_site"),
    "build_network": ("geoplan.analyse.network.build", "build_network"),
    "check": ("geoplan.pipeline", "check_workspace"),
    "choose_sites": ("geoplan.analyse.gaps.sites", "choose_sites"),
    "draw_distribution": ("geoplan.draw.webmap", "draw_distribution"),
    "find_gaps": ("geoplan.analyse.gaps.find", "find_gaps"),
    "load_standards": ("geoplan.standards", "load_standards"),
    "measure_reach": ("geoplan.analyse.network.reach", "measure_reach"),
    "open_workspace": ("geoplan.workspace", "open_workspace"),
    "plan_links": ("geoplan.analyse.gaps.links", "plan_links"),
    "publish": ("geoplan.publish", "publish_site"),
    "save_offline": ("geoplan.draw.offline", "save_offline"),
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'geoplan' has no attribute {name!r}")
    module, attribute = _PLACES[name]
    return getattr(import_module(module), attribute)


class _Package(ModuleType):
    """A verb stays a verb when the room of its name (``check``, ``publish``) is imported."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _PLACES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __dir__() -> list[str]:
    return sorted(__all__)
