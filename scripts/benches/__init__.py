"""The benches of ``scripts/bench.py``, a module each: ``NEEDED``, ``JOBS``, ``run_bench(repeats)`` and ``print_report(figures)``."""
