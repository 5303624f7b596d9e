from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.real_use import hindrances


class Command(BaseCommand):
    help = "Refuse to start what is no demonstration with anything of a demonstration in it."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if settings.NRM_DEMONSTRATION:
            return
        if found := hindrances():
            raise CommandError("Not fit for real use yet.\n- " + "\n- ".join(found))
        self.stdout.write("Nothing of a demonstration is left. See docs/before-real-use.md.")
