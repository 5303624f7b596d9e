"""Change the pure rules at one boundary after the other, and see whether a test turns red.

`make mutants MINUTES=20`: on a copy below `.local/mutants`, so that no file of the project is ever
touched. Each change runs the fast pure tests in a process of its own; it ends with what no test
noticed. `NUMBERS=1` changes numbers and turns conditions round as well, which takes hours;
`ONLY=engine` changes that file alone.

Started again it goes on: while a file is the same, what a test noticed there is not tried again.
Each file gets its share of the time, and its changes come in no order, so that a run that is cut
short has sampled all of them.
"""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass
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
    "return self._until(end) - self._until(start) if end >= start else 0",  # the same day
    "if offset <= 0:",  # the first day of the calendar is a Saturday
    "if pause.end < start:",  # a pause that ends at the start moves nothing
    "if soonest <= end:",
    "if run.end >= soonest and run.start < end:",
    "if run.end > soonest and run.start <= end:",
    "if end <= until:",
    "if now < change <= self.ahead:",
    "if now < second < last and second <= self.ahead:",
    "continue",  # events and pauses stand in their order: what comes later is no sooner
    # of two instants that are equal, either
    "return found if found >= start.at else start.at",
    "if event.happened_at <= found:",
    "if not any(c.at <= span[0].at < c.reopened for c in closings)",  # such a wait has no length
    # what the longer way finds too, or finds not to be delayed
    "if unnamed or (story.closings or threshold.closing):",
    "if at - longer_than < end:",
    "if len({breach[:3] for breach in found}) <= len(found):",
    # a part begins after now only where it is the first: what ends a no is known
    "if last.start >= now:",
    "last = [part for part in parts if part.start < now][-1]",
)


def copied() -> None:
    """Everything as it is now, beside what was tried before."""
    for name in {Path(part).parts[0] for part in (*PARTS, *TESTS, *READ)}:
        shutil.rmtree(COPY / name, ignore_errors=True)
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


@dataclass(frozen=True)
class Tried:
    """A file that is changed, and what became of each change."""

    module: str

    @property
    def name(self) -> str:
        return Path(self.module).stem

    @property
    def session(self) -> Path:
        return COPY / f"{self.name}.sqlite"

    @property
    def settings(self) -> str:
        return f"{self.name}.toml"

    def begin(self) -> None:
        """List the changes; go on with those of before where the file is the same."""
        # pytest-django would find the project above the copy, and its unchanged files
        quietly = f"{sys.executable} -m pytest -x -q -p no:cacheprovider -p no:django"
        tests = " ".join((quietly, *TESTS))
        numbers = () if os.environ.get("NUMBERS") else NUMBERS
        (COPY / self.settings).write_text(
            f"[cosmic-ray]\nmodule-path = {json.dumps(self.module)}\ntimeout = 150.0\n"
            f"excluded-modules = []\ntest-command = {json.dumps(tests)}\n"
            '[cosmic-ray.distributor]\nname = "local"\n[cosmic-ray.filters.operators-filter]\n'
            f"exclude-operators = {json.dumps([f'{each}$' for each in (*LEFT_OUT, *numbers)])}\n"
        )
        rules, kept = (COPY / self.module).read_text(), COPY / f"{self.name}.of"
        as_before = json.dumps([rules, numbers])
        if self.session.exists() and kept.exists() and kept.read_text() == as_before:
            with closing(sqlite3.connect(self.session)) as session, session:
                session.execute("DELETE FROM work_results WHERE test_outcome = 'SURVIVED'")
            return
        self.session.unlink(missing_ok=True)
        run("cosmic-ray", "init", self.settings, self.session.name)
        run("cr-filter-operators", self.session.name, self.settings)
        kept.write_text(as_before)

    def go_on(self, *, minutes: float) -> None:
        unchanged = (COPY / self.module).read_text()
        run("cosmic-ray", "exec", self.settings, self.session.name, minutes=minutes)
        (COPY / self.module).write_text(unchanged)  # where time was up in the middle of a change

    def survivors(self) -> list[str]:
        with closing(sqlite3.connect(self.session)) as session:
            rows = session.execute(
                "SELECT m.start_pos_row, w.diff, w.test_outcome, w.worker_outcome"
                " FROM mutation_specs m LEFT JOIN work_results w USING (job_id)"
                " WHERE w.worker_outcome IS NOT 'SKIPPED' ORDER BY m.start_pos_row"
            ).fetchall()
        outcomes = Counter(outcome for *_, outcome, _ in rows)
        alive = [(line, changed(diff)) for line, diff, how, _ in rows if how == "SURVIVED"]
        found = [f"{self.module}:{line}: {new}" for line, new in alive if new not in EQUIVALENT]
        print(  # noqa: T201
            f"{self.module}: {len(rows)} changes; noticed {outcomes['KILLED']}, "
            f"change nothing {len(alive) - len(found)}, not noticed {len(found)}, "
            f"not tried {len(rows) - outcomes['KILLED'] - len(alive)}"
        )
        return found


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


def changed(diff: str) -> str:
    """The line as it was changed."""
    lines = [line[1:].strip() for line in diff.splitlines() if line.startswith("+")]
    return " ".join(lines[1:])


def main() -> None:
    copied()
    only = os.environ.get("ONLY", "").split(",")
    files = [each for each in map(Tried, CHANGED) if only == [""] or each.name in only]
    for each in files:
        each.begin()
    run("cosmic-ray", "baseline", files[0].settings)  # unchanged, all is green: else this ends here
    end = time.monotonic() + float(sys.argv[1]) * 60
    for left, each in zip(range(len(files), 0, -1), files, strict=True):
        each.go_on(minutes=max(end - time.monotonic(), 1) / left / 60)
    found = [survivor for each in files for survivor in each.survivors()]
    print("\n".join(found))  # noqa: T201
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
