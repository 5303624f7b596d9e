from typing import Any

from django.core.management.base import BaseCommand

from organisations.pages import matrix
from organisations.roles import Role


class Command(BaseCommand):
    help = "Print who may do what, as the table of docs/before-real-use.md."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(table())


def table() -> str:
    heads = ["may", *(role.label.lower() for role in Role)]
    rows = [[row.words, *("yes" if may else "–" for may in row.may)] for row in matrix()]
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
