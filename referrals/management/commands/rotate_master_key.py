from typing import Any

from django.core.management.base import BaseCommand

from nrm_tracker.database import context
from nrm_tracker.ui.words import count
from organisations.models import Organisation
from referrals.actions import rewrap_keys


class Command(BaseCommand):
    help = (
        "Put the key of every survivor under the first of NRM_MASTER_KEYS. Everything goes on "
        "meanwhile; afterwards the former master key may be taken out."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        done = 0
        for organisation in Organisation.objects.order_by("pk").values_list("pk", flat=True):
            with context(organisation=organisation):
                done += rewrap_keys()
        self.stdout.write(f"{count(done, 'key')} under the present master key.")
