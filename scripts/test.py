"""Check everything from a fresh clone: ``python scripts/test.py [--tests-only] [arguments of pytest]``.

Makes its own environment (``.venv-geoplan``), sees to Chromium, Firefox and a Chinese font, then runs ruff, mypy and
pytest. ``--tests-only`` leaves out ruff and mypy. Exit status: 0 all is well, 1 something is not, 2 it could
not be run.
"""

# No `from __future__` and no new syntax here: an old Python must get as far as the sentence that names it.
import sys

CHECKS = (
    ("代码检查", "ruff check", ["ruff", "check", "."]),
    ("代码格式", "ruff format", ["ruff", "format", "--check", "."]),
    ("类型检查", "mypy", ["mypy"]),
)


def main() -> int:
    """Make the environment and run every check; pytest comes last, so that its summary ends the output."""
    import demo

    demo.check_python()
    if sys.argv[1:] in (["-h"], ["--help"]):
        print(__doc__)
        return 0
    import _environment as env

    env.prepare_console()
    try:
        python = env.prepare_environment("test")
        browser = env.prepare_browser()
        env.prepare_firefox()
    except (env.StepError, OSError) as error:
        sys.stderr.write("{}\n".format(error))
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("已中断 | interrupted\n")
        return 130
    arguments = [argument for argument in sys.argv[1:] if argument != "--tests-only"]
    checks = () if "--tests-only" in sys.argv else CHECKS
    failed = []
    for chinese, name, command in checks:
        env.say(chinese, name)
        if env.run([python, "-m", *command]):
            failed.append(name)
    if failed:
        print("!! 未通过 | failed: " + ", ".join(failed), flush=True)
    env.say("测试", "pytest")
    status = env.run([python, "-m", "pytest", "-n", "2", "--dist", "worksteal", *arguments], GEOPLAN_CHROMIUM=browser)
    return 1 if failed or status else 0


if __name__ == "__main__":
    sys.exit(main())
