from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.real_use import note_the_demonstrations
from organisations.demonstration import demo_accounts
from organisations.models import Organisation
from referrals.demonstration import load

COLUMNS = ("e-mail", "password", "secret of the second factor", "role", "organisation")


class Command(BaseCommand):
    help = "Fill an empty database with the demonstration; print its address and accounts."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.NRM_DEMONSTRATION:
            raise CommandError(
                "This is not a demonstration. Set NRM_DEMONSTRATION=1 to make it one."
            )
        note_the_demonstrations()
        if not Organisation.objects.exists():
            load(now=timezone.now())
        self._print()

    def _print(self) -> None:
        rows = [
            COLUMNS,
            *(
                (a.username, a.password, a.totp_secret, a.role, a.organisation_name)
                for a in demo_accounts()
            ),
        ]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        self.stdout.write(f"Demonstration at {settings.NRM_BASE_URL}. Nobody in it exists.")
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())
        self.stdout.write("One-time codes: enter a secret in an authenticator app as a key.")
