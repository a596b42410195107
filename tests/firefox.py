"""A real Firefox, driven by its own protocol (WebDriver BiDi), for the tests that shall hold there too.

Firefox as it is installed, without a driver beside it: started headless with an empty profile, with no network, and asked over
a socket on this machine.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

NAMES = ("firefox-esr", "firefox")
PATIENCE_S = 60
PREFERENCES = {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.enabled": False,
    "browser.download.folderList": 2,
}
"""All that a page asks of the network goes to a port where nobody listens."""


def find_firefox() -> str | None:
    """The path of an installed Firefox, or None."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class FirefoxPage:
    """One tab: open an address, ask the page, see what went wrong on it."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._ids = socket, count(1)
        self.errors: list[str] = []
        self.ask("session.new", capabilities={})
        self.ask("session.subscribe", events=["log.entryAdded"])
        self.context = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def ask(self, method: str, **params: Any) -> Any:
        """The result of a command. Raises RuntimeError with what Firefox says where it fails."""
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            told = json.loads(self._socket.recv(timeout=PATIENCE_S))
            if told.get("method") == "log.entryAdded" and told["params"]["level"] == "error":
                self.errors.append(str(told["params"]["text"]))
            if told.get("id") == number:
                if told["type"] == "error":
                    raise RuntimeError(told["message"])
                return told["result"]

    def open(self, address: str, width: int = 1366, height: int = 768) -> None:
        """Open an address and wait until it has loaded."""
        self.ask("browsingContext.setViewport", context=self.context, viewport={"width": width, "height": height})
        self.ask("browsingContext.navigate", context=self.context, url=address, wait="complete")

    def evaluate(self, function: str, *arguments: Any) -> Any:
        """What a function of the page, given JSON, gives back as JSON."""
        call = f"async text => JSON.stringify(await ({function})(...JSON.parse(text)) ?? null)"
        told = self.ask(
            "script.callFunction",
            functionDeclaration=call,
            arguments=[{"type": "string", "value": json.dumps(arguments)}],
            awaitPromise=True,
            target={"context": self.context},
        )
        if told["type"] == "exception":
            raise RuntimeError(told["exceptionDetails"]["text"])
        return json.loads(told["result"]["value"])

    def wait_until_ready(self) -> None:
        """Wait for the mark that every page of a site sets."""
        self.evaluate(
            """async () => {
              const state = document.documentElement.dataset;
              while (!state.geoplan) await new Promise(done => setTimeout(done, 20));
              if (state.geoplan !== "ready") throw new Error(document.querySelector(".failed")?.textContent);
            }"""
        )


@contextmanager
def open_firefox(program: str, profile: Path) -> Iterator[FirefoxPage]:
    """A Firefox with an empty profile and no network, closed at the end."""
    profile.mkdir(parents=True, exist_ok=True)
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
    command = [program, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        try:
            with connect(f"{_read_address(process)}/session", max_size=None) as socket:
                yield FirefoxPage(socket)
        finally:
            process.kill()


def _read_address(process: subprocess.Popen[str]) -> str:
    told: list[str] = []
    for line in process.stderr or ():
        told.append(line)
        if found := re.search(r"WebDriver BiDi listening on (ws://\S+)", line):
            return found[1]
    raise RuntimeError("".join(told))
