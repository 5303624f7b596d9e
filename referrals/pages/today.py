"""What must somebody do now, and by tomorrow evening. Tasks, delays and limits are rows alike."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from nrm_tracker.calendars import london_date, midnight
from organisations.models import Membership
from referrals.delays import Mark, Wait
from referrals.models import Attention, Delay, Referral, Told
from referrals.pages.late import LateWords, at_risk_words
from referrals.pages.notices import NoticeRow, inbox
from referrals.pages.waits import due_in_words, gone_against

RINGING = (Told.AT_ONCE, Told.TODAY)
SHOWN = 50
NOTICES = 5


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list: a person, what about them, and one button."""

    reference: str
    pseudonym: str
    at_risk: str
    words: str
    severity: str
    due: str = ""
    for_review: bool = False


@dataclass(frozen=True, slots=True)
class Today:
    """`mine` are those one is responsible for, or nobody is; the counts are of all there are."""

    mine: tuple[Row, ...]
    number_mine: int
    others: tuple[Row, ...]
    number_others: int
    due: tuple[Row, ...]
    watching: tuple[Row, ...]
    number_watching: int
    notices: tuple[NoticeRow, ...]


def today_of(membership: Membership, *, now: datetime) -> Today:
    delays = _ringing(membership, now=now)
    needing = [delay for delay in delays if delay.attention != Attention.OWNED]
    mine = [delay for delay in needing if _is_mine(delay.referral, membership)]
    others = [delay for delay in needing if not _is_mine(delay.referral, membership)]
    watching = [delay for delay in delays if delay.attention == Attention.OWNED]
    soon = _falling_due(membership, now=now)
    shown = [*mine[:SHOWN], *others[:SHOWN], *watching[:SHOWN]]
    words = LateWords({*(delay.referral_id for delay in shown), *soon}, now=now)
    return Today(
        mine=tuple(_delayed(delay, words) for delay in mine[:SHOWN]),
        number_mine=len(mine),
        others=tuple(_delayed(delay, words) for delay in others[:SHOWN]),
        number_others=len(others),
        due=tuple(_due(soon, words, needing, now=now)),
        watching=tuple(_delayed(delay, words) for delay in watching[:SHOWN]),
        number_watching=len(watching),
        notices=tuple(row for row in inbox(membership, number=NOTICES) if not row.read),
    )


def _ringing(membership: Membership, *, now: datetime) -> list[Delay]:
    """Told at once or today, worst first."""
    return list(
        Delay.objects.visible_to(membership)
        .ringing()
        .with_attention(london_date(now))
        .select_related("referral")
        .worst_first()
    )


def _is_mine(referral: Referral, membership: Membership) -> bool:
    return referral.assigned_to_id in {None, membership.user_id}


def _delayed(delay: Delay, words: LateWords) -> Row:
    return Row(
        reference=delay.referral.reference,
        pseudonym=delay.referral.pseudonym,
        at_risk=at_risk_words(delay.referral),
        words=words.of(delay),
        severity=words.tone(delay),
        for_review=delay.attention == Attention.DUE,
    )


def _falling_due(membership: Membership, *, now: datetime) -> dict[int, Referral]:
    """Referrals whose next instant comes by tomorrow evening: a limit of theirs may be meant."""
    return (
        Referral.objects.visible_to(membership)
        .filter(next_deadline_at__gt=now, next_deadline_at__lte=_evening(now))
        .in_bulk()
    )


def _evening(now: datetime) -> datetime:
    """The end of tomorrow in Europe/London: limits in days pass at midnight."""
    return midnight(london_date(now) + timedelta(days=2))


def _due(
    soon: dict[int, Referral], words: LateWords, needing: Sequence[Delay], *, now: datetime
) -> Iterator[Row]:
    """Limits that will be passed, the nearest first, without those that need somebody already."""
    late = {(delay.referral_id, delay.rule, delay.started_by_id) for delay in needing}
    found = [
        (mark, wait, soon[pk])
        for pk in soon
        for wait in words.waits[pk]
        if wait.running and (pk, wait.rule, wait.started_by) not in late
        for mark in _next(wait, now=now)
    ]
    for mark, wait, referral in sorted(found, key=lambda each: (each[0].due_at, each[2].pk)):
        gone = gone_against(wait, mark.severity, nation=referral.nation, now=now)
        yield Row(
            reference=referral.reference,
            pseudonym=referral.pseudonym,
            at_risk=at_risk_words(referral),
            words=f"{wait.threshold.title}: {gone}",
            severity="due",
            due=due_in_words(mark.due_at, unit=mark.unit, now=now) if mark.due_at else "",
        )


def _next(wait: Wait, *, now: datetime) -> list[Mark]:
    """The nearest limit ahead, of those that somebody would be told of, by tomorrow evening."""
    ahead = [
        mark
        for mark in wait.marks
        if mark.told in RINGING and mark.due_at and now < mark.due_at <= _evening(now)
    ]
    return ahead[:1]
