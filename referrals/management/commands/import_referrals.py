from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from nrm_tracker.database import context
from organisations.actor import Command as Shell
from organisations.models import Organisation
from referrals.actions import compare, import_referrals
from referrals.importing import check_lists, summary


class Command(BaseCommand):
    help = (
        "Bring in an organisation's waiting list: two CSV files (docs/import.md). All or nothing; "
        "repeating it changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("referrals", metavar="REFERRALS.csv", type=Path)
        parser.add_argument("events", metavar="WAIT_EVENTS.csv", type=Path)
        parser.add_argument("--organisation", metavar="SLUG", required=True)
        parser.add_argument("--dry-run", action="store_true", help="check, and write nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        files = _content(options["referrals"]), _content(options["events"])
        now = timezone.now()
        organisation = Organisation.objects.filter(slug=options["organisation"]).first()
        if organisation is None:
            raise CommandError(f"No organisation has the slug {options['organisation']!r}.")
        by = Shell(organisation_id=organisation.pk)
        with context(organisation=organisation.pk):
            checked = check_lists(*files, by=by, now=now)
            if checked.faults:
                raise CommandError("\n".join(f"{f.where}: {f.to_do}" for f in checked.faults))
            if options["dry_run"]:
                found = compare(checked.listed, by=by)
            else:
                found = import_referrals(listed=checked.listed, by=by, now=now)
        self.stdout.write(summary(found, done=not options["dry_run"]))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
