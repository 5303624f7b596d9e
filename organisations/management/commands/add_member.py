from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from organisations.actions import add_member
from organisations.errors import RegisterRefused
from organisations.roles import Role


class Command(BaseCommand):
    help = (
        "Let a person act for an organisation. Somebody new sets a password by “Forgotten "
        "password”, and a second factor when they first sign in."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name", help="how colleagues see this person")
        parser.add_argument("organisation", help="its short name in addresses, such as northgate")
        parser.add_argument("role", choices=Role.values)

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            member = add_member(
                email=options["email"],
                name=options["name"],
                organisation=options["organisation"],
                role=Role(options["role"]),
                now=timezone.now(),
            )
        except RegisterRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        print(f"{member.user.email} acts for {member.organisation} as {member.get_role_display()}.")
