"""Build the sample county from a fresh clone: ``python scripts/demo.py``.

Needs Python 3.11, 3.12 or 3.13 and, the first time, a network. Makes its own environment (``.venv-geoplan``),
builds the county of ``layers/`` into ``maps/`` and says which page to open. Exit status: 0 done, 1 the data
forbids it, 2 it could not be done.
"""

# No `from __future__` and no new syntax here: an old Python must get as far as the sentence that names it.
import sys

OLDEST, NEWEST = (3, 11), (3, 13)


def check_python() -> None:
    """Stop with a plain sentence if this Python is one that geoplan does not run on."""
    here = sys.version_info[:2]
    if here < OLDEST or here > NEWEST:
        sys.stderr.write(
            "geoplan 需要 Python 3.11、3.12 或 3.13，这里是 {0}.{1}（{2}）。\n"
            "geoplan needs Python 3.11, 3.12 or 3.13; this is {0}.{1} ({2}).\n".format(here[0], here[1], sys.executable)
        )
        sys.exit(2)


def main() -> int:
    """Make the environment, build, and name the page."""
    check_python()
    if len(sys.argv) > 1:
        print(__doc__)
        return 0 if sys.argv[1:] in (["-h"], ["--help"]) else 2
    import _environment as env

    env.prepare_console()
    try:
        python = env.prepare_environment("demo")
    except (env.StepError, OSError) as error:
        sys.stderr.write("{}\n".format(error))
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("已中断 | interrupted\n")
        return 130
    env.say("生成示范县 layers/ → maps/", "building the sample county")
    status = env.run([python, "-m", "geoplan", "build", "layers"])
    if status == 0:
        page = env.ROOT / "maps" / "index.html"
        env.say("完成，双击打开", "done, open by double-click")
        print(page)
    return status


if __name__ == "__main__":
    sys.exit(main())
