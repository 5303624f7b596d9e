"""What happened for several linked people at once: an entry for each, on their own timeline."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from nrm_tracker.ui.words import apart
from organisations.actor import Actor
from referrals.actions.agreeing import Calling
from referrals.actions.answering_plans import PlanAnswer
from referrals.actions.correcting import correct_wait_event
from referrals.actions.locking import lock_all
from referrals.actions.recording import Happening, record_wait_events
from referrals.doors import EACH_ALONE
from referrals.errors import ActionRefused, AskedFirst, NotForAnother
from referrals.models import Referral, WaitEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Same:
    """Somebody for whom the same happened. `with_words`: the note is written there too."""

    referral: Referral
    with_words: bool = False


@transaction.atomic
def record_for_several(
    *,
    referral: Referral,
    happenings: Sequence[Happening],
    others: Sequence[Same],
    calling: Calling | None = None,
    all_the_same: str = "",
    plans: Sequence[PlanAnswer] = (),
    by: Actor,
    now: datetime,
    version: int | None = None,
    key: UUID | None = None,
) -> list[WaitEvent]:
    """All or nothing: on the referral everything, for the others what is not each one's alone.

    What it appended to the referral; none, and nothing for the others, when the same form was sent
    before. Raises what `record_wait_events` does; NotForAnother, where it is refused of another.
    """
    lock_all(referral, *(each.referral for each in others))
    if others:
        happenings = [_marked(each) for each in happenings]
    events = record_wait_events(
        referral=referral,
        happenings=happenings,
        calling=calling,
        all_the_same=all_the_same,
        plans=plans,
        by=by,
        now=now,
        version=version,
        key=key,
    )
    for other in others if events else ():
        same = [_for(other, each) for each in happenings if each.alike]
        with _said_of(other.referral):
            record_wait_events(
                referral=other.referral,
                happenings=same,
                all_the_same=all_the_same,
                by=by,
                now=now,
            )
    return events


@transaction.atomic
def correct_for_several(
    *,
    event: WaitEvent,
    others: Sequence[WaitEvent],
    corrected: Happening | None,
    reason: str,
    by: Actor,
    now: datetime,
    version: int | None = None,
    key: UUID | None = None,
) -> WaitEvent | None:
    """The same correction of entries that were recorded together, each keeping its own note.

    Raises what `correct_wait_event` does; NotForAnother, where it is refused of another.
    """
    lock_all(event.referral, *(each.referral for each in others))
    if others and corrected:
        corrected = replace(corrected, alike=uuid4())
    correction = correct_wait_event(
        event=event,
        corrected=corrected,
        reason=reason,
        by=by,
        now=now,
        version=version,
        key=key,
    )
    for other in others if correction else ():
        theirs = corrected and replace(corrected, detail=other.detail)
        with _said_of(other.referral):
            correct_wait_event(event=other, corrected=theirs, reason=reason, by=by, now=now)
    return correction


def _marked(happening: Happening) -> Happening:
    return happening if happening.code in EACH_ALONE else replace(happening, alike=uuid4())


def _for(other: Same, happening: Happening) -> Happening:
    return happening if other.with_words else replace(happening, detail="")


@contextmanager
def _said_of(referral: Referral) -> Iterator[None]:
    """Of whom it was refused."""
    try:
        yield
    except AskedFirst as asked:
        raise AskedFirst(f"For {apart(referral.pseudonym)}: {asked}") from asked
    except ActionRefused as refused:
        raise NotForAnother(
            f"For {apart(referral.pseudonym)}, {referral.reference}: {refused} Or untick them, and "
            "record theirs on their own page. Nothing is recorded yet."
        ) from refused
