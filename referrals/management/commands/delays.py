import json
from dataclasses import asdict, astuple, fields
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from nrm_tracker.ui.moments import Unreadable
from nrm_tracker.ui.words import count
from organisations.models import Organisation
from referrals.importing.cells import instant
from referrals.pages.delayed import Delayed, delayed


class Command(BaseCommand):
    help = "Which waits are delayed at an instant, computed from the timelines. Changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="a list of objects, not a table")
        parser.add_argument(
            "--as-of",
            metavar="ISO-8601",
            help="the instant (default --known-at, or now); without an offset it is Europe/London",
        )
        parser.add_argument(
            "--known-at",
            metavar="ISO-8601",
            help="by what was recorded by this instant, with later corrections undone "
            "(default everything); limits, calendars and the register are today's",
        )
        parser.add_argument("--organisation", metavar="SLUG", help="only this one's referrals")

    def handle(self, *_args: Any, **options: Any) -> None:
        slug = options["organisation"]
        if slug is not None and not Organisation.objects.filter(slug=slug).exists():
            raise CommandError(f"No organisation has the slug {slug!r}.")
        known_at = _instant(options, "known_at")
        at = _instant(options, "as_of") or known_at or timezone.now()
        found = delayed(at=at, organisation=slug, known_at=known_at)
        if options["json"]:
            self.stdout.write(json.dumps([asdict(each) for each in found], indent=1))
        else:
            self._table(found)

    def _table(self, found: list[Delayed]) -> None:
        names = [field.name for field in fields(Delayed)]
        rows = [names, *([str(cell) for cell in astuple(each)] for each in found)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(names))]
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())
        self.stdout.write(f"\n{count(len(found), 'delay')}")


def _instant(options: dict[str, Any], name: str) -> datetime | None:
    text = options[name]
    if text is None:
        return None
    try:
        return instant(text)
    except Unreadable as error:
        raise CommandError(f"--{name.replace('_', '-')}: {error.message}.") from error
