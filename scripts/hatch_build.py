"""hatchling's hook: bundle the pages before geoplan is packed, so that the wheel carries them."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WebBuildHook(BuildHookInterface[Any]):
    """Runs ``scripts/build_web.py`` for a wheel, an editable install too; an sdist carries the sources instead."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling calls it so
        """Bring the bundles up to date; ends the build with a plain sentence if that cannot be done."""
        build_web = _load_build_web(Path(self.root) / "scripts" / "build_web.py")
        try:
            build_web.build_web()
        except build_web.WebBuildError as error:
            raise SystemExit(f"geoplan's pages cannot be bundled: {error}") from None


def _load_build_web(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("geoplan_build_web", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} is missing")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
