from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from geoplan.errors import PublishError
from geoplan.serve import SiteServer, make_server, read_range, serve_site

Answer = tuple[int, dict[str, str], bytes]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SiteServer]:
    site = tmp_path / "site"
    (site / "villages").mkdir(parents=True)
    (site / "index.html").write_text("首页", encoding="utf-8")
    (site / "villages" / "a.html").write_text("村")
    (site / "bytes.gpkg").write_bytes(bytes(range(100)))
    (site / "a.csv").write_text("x")
    (site / ".secret").write_text("x")
    (tmp_path / "outside.txt").write_text("x")
    (site / "link.txt").symlink_to(tmp_path / "outside.txt")
    with make_server(site) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def ask(server: SiteServer, path: str, method: str = "GET", **headers: str) -> Answer:
    with closing(http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=5)) as connection:
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()


def test_the_first_page_comes_as_utf8_and_is_asked_for_anew(server: SiteServer) -> None:
    status, headers, body = ask(server, "/")
    assert (status, body.decode()) == (200, "首页")
    assert headers["Content-Type"] == "text/html; charset=utf-8" and headers["Cache-Control"] == "no-cache"
    assert ask(server, "/a.csv?x=1")[1]["Content-Type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize(
    ("asked", "status", "body", "told"),
    [
        ("bytes=0-9", 206, bytes(range(10)), "bytes 0-9/100"),
        ("bytes=90-", 206, bytes(range(90, 100)), "bytes 90-99/100"),
        ("bytes=-5", 206, bytes(range(95, 100)), "bytes 95-99/100"),
        ("bytes=0-999", 206, bytes(range(100)), "bytes 0-99/100"),
        ("bytes=100-", 416, b"", "bytes */100"),
        ("bytes=-0", 416, b"", "bytes */100"),
        ("bytes=9-2", 200, bytes(range(100)), None),
        ("bytes=0-1,5-6", 200, bytes(range(100)), None),
        ("lines=1-2", 200, bytes(range(100)), None),
    ],
)
def test_a_part_of_a_file_can_be_asked_for(
    server: SiteServer, asked: str, status: int, body: bytes, told: str | None
) -> None:
    answer = ask(server, "/bytes.gpkg", Range=asked)
    assert (answer[0], answer[2], answer[1].get("Content-Range")) == (status, body, told)


def test_head_tells_the_size_and_sends_nothing(server: SiteServer) -> None:
    status, headers, body = ask(server, "/bytes.gpkg", "HEAD")
    assert (status, headers["Content-Length"], body) == (200, "100", b"")


@pytest.mark.parametrize(
    "path",
    ["/villages/", "/../outside.txt", "/%2e%2e/outside.txt", "/..%5coutside.txt", "/link.txt", "/.secret", "/nothing"],
)
def test_nothing_but_the_sites_own_files_is_shown(server: SiteServer, path: str) -> None:
    assert ask(server, path)[0] == 404


def test_a_folder_without_its_slash_is_sent_on_and_never_to_another_host(server: SiteServer) -> None:
    assert ask(server, "/villages")[1]["Location"] == "/villages/"
    assert ask(server, "//villages")[1]["Location"] == "/villages/"


def test_a_page_of_the_web_cannot_ask_under_its_own_name(server: SiteServer) -> None:
    assert ask(server, "/", Host="evil.example")[0] == 403


def test_the_next_port_is_taken_when_one_is_in_use(server: SiteServer) -> None:
    taken = server.server_address[1]
    with make_server(Path(str(server.RequestHandlerClass.keywords["directory"])), taken) as other:  # type: ignore[attr-defined]
        assert other.server_address[1] != taken


def test_a_folder_without_a_site_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="geoplan build"):
        serve_site(tmp_path)


def test_ctrl_c_ends_it_quietly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "index.html").write_text("x")
    said: list[str] = []

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(SiteServer, "serve_forever", interrupt)
    serve_site(tmp_path, 0, tell=said.append)
    assert "http://127.0.0.1:" in said[0]


def test_an_empty_file_has_no_part() -> None:
    assert read_range("bytes=0-", 0) == range(0)
