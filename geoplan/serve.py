"""A built site on 127.0.0.1: what a browser needs beyond ``file://``, and nothing that leaves the machine.

The standard library's server ignores Range; here a part of a file is answered with 206, so that large
files can be read piece by piece.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, BinaryIO

from geoplan.errors import PublishError
from geoplan.files import lies_within
from geoplan.wording import say

HOST = "127.0.0.1"
FIRST_PORT = 8000
TRIED_PORTS = 20
"""How many ports after the one asked for are tried when it is taken."""

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".gpkg": "application/geopackage+sqlite3",
}
"""Told here, because Windows' registry may say otherwise (a .js as plain text, which browsers then refuse)."""


class SiteServer(ThreadingHTTPServer):
    """A server for one folder; the address in :attr:`address`."""

    daemon_threads = True
    allow_reuse_address = False

    @property
    def address(self) -> str:
        """Where the site is, for the address bar."""
        return f"http://{HOST}:{self.server_address[1]}/"


def serve_site(
    folder: Path | str, port: int = FIRST_PORT, *, language: str = "zh", tell: Callable[[str], object] = print
) -> None:
    """Show a built site on this machine until Ctrl+C.

    ``port`` taken: the next free one of a few; 0: any. ``tell`` is given the address.

    Raises PublishError: there is no site in the folder, or no port is free.
    """
    with make_server(folder, port) as server:
        tell(say("serve.address", language, address=server.address))
        with suppress(KeyboardInterrupt):
            server.serve_forever()


def make_server(folder: Path | str, port: int = 0) -> SiteServer:
    """A server that is ready to run. Raises PublishError: there is no site in the folder, or no port is free."""
    root = Path(folder).resolve()
    if not (root / "index.html").is_file():
        raise PublishError("serve-missing", folder=root)
    handler = partial(SiteHandler, directory=str(root))
    ports = range(port, min(port + TRIED_PORTS, 65536)) if port else (0,)
    why = ""
    for tried in ports:
        try:
            return SiteServer((HOST, tried), handler)
        except OSError as fault:
            why = fault.strerror or str(fault)
    raise PublishError("serve-port-used", port=port, why=why)


class SiteHandler(SimpleHTTPRequestHandler):
    """GET and HEAD of the files of one folder: with ranges, without listings, always asked for anew."""

    server_version = "geoplan"
    sys_version = ""
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Send a file or the part of it that was asked for."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """Send what :meth:`do_GET` would, without the body."""
        self._answer(with_body=False)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Say nothing: the terminal is for the address."""

    def list_directory(self, path: Any) -> None:  # noqa: ARG002 - the base class's own signature
        """Refuse to list a folder."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def guess_type(self, path: Any) -> str:
        """The media type, with UTF-8 for all text."""
        return _TYPES.get(Path(path).suffix.lower(), "application/octet-stream")

    def _answer(self, *, with_body: bool) -> None:
        plain = self.path.split("?", 1)[0].split("#", 1)[0]
        path = Path(self.translate_path(plain))
        if not self._is_local():
            self.send_error(HTTPStatus.FORBIDDEN)
        elif path.is_dir() and not plain.endswith("/"):
            self._send_on(plain)
        elif not self._may_show(file := path / "index.html" if path.is_dir() else path):
            self.send_error(HTTPStatus.NOT_FOUND)
        else:
            self._send_file(file, with_body=with_body)

    def _is_local(self) -> bool:
        """Whether the page was asked for under this machine's own name; another's name may be a page on the web."""
        return (self.headers.get("Host") or HOST).rsplit(":", 1)[0] in (HOST, "localhost")

    def _may_show(self, path: Path) -> bool:
        root = Path(self.directory)
        if not (path.is_file() and lies_within(path, root)):
            return False
        return not any(part.startswith(".") for part in path.relative_to(root).parts)

    def _send_on(self, plain: str) -> None:
        self.send_response(HTTPStatus.MOVED_PERMANENTLY)
        self.send_header("Location", f"/{plain.lstrip('/')}/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send_file(self, file: Path, *, with_body: bool) -> None:
        with file.open("rb") as body:
            size = file.stat().st_size
            part = read_range(self.headers.get("Range"), size)
            self._send_head(file, size, part)
            if with_body:
                self._send_part(body, range(size) if part is None else part)

    def _send_head(self, file: Path, size: int, part: range | None) -> None:
        if part is None:
            self.send_response(HTTPStatus.OK)
        elif not part:
            self.send_response(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
            self.send_header("Content-Range", f"bytes */{size}")
        else:
            self.send_response(HTTPStatus.PARTIAL_CONTENT)
            self.send_header("Content-Range", f"bytes {part.start}-{part.stop - 1}/{size}")
        self.send_header("Content-Type", self.guess_type(file.name))
        self.send_header("Content-Length", str(size if part is None else len(part)))
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Cache-Control", "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()

    def _send_part(self, body: BinaryIO, part: range) -> None:
        body.seek(part.start)
        left = len(part)
        try:
            while left and (piece := body.read(min(left, io.DEFAULT_BUFFER_SIZE * 16))):
                self.wfile.write(piece)
                left -= len(piece)
        except ConnectionError:
            self.close_connection = True


def read_range(header: str | None, size: int) -> range | None:
    """The bytes that a Range header asks for: None where all is to be sent, an empty range where there are none."""
    found = _RANGE.fullmatch((header or "").replace(" ", ""))
    first, last = found.groups() if found else ("", "")
    if not (first or last) or (first and last and int(last) < int(first)):
        return None
    if not first:
        return range(max(size - int(last), 0), size)
    return range(int(first), min(int(last) + 1, size) if last else size)
