from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from referrals.life_cycle.drawing import drawn


class Command(BaseCommand):
    help = "Draws the life cycle, as the code has it, for docs/life-cycle.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="into docs/life-cycle.md")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["write"]:
            (Path(settings.BASE_DIR) / "docs" / "life-cycle.md").write_text(drawn())
        else:
            self.stdout.write(drawn(), ending="")
