"""One family of errors: what keeps geoplan from going on.

::

    GeoplanError            exit status 2
    ├── WorkspaceError      geoplan.toml is missing or wrong, or names what may not be read
    ├── ReadError           a file cannot be read at all
    ├── OutputError         the output folder cannot be used: not ours, no room, no rights
    ├── PublishError        a site cannot be published or rolled back
    └── FindingsError       exit status 1: findings forbid going on

What is wrong in the data is a :class:`geoplan.values.Finding` and is never raised.
Anything else that is raised is a fault of geoplan and shows its traceback.
"""

from __future__ import annotations

from collections.abc import Sequence

from geoplan.wording import say


class GeoplanError(Exception):
    """geoplan cannot go on; ``text`` says what, where, what was expected and what to do."""

    exit_status = 2

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def text(self, language: str = "zh") -> str:
        """The sentence for a planner, from the catalogue entry ``error.<code>``."""
        return say(f"error.{self.code}", language, **self.facts)

    def __str__(self) -> str:
        return self.text()


class WorkspaceError(GeoplanError):
    """``geoplan.toml`` is missing or wrong; holds every fault that was found, not the first."""

    def __init__(self, faults: Sequence[GeoplanError], file: str, language: str = "zh") -> None:
        super().__init__("workspace", file=file, count=len(faults))
        self.faults = tuple(faults)
        self.language = language

    def text(self, language: str | None = None) -> str:
        """All faults, one a line, under one heading; a file that is not there is a sentence of its own."""
        chosen = language or self.language
        if [fault.code for fault in self.faults] in (["toml-missing"], ["workspace-missing"]):
            return self.faults[0].text(chosen)
        head = say("error.workspace", chosen, **self.facts)
        return "\n".join([head, *(f"  {fault.text(chosen)}" for fault in self.faults)])


class ReadError(GeoplanError):
    """A file cannot be read at all."""


class OutputError(GeoplanError):
    """The output folder cannot be used."""


class PublishError(GeoplanError):
    """A site cannot be published or rolled back."""


class FindingsError(GeoplanError):
    """Findings forbid going on."""

    exit_status = 1
