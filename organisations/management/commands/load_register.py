import json
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from nrm_tracker import database
from organisations.actions import load_register
from organisations.published_register import published_register


class Command(BaseCommand):
    help = (
        "Bring what published sources say of First Responder Organisations. May be repeated: "
        "overwrites nothing that a person confirmed, and says where the register says otherwise. "
        "Prints JSON."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        if settings.NRM_DEMONSTRATION:
            raise CommandError(
                "Every organisation of a demonstration is invented. Start with NRM_DEMONSTRATION=0."
            )
        loaded = load_register(published=published_register(), now=database.now())
        self.stdout.write(json.dumps(asdict(loaded), indent=2))
