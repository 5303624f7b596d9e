from typing import Any

from django.core.management.base import BaseCommand

from accounts import drafts
from accounts.models import User
from nrm_tracker.database import context
from nrm_tracker.ui.words import count
from organisations.models import Organisation
from referrals.actions import rewrap_keys, survivors_with_keys
from referrals.importing import rewrap_lists

AT_ONCE = 100  # survivors, who cannot be written meanwhile


class Command(BaseCommand):
    help = (
        "Put every key that seals something under the first of NRM_MASTER_KEYS: those of "
        "survivors, of lists that wait to be imported, and of words that were typed and not sent. "
        "What names are found by is made anew with it. "
        "Everything goes on meanwhile; afterwards the former master key may be taken out."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        done = 0
        for organisation in Organisation.objects.order_by("pk").values_list("pk", flat=True):
            done += _of(organisation)
        done += sum(drafts.rewrap(user) for user in User.objects.order_by("pk"))
        self.stdout.write(f"{count(done, 'key')} under the present master key.")


def _of(organisation: int) -> int:
    with context(organisation=organisation):
        done, survivors = rewrap_lists(), survivors_with_keys()
    for start in range(0, len(survivors), AT_ONCE):
        with context(organisation=organisation):
            done += rewrap_keys(survivors=survivors[start : start + AT_ONCE])
    return done
