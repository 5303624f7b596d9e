import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.verifying import Heads, verify


class Command(BaseCommand):
    help = (
        "Whether the audit trail is whole. Prints a JSON summary with the head of each chain; keep "
        "it elsewhere, and give it to --heads the next time. Exits with 1 where something is wrong."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--heads", type=Path, help="a summary printed earlier")

    def handle(self, *_args: Any, heads: Path | None, **_options: Any) -> None:
        verdict = verify(known=_noted(heads) if heads else {})
        self.stdout.write(
            json.dumps(
                {"entries": verdict.entries, "heads": verdict.heads, "faults": verdict.faults}
            )
        )
        if verdict.faults:
            raise CommandError("The audit trail is not whole. Keep this output and the database.")


def _noted(file: Path) -> Heads:
    try:
        heads = json.loads(file.read_text())["heads"]
        return {int(o): (int(number), str(digest)) for o, (number, digest) in heads.items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{file} is not a summary that this command printed.") from error
