import json
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand

from nrm_tracker import database
from organisations.actions import learn_rest_days
from organisations.models import RestDay
from organisations.published import SOURCE, published


class Command(BaseCommand):
    help = (
        "Compare the calendar of bank holidays with the installed library: adds what is new, "
        "removes nothing, and says which days the library does not have. Prints JSON."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        found = learn_rest_days(published=published(), source=SOURCE, now=database.now())
        said = {"library": SOURCE, "added": _said(found.added), "only_here": _said(found.only_here)}
        self.stdout.write(json.dumps(said, indent=2))


def _said(rows: Iterable[RestDay]) -> list[dict[str, Any]]:
    return [
        {"day": row.day.isoformat(), "name": row.name, "nations": row.nations, "source": row.source}
        for row in rows
    ]
