from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from nrm_tracker.database import context
from organisations.actor import Command as Shell
from organisations.models import Organisation
from referrals.actions import erase_identity
from referrals.errors import ErasedAlready
from referrals.models import Referral


class Command(BaseCommand):
    help = (
        "Erase who a person is, for ever: the key that opens it is destroyed, so the record, its "
        "history and its backups cannot be read. What happened and when stays."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reference", metavar="REFERENCE")
        parser.add_argument("--organisation", metavar="SLUG", required=True)
        parser.add_argument("--yes", action="store_true", help="do it: there is no way back")

    def handle(self, *_args: Any, **options: Any) -> None:
        now = timezone.now()
        organisation = Organisation.objects.filter(slug=options["organisation"]).first()
        if organisation is None:
            raise CommandError(f"No organisation has the slug {options['organisation']!r}.")
        with context(organisation=organisation.pk):
            referral = Referral.objects.filter(reference=options["reference"]).first()
            if referral is None:
                raise CommandError(f"{organisation} holds no referral {options['reference']}.")
            if not options["yes"]:
                raise CommandError("Nothing is erased. Give --yes as well: there is no way back.")
            try:
                by = Shell(organisation_id=organisation.pk)
                erase_identity(referral=referral, by=by, now=now)
            except ErasedAlready as refused:
                raise CommandError(str(refused)) from refused
        self.stdout.write(f"Who {options['reference']} is was erased.")
