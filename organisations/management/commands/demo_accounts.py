import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from organisations.demonstration import demo_accounts

FIELDS = ("username", "password", "totp_secret", "organisation", "role")


class Command(BaseCommand):
    help = "The accounts of the demonstration, with their passwords and second-factor secrets."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="a list of objects")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not settings.NRM_DEMONSTRATION:
            raise CommandError(
                "This is not a demonstration. Set NRM_DEMONSTRATION=1 to make it one."
            )
        rows = [{name: getattr(each, name) for name in FIELDS} for each in demo_accounts()]
        if options["json"]:
            self.stdout.write(json.dumps(rows, indent=2))
            return
        for row in rows:
            self.stdout.write("  ".join(str(row[name]) for name in FIELDS))
