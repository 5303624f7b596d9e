import json
from typing import Any

from django.core.management.base import BaseCommand

from nrm_tracker import database
from referrals.actions import sweep

COUNTS = ("visited", "raised", "ended", "retracted", "failed")


class Command(BaseCommand):
    help = "One sweep over every delay that is due, now and without Celery. Prints a JSON summary."

    def handle(self, *_args: Any, **_options: Any) -> None:
        run = sweep(now=database.now(), wait=True)
        if run is None or run.checked_until is None:
            return
        summary = {name: getattr(run, name) for name in COUNTS}
        self.stdout.write(json.dumps(summary | {"checked_until": run.checked_until.isoformat()}))
