"""The environment that ``demo.py`` and ``test.py`` make for themselves: ``.venv-geoplan`` beside this folder.

Only the standard library is used here, since nothing else is there yet. Every package comes from a lock with
hashes; the project itself is put in as it stands (editable), so that a change in it needs no new installation.
A step that cannot be done ends with one sentence and what to do (:class:`StepError`, exit status 2).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".venv-geoplan"
STATE = FOLDER / "geoplan-state.json"
LOCKS = {"demo": ROOT / "requirements.lock", "test": ROOT / "requirements-dev.lock"}
ROOM_NEEDED_MB = {"demo": 1500, "test": 2000}
DEBIAN_BROWSER = ("chromium", "fonts-noto-cjk", "fontconfig")
FIREFOX_NAMES = ("firefox-esr", "firefox")
BROWSER_NAMES = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "microsoft-edge-stable", "msedge"),
)
BROWSER_PLACES = (
    "{PROGRAMFILES}/Google/Chrome/Application/chrome.exe",
    "{PROGRAMFILES(X86)}/Google/Chrome/Application/chrome.exe",
    "{LOCALAPPDATA}/Google/Chrome/Application/chrome.exe",
    "{PROGRAMFILES(X86)}/Microsoft/Edge/Application/msedge.exe",
    "{PROGRAMFILES}/Microsoft/Edge/Application/msedge.exe",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)


class StepError(Exception):
    """A step cannot be done; the text says why and what to do, in Chinese and English."""


def say(chinese: str, english: str) -> None:
    """One line of what is being done, at once even into a pipe."""
    print(f"» {chinese} | {english}", flush=True)


def prepare_console() -> None:
    """Let Chinese through a console of any encoding."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def prepare_environment(kind: str) -> Path:
    """Bring the environment up to date for ``demo`` or ``test`` and return its Python. Raises StepError."""
    python = _find_python()
    state = _read_state()
    if not _works(python):
        _make_environment(kind)
        state = {}
    wanted = _digest(LOCKS[kind], sys.version)
    # what the tests need holds all that the demo needs
    if wanted != state.get(kind) and not (kind == "demo" and _digest(LOCKS["test"], sys.version) == state.get("test")):
        _check_room(kind)
        _install_packages(python, LOCKS[kind])
        state[kind] = wanted
        _write_state(state)
    _bundle_pages(python)
    project = _digest(ROOT / "pyproject.toml", str(ROOT))
    if project != state.get("project"):
        _install_project(python)
        state["project"] = project
        _write_state(state)
    return python


def run(command: Sequence[str | Path], **settings: str) -> int:
    """Run a command in the repository with its output shown; ``settings`` are added to the environment."""
    environment = dict(_make_variables(), **settings)
    sys.stdout.flush()
    return subprocess.run([str(part) for part in command], cwd=ROOT, env=environment, check=False).returncode


# --- Python -----------------------------------------------------------------------------------------------------------


def _find_python() -> Path:
    return FOLDER / "Scripts" / "python.exe" if os.name == "nt" else FOLDER / "bin" / "python"


def _works(python: Path) -> bool:
    """Whether the environment's Python runs, is of this version, and has pip."""
    if not python.is_file():
        return False
    code = f"import sys, pip; sys.exit(sys.version_info[:2] != {sys.version_info[:2]!r})"
    try:
        return subprocess.run([str(python), "-c", code], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def _make_environment(kind: str) -> None:
    say(f"新建运行环境 {FOLDER.name}", f"making the environment {FOLDER.name}")
    _check_room(kind)
    shutil.rmtree(FOLDER, ignore_errors=True)
    status, tail = _run_quietly([sys.executable, "-m", "venv", str(FOLDER)])
    if status:
        shutil.rmtree(FOLDER, ignore_errors=True)
        raise StepError(_explain_venv(tail))


def _explain_venv(tail: str) -> str:
    if "ensurepip" in tail or "No module named venv" in tail:
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        return (
            f"此 Python 没有 venv 模块。请先运行：apt-get install {package}（或 python3-venv）\n"
            f"This Python has no venv module. Run: apt-get install {package} (or python3-venv), then try again."
        )
    return f"无法新建运行环境。\nThe environment cannot be made in {FOLDER}:\n{tail}"


def _check_room(kind: str) -> None:
    needed = ROOM_NEEDED_MB[kind] if not (FOLDER / "pyvenv.cfg").is_file() else 300
    free = shutil.disk_usage(ROOT).free // 1_000_000
    if free < needed:
        raise StepError(
            f"磁盘空间不足：需要约 {needed} MB，只剩 {free} MB（{ROOT}）。\n"
            f"Not enough room: about {needed} MB are needed, {free} MB are free in {ROOT}."
        )


# --- packages ---------------------------------------------------------------------------------------------------------


def _install_packages(python: Path, lock: Path) -> None:
    total = sum("==" in line for line in lock.read_text(encoding="utf-8").splitlines())
    say(f"安装约 {total} 个软件包，首次需要几分钟", f"installing about {total} packages; a few minutes the first time")
    # --only-binary: a package that would have to be compiled is told at once instead of failing in its compiler
    options = ["--require-hashes", "--only-binary", ":all:", "-r", str(lock)]
    status, tail = _run_quietly([str(python), "-m", "pip", "install", *options], counted="Collecting")
    if status:
        raise StepError(_explain_pip(tail))


def _explain_pip(tail: str) -> str:
    if "No space left" in tail or "Errno 28" in tail or "WinError 112" in tail:
        reason = ("磁盘空间不足", "The disk is full")
    elif "THESE PACKAGES DO NOT MATCH THE HASHES" in tail:
        reason = ("下载的软件包与校验值不符，请换一个镜像", "A package does not match its hash; try another mirror")
    elif "NewConnectionError" in tail or "ConnectTimeout" in tail or "timed out" in tail or "ProxyError" in tail:
        reason = (
            "连不上软件包源：请检查网络、代理，或用 pip config 设置本单位可用的镜像",
            "The package index cannot be reached: check the network and proxy, or set a mirror with pip config",
        )
    elif "No matching distribution" in tail or "Could not find a version" in tail:
        reason = (
            "软件包源没有适合本机的软件包：请检查网络，并使用 64 位 Windows 或 Linux 上的 Python 3.11–3.13",
            "The index has no package for this machine: check the network; 64-bit Windows or Linux is needed",
        )
    else:
        reason = ("pip 安装失败", "pip failed")
    return f"{reason[0]}。\n{reason[1]}.\n{tail}"


def _bundle_pages(python: Path) -> None:
    """Bundle the pages' scripts (at once if nothing has changed)."""
    status, tail = _run_quietly([str(python), str(ROOT / "scripts" / "build_web.py")])
    if status:
        raise StepError(f"网页脚本打包失败。\nThe pages' scripts cannot be bundled.\n{tail}")


def _install_project(python: Path) -> None:
    say("安装 geoplan", "installing geoplan")
    options = ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    status, tail = _run_quietly([str(python), "-m", "pip", "install", *options])
    if status:
        raise StepError(f"geoplan 安装失败。\ngeoplan could not be installed.\n{tail}")
    _escape_path(python)


def _escape_path(python: Path) -> None:
    """Write the editable install's path so that Python reads it alike in every locale.

    Before Python 3.13 a ``.pth`` file is read in the system's code page, which breaks a Chinese folder's name.
    """
    if str(ROOT).isascii():
        return
    code = "import sysconfig; print(sysconfig.get_path('purelib').encode('unicode-escape').decode())"
    told = subprocess.run([str(python), "-c", code], check=True, capture_output=True, text=True).stdout.strip()
    site = Path(told.encode().decode("unicode-escape"))
    for path in site.glob("_*geoplan*.pth"):
        path.write_text(f"import sys; sys.path.append({str(ROOT)!a})\n", encoding="ascii")


# --- a browser and a font ---------------------------------------------------------------------------------------------


def prepare_browser() -> str:
    """The path of a Chromium; installs it and a Chinese font where that can be done (Debian, as root).

    Raises StepError, with the command to run, where it cannot be done.
    """
    browser = find_browser()
    if (browser is None or not has_chinese_font()) and _is_debian_root():
        say("安装 Chromium 与中文字体", "installing Chromium and a Chinese font")
        _install_debian(DEBIAN_BROWSER)
        browser = find_browser()
    if browser is None:
        raise StepError(_explain_browser())
    if not has_chinese_font():
        raise StepError(_explain_font())
    return browser


def prepare_firefox() -> None:
    """Install Firefox where that can be done (Debian, as root); where it cannot, its tests are left out and say so."""
    if any(shutil.which(name) for name in FIREFOX_NAMES) or not _is_debian_root():
        return
    say("安装 Firefox", "installing Firefox")
    try:
        _install_debian([FIREFOX_NAMES[0]])
    except StepError as error:
        print(f"{error}\nFirefox 的测试将跳过 | the tests in Firefox are left out", flush=True)


def find_browser() -> str | None:
    """A browser of Chromium's family: the one that GEOPLAN_CHROMIUM names, one on PATH, or one in its usual place.

    Raises StepError if GEOPLAN_CHROMIUM names no file.
    """
    named = os.environ.get("GEOPLAN_CHROMIUM")
    if named:
        if not Path(named).is_file():
            raise StepError(
                f"环境变量 GEOPLAN_CHROMIUM 所指的文件不存在。\nGEOPLAN_CHROMIUM names {named}, which is no file."
            )
        return named
    for name in BROWSER_NAMES:
        found = shutil.which(name)
        if found:
            return found
    variables = {name: value for name, value in os.environ.items() if value}
    for place in BROWSER_PLACES:
        try:
            path = Path(place.format_map(variables))
        except (KeyError, IndexError):
            continue
        if path.is_file():
            return str(path)
    return None


def has_chinese_font() -> bool:
    """Whether pages can show Chinese; Windows and macOS always can."""
    if os.name == "nt" or sys.platform == "darwin":
        return True
    program = shutil.which("fc-list")
    if program is None:
        return False
    return bool(subprocess.run([program, ":lang=zh", "family"], check=False, capture_output=True).stdout.strip())


def _is_debian_root() -> bool:
    return os.name != "nt" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _install_debian(packages: Sequence[str]) -> None:
    _run_quietly(["apt-get", "update"])
    status, tail = _run_quietly(["apt-get", "install", "-y", "--no-install-recommends", *packages])
    if status:
        told = " ".join(packages)
        raise StepError(f"apt-get 安装失败：{told}\napt-get install {told} failed:\n{tail}")


def _explain_browser() -> str:
    if os.name == "nt" or sys.platform == "darwin":
        command = "install Google Chrome or Microsoft Edge"
    elif shutil.which("apt-get"):
        command = f"sudo apt-get install {' '.join(DEBIAN_BROWSER)}"
    else:
        command = "install the package chromium with your system's package manager"
    return (
        "没有找到 Chromium、Chrome 或 Edge，浏览器测试需要其中之一；也可用环境变量 GEOPLAN_CHROMIUM 指定路径。\n"
        f"No Chromium, Chrome or Edge was found: {command}; or name one in GEOPLAN_CHROMIUM."
    )


def _explain_font() -> str:
    command = "sudo apt-get install fonts-noto-cjk fontconfig" if shutil.which("apt-get") else "install Noto Sans CJK"
    return f"没有找到中文字体。\nNo Chinese font was found: {command}."


# --- running ----------------------------------------------------------------------------------------------------------


def _make_variables() -> dict[str, str]:
    added = {
        "PYTHONUTF8": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
        "PIP_USER": "0",
        "PIP_ROOT_USER_ACTION": "ignore",
        "DEBIAN_FRONTEND": "noninteractive",
    }
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    return {**kept, **added}


def _run_quietly(command: Sequence[str], *, counted: str = "") -> tuple[int, str]:
    """Exit status and last lines of a command; on a terminal the lines that begin with ``counted`` are counted."""
    tail: deque[str] = deque(maxlen=25)
    count = 0
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=_make_variables(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            tail.append(line.rstrip())
            if counted and line.startswith(counted):
                count += 1
                _show_count(count, line)
    if counted and sys.stdout.isatty():
        print(f"\r{'':78}\r", end="", flush=True)
    return process.returncode, "\n".join(f"  {line}" for line in tail if line)


def _show_count(count: int, line: str) -> None:
    if sys.stdout.isatty():
        print(f"\r  {count:3}  {line.split()[1][:60]:60}", end="", flush=True)


# --- state ------------------------------------------------------------------------------------------------------------


def _digest(path: Path, more: str) -> str:
    return hashlib.sha256(path.read_bytes() + more.encode()).hexdigest()


def _read_state() -> dict[str, str]:
    try:
        return dict(json.loads(STATE.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _write_state(state: dict[str, str]) -> None:
    STATE.write_text(json.dumps(state, indent=1, sort_keys=True) + "\n", encoding="utf-8")
