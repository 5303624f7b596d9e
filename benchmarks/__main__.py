"""python -m benchmarks [N [FILE]]: measure, print a table, write FILE (.local/results/bench.json).

1 when a promise is not kept.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import django

from benchmarks.database import ROOT, own_database

if TYPE_CHECKING:
    from benchmarks.measures import Result

SIZES = (10_000, 100_000)
RESULTS = ROOT / ".local" / "results" / "bench.json"


def measured(n: int) -> Iterator["Result"]:
    """Each result as it comes, on 10,000 people, 100,000, and n."""
    from benchmarks import measures
    from benchmarks.loading import load

    yield measures.pure_rules()
    sizes, known, sweeps = sorted({min(size, n) for size in (*SIZES, n)}), 0, []
    for size in sizes:
        load(known + 1, size, of=n)
        known = size
        yield measures.nothing_due(size)
        sweeps.append(measures.grown_sweep(size))
        yield sweeps[-1]
    if len(sizes) > 1:
        yield measures.growth(sweeps)
    yield measures.reassessed(n)
    yield from measures.overdue_sweep(n)
    yield measures.changed_threshold(n)
    yield measures.pure_rules(measures.CHANGED)


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m benchmarks")
    asked.add_argument("n", type=int, nargs="?", default=1_000_000, help="how many referrals")
    asked.add_argument("results", type=Path, nargs="?", default=RESULTS, help="where to write")
    said = asked.parse_args()
    found = []
    with own_database():
        django.setup()
        for result in measured(said.n):
            found.append(result)
            print(_line(result), flush=True)
    _write(found, said.results)
    return 0 if all(result.ok for result in found) else 1


def _line(result: "Result") -> str:
    sign = "at most" if result.most else "at least"
    limit = "" if result.limit is None else f"{sign} {result.limit:,g}"
    verdict = "" if result.limit is None else "ok" if result.ok else "NOT OK"
    value = f"{result.value:,.{2 if result.value < 100 else 0}f}"
    return f"{result.promise:3} {result.name:42} {value:>9} {result.unit:9} {limit:15} {verdict}"


def _write(found: list["Result"], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [
        {name: value for name, value in asdict(result).items() if name != "most"}
        | {"ok": result.ok}
        for result in found
    ]
    path.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
