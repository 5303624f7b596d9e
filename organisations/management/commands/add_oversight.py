from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from organisations.actions import add_oversight
from organisations.errors import RegisterRefused


class Command(BaseCommand):
    help = "Add the body that keeps the register. Its members are designation administrators."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            desk = add_oversight(name=options["name"], now=timezone.now())
        except RegisterRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        print(f"{desk} is there. Add its people: manage.py add_member EMAIL NAME {desk.slug} ROLE")
