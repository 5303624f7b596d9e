"""What would happen, by doing it and undoing it: the actions themselves say what they refuse."""

from collections.abc import Callable

from django.db import transaction

from referrals.actions.locking import Chosen
from referrals.errors import ActionRefused

Do = Callable[[Chosen], object]


def refusals(*, do: Do, chosen: Chosen) -> dict[int, ActionRefused]:
    """For whom of these referrals (ids) it could not be done, one by one, and why. Nothing is."""
    refused: dict[int, ActionRefused] = {}
    for pk, version in sorted(chosen.items()):
        try:
            with transaction.atomic():
                do({pk: version})
                transaction.set_rollback(True)
        except ActionRefused as why:
            refused[pk] = why
    return refused
