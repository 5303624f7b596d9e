"""What each change of the register shares: the lock, the audit entry, the sweep's work."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils.text import slugify

from audit import log
from audit.models import Action, Actor
from nrm_tracker.database import purpose
from organisations.errors import ChangedMeanwhile, NameTaken
from organisations.models import Membership, Organisation, Reassessment


@contextmanager
def locked(
    organisation: Organisation, version: int | None, *, by: Membership, now: datetime
) -> Iterator[Organisation]:
    """The row, locked, in the register's own rights; its version goes up with the next save.
    Without a version whoever comes last counts."""
    with purpose("nrm_register"):
        row = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
        if version is not None and row.version != version:
            raise ChangedMeanwhile(row.version)
        row.version += 1
        row.changed_at, row.changed_by_id = now, by.user_id
        yield row
        note(row, by=by, now=now)


def note(organisation: Organisation, *, by: Actor | None, now: datetime, reason: str = "") -> None:
    log.record(
        Action.REGISTER_CHANGED,
        by=by,
        now=now,
        subject=f"organisation {organisation.pk}",
        reason=reason,
    )


def owe_reassessment(organisation: Organisation, reason: str, *, now: datetime) -> None:
    Reassessment.objects.create(organisation=organisation, reason=reason[:300], created_at=now)


def refuse_taken(name: str, *, besides: Organisation | None = None) -> None:
    same = Organisation.objects.filter(name__iexact=name)
    if (same.exclude(pk=besides.pk) if besides else same).exists():
        raise NameTaken("The register has an organisation of that name. Open that one instead.")


def free_slug(name: str) -> str:
    base = slugify(name)[:70] or "organisation"
    taken = set(Organisation.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(slug for slug in numbered if slug not in taken)
