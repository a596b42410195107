"""Write ``requirements.lock`` and ``requirements-dev.lock`` anew: ``python scripts/lock.py [--upgrade]``.

Needs uv (``pip install uv``). The locks hold hashes for every system and Python that geoplan supports, and no
index and no path, so that they say the same wherever they were made. Versions already locked stay unless
``--upgrade`` is given. After it, run ``python scripts/test.py``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = (
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-annotate",
    "--no-emit-index-url",
    "--quiet",
)
LOCKS = (
    ("requirements.lock", ("--group=build",)),
    ("requirements-dev.lock", ("--group=dev", "--constraints=requirements.lock")),
)


def main() -> int:
    """Run uv once for each lock; the second agrees with the first."""
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    if uv is None:
        sys.stderr.write("uv is missing: pip install uv\n")
        return 2
    environment = dict(os.environ, UV_CUSTOM_COMPILE_COMMAND="python scripts/lock.py")
    for name, chosen in LOCKS:
        command = [uv, "pip", "compile", "pyproject.toml", *OPTIONS, *chosen, f"--output-file={name}", *sys.argv[1:]]
        status = subprocess.run(command, cwd=ROOT, env=environment, check=False, stdout=subprocess.DEVNULL).returncode
        if status:
            return status
        print(f"{name} is written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
