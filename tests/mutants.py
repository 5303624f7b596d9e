"""Change the pure rules at one boundary after the other, and see whether a test turns red.

`make mutants MINUTES=20`: on a copy below `.local/mutants`, so that no file of the project is ever
touched. Each change runs the fast pure tests in a process of its own; it ends with what no test
noticed. `NUMBERS=1` changes numbers and turns conditions round as well, which takes hours.
"""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

HERE = Path(__file__).parents[1]
COPY = HERE / ".local" / "mutants"
PARTS = ("referrals/delays", "nrm_tracker/calendars.py", "nrm_tracker/__init__.py")
CHANGED = (
    "nrm_tracker/calendars.py",
    *(
        f"referrals/delays/{name}.py"
        for name in ("counting", "unanswered", "waits", "engine", "breach")
    ),
)
TESTS = (  # the quickest first: the first red one ends a run
    *("tests/nrm_tracker/test_calendars.py", "tests/referrals/test_boundaries.py"),
    *("tests/referrals/test_unanswered.py", "tests/referrals/test_delays_rules.py"),
    *("tests/referrals/test_delays.py", "tests/referrals/test_cause.py"),
    "tests/referrals/test_delays_against_oracle.py",
)
READ = (
    "tests/__init__.py",
    *(f"tests/referrals/{name}.py" for name in ("__init__", "oracle", "timelines")),
)
LEFT_OUT = (
    "core/(RemoveDecorator|ExceptionReplacer|ReplaceUnaryOperator).*",
    "core/ReplaceComparisonOperator_.*_(Is|IsNot|Eq|NotEq)",
    "core/ReplaceComparisonOperator_(Eq|Is)_.*",
    "core/ReplaceComparisonOperator_(Lt_Gt|Lt_GtE|LtE_Gt|LtE_GtE|Gt_Lt|Gt_LtE|GtE_Lt|GtE_LtE)",
    "core/ReplaceBinaryOperator_.*_(Mul|Div|FloorDiv|Mod|Pow|RShift|LShift|BitOr|BitAnd|BitXor)",
    "core/ReplaceBinaryOperator_(BitOr|Mul)_.*",
)
NUMBERS = ("core/(NumberReplacer|AddNot|ZeroIterationForLoop)",)
EQUIVALENT = (  # what changes nothing but the time it takes
    "day, step = start, 1 if n >= 0 else -1",  # n is never 0 there
    "if pause.end < start:",  # a pause that ends at the start moves nothing
    "if soonest <= end:",
    "if run.end >= soonest and run.start < end:",
    "if run.end > soonest and run.start <= end:",
    "if end <= until:",
    "if now < change <= self.ahead:",
    "if now < second < last and second <= self.ahead:",
    "return found if found >= start.at else start.at",
    "continue",  # events stand in their order, so that a later one is no sooner end
)


def copied() -> None:
    shutil.rmtree(COPY, ignore_errors=True)
    for name in (*PARTS, *TESTS, *READ):
        there = COPY / name
        there.parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (HERE / name).is_dir() else shutil.copy
        copy(HERE / name, there)
    (COPY / "referrals" / "__init__.py").touch()
    seeds = COPY / "referrals" / "migrations"
    seeds.mkdir()
    for seed in (HERE / "referrals" / "migrations").glob("*.json"):
        shutil.copy(seed, seeds)
    (COPY / "pytest.ini").write_text("[pytest]\npythonpath = .\n")
    # pytest-django would find the project above the copy, and its unchanged files
    tests = f"{sys.executable} -m pytest -x -q -p no:cacheprovider -p no:django {' '.join(TESTS)}"
    left_out = [f"{each}$" for each in (*LEFT_OUT, *(() if os.environ.get("NUMBERS") else NUMBERS))]
    (COPY / "changes.toml").write_text(
        f"[cosmic-ray]\nmodule-path = {json.dumps(CHANGED)}\ntimeout = 150.0\n"
        f"excluded-modules = []\ntest-command = {json.dumps(tests)}\n"
        '[cosmic-ray.distributor]\nname = "local"\n'
        f"[cosmic-ray.filters.operators-filter]\nexclude-operators = {json.dumps(left_out)}\n"
    )


def run(*command: str, minutes: float | None = None) -> None:
    name, *rest = command
    tool = Path(sys.executable).with_name(name)
    where = {**os.environ, "CI": "true"}  # hypothesis tries the same examples each time
    # a group of its own, so that the tests it is in the middle of end with it
    begun = subprocess.Popen([tool, *rest], cwd=COPY, env=where, start_new_session=True)
    try:
        if begun.wait(minutes and minutes * 60):
            sys.exit(f"{name} ended with {begun.returncode}.")
    except subprocess.TimeoutExpired:
        print("Time is up.")  # noqa: T201
    finally:
        with suppress(ProcessLookupError):
            os.killpg(begun.pid, signal.SIGKILL)


def survivors() -> list[str]:
    with sqlite3.connect(COPY / "changes.sqlite") as session:
        rows = session.execute(
            "SELECT m.module_path, m.start_pos_row, w.diff, w.test_outcome FROM work_results w"
            " JOIN mutation_specs m USING (job_id) WHERE w.worker_outcome <> 'SKIPPED'"
            " ORDER BY m.module_path, m.start_pos_row"
        ).fetchall()
    found = [
        f"{module}:{line}: {new}"
        for module, line, diff, outcome in rows
        if outcome == "SURVIVED" and (new := changed(diff)) not in EQUIVALENT
    ]
    print(f"{len(rows)} changes were tried; of those that matter, {len(found)} were not noticed.")  # noqa: T201
    return found


def changed(diff: str) -> str:
    """The line as it was changed."""
    lines = [line[1:].strip() for line in diff.splitlines() if line.startswith("+")]
    return " ".join(lines[1:])


def main() -> None:
    copied()
    run("cosmic-ray", "init", "changes.toml", "changes.sqlite")
    run("cr-filter-operators", "changes.sqlite", "changes.toml")
    run("cosmic-ray", "baseline", "changes.toml")  # unchanged, all is green: else this ends here
    run("cosmic-ray", "exec", "changes.toml", "changes.sqlite", minutes=float(sys.argv[1]))
    found = survivors()
    print("\n".join(found))  # noqa: T201
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
