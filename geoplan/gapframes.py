"""TEMPORARY while this is being built: import from geoplan.frames.gaps instead (this file will be deleted)."""

from geoplan.frames.gaps import *  # noqa: F403
from geoplan.frames.gaps import Gaps, PlanYear, list_where  # noqa: F401
