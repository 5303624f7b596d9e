"""What must somebody do now, and by tomorrow evening. Tasks, delays and limits are rows alike."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from nrm_tracker.calendars import london_date, midnight
from organisations.models import Membership
from referrals.delays import Mark, Wait
from referrals.models import RINGING, Appointment, Attention, Delay, Referral, Task
from referrals.pages.desk import Desk, desk_of
from referrals.pages.hand_over import taken_lately, waiting_here
from referrals.pages.hand_over import to_look_at as asked_of_others
from referrals.pages.late import LateWords
from referrals.pages.notices import NoticeRow, inbox
from referrals.pages.pauses import to_look_at
from referrals.pages.rows import Row, Rows

SHOWN = 50
NOTICES = 5


@dataclass(frozen=True, slots=True)
class Today:
    """`mine` is what one's desk has, see `Desk`; the counts are of all there are, of which at most
    so many delays are shown."""

    mine: tuple[Row, ...]
    number_mine: int
    others: tuple[Row, ...]
    number_others: int
    new: tuple[Row, ...]
    due: tuple[Row, ...]
    asked: tuple[Row, ...]
    taken: tuple[Row, ...]
    appointments: tuple[Row, ...]
    watching: tuple[Row, ...]
    number_watching: int
    notices: tuple[NoticeRow, ...]


def today_of(membership: Membership, *, now: datetime) -> Today:
    desk = desk_of(membership, now=now)
    make = Rows(desk, now)
    delays = _Delays(_ringing(membership, now=now), desk)
    soon = _falling_due(membership, desk, now=now)
    words = LateWords({*delays.referrals_shown, *soon}, now=now)
    agenda = _agenda(membership, make, now=now)
    return Today(
        mine=(*(make.delayed(delay, words) for delay in delays.mine[:SHOWN]), *agenda.mine),
        number_mine=len(delays.mine) + len(agenda.mine),
        others=(*(make.delayed(delay, words) for delay in delays.others[:SHOWN]), *agenda.others),
        number_others=len(delays.others) + len(agenda.others),
        new=tuple(make.new(referral) for referral in _new(membership)),
        due=(*_limits(soon, words, delays.needing, make), *agenda.due),
        asked=tuple(make.asked_of_us(each) for each in waiting_here(membership, now=now)),
        taken=tuple(make.taken(each) for each in taken_lately(membership, now=now)),
        appointments=agenda.appointments,
        watching=tuple(make.delayed(delay, words) for delay in delays.watching[:SHOWN]),
        number_watching=len(delays.watching),
        notices=tuple(row for row in inbox(membership, number=NOTICES) if not row.read),
    )


class _Delays:
    """The delays that ring a bell, by who is to look at them."""

    def __init__(self, ringing: Sequence[Delay], desk: Desk) -> None:
        self.needing = [delay for delay in ringing if delay.attention != Attention.OWNED]
        self.watching = [delay for delay in ringing if delay.attention == Attention.OWNED]
        self.mine = [d for d in self.needing if desk.has(d.referral.assigned_to_id)]
        self.others = [d for d in self.needing if not desk.has(d.referral.assigned_to_id)]

    @property
    def referrals_shown(self) -> set[int]:
        shown = (*self.mine[:SHOWN], *self.others[:SHOWN], *self.watching[:SHOWN])
        return {delay.referral_id for delay in shown}


def _ringing(membership: Membership, *, now: datetime) -> list[Delay]:
    """Told at once or today, worst first."""
    return list(
        Delay.objects.visible_to(membership)
        .ringing()
        .with_attention(london_date(now))
        .select_related("referral")
        .worst_first()
    )


@dataclass(frozen=True, slots=True)
class _Agenda:
    """What was planned: tasks and appointments whose day has come, by who is to look at them."""

    mine: tuple[Row, ...]
    others: tuple[Row, ...]
    due: tuple[Row, ...]
    appointments: tuple[Row, ...]


def _agenda(membership: Membership, make: Rows, *, now: datetime) -> _Agenda:
    today, has = london_date(now), make.desk.has
    tasks = _tasks(membership, now=now)
    meetings = _appointments(membership, now=now)
    pauses = to_look_at(membership, by=today + timedelta(days=1))
    missed = [
        (has(row.referral.assigned_to_id), make.unanswered(row))
        for row in meetings
        if london_date(row.at) < today
    ] + [
        (has(task.assigned_to_id), make.task(task))
        for task in tasks
        if task.due_on and task.due_on < today
    ]
    missed += [
        (has(row.referral.assigned_to_id), make.asked_of_others(row, asked))
        for row, asked in asked_of_others(membership, now=now)
    ]
    missed += [
        (has(event.referral.assigned_to_id), make.pause(event))
        for event in pauses
        if event.look_again_on and event.look_again_on < today
    ]
    return _Agenda(
        mine=tuple(row for mine, row in missed if mine),
        others=tuple(row for mine, row in missed if not mine),
        due=(
            *(
                make.task(task)
                for task in tasks
                if task.due_on and task.due_on >= today and has(task.assigned_to_id)
            ),
            *(
                make.pause(event)
                for event in pauses
                if event.look_again_on
                and event.look_again_on >= today
                and has(event.referral.assigned_to_id)
            ),
        ),
        appointments=tuple(
            make.appointment(row)
            for row in meetings
            if london_date(row.at) == today and has(row.referral.assigned_to_id)
        ),
    )


def _tasks(membership: Membership, *, now: datetime) -> list[Task]:
    """Open, and due by tomorrow evening."""
    return list(
        Task.objects.visible_to(membership)
        .open()
        .filter(due_on__lte=london_date(now) + timedelta(days=1))
        .select_related("referral")
        .order_by("due_on", "id")
    )


def _appointments(membership: Membership, *, now: datetime) -> list[Appointment]:
    """Of today and before, of which nobody has said what came of them."""
    return list(
        Appointment.objects.visible_to(membership)
        .unanswered()
        .filter(at__lt=midnight(london_date(now) + timedelta(days=1)))
        .select_related("referral")
        .order_by("at", "id")
    )


def _new(membership: Membership) -> list[Referral]:
    """Given to one by somebody else, and not yet opened."""
    given = Referral.objects.visible_to(membership).filter(
        assigned_to=membership.user_id, is_new_to_caseworker=True
    )
    return list(given.order_by("first_contact_at", "id")[:SHOWN])


def _falling_due(membership: Membership, desk: Desk, *, now: datetime) -> dict[int, Referral]:
    """Of one's own desk the referrals whose next instant comes by tomorrow evening: a limit of
    theirs may be meant."""
    soon = Referral.objects.visible_to(membership).filter(
        next_deadline_at__gt=now, next_deadline_at__lte=_evening(now)
    )
    return {referral.pk: referral for referral in soon if desk.has(referral.assigned_to_id)}


def _evening(now: datetime) -> datetime:
    """The end of tomorrow in Europe/London: limits in days pass at midnight."""
    return midnight(london_date(now) + timedelta(days=2))


def _limits(
    soon: dict[int, Referral], words: LateWords, needing: Sequence[Delay], make: Rows
) -> Iterator[Row]:
    """Limits that will be passed, the nearest first, without those that need somebody already."""
    late = {(delay.referral_id, delay.rule, delay.started_by_id) for delay in needing}
    found = [
        (mark, wait, soon[pk])
        for pk in soon
        for wait in words.waits[pk]
        if wait.running and (pk, wait.rule, wait.started_by) not in late
        for mark in _next(wait, now=make.now)
    ]
    for mark, wait, referral in sorted(found, key=lambda each: (each[0].due_at, each[2].pk)):
        yield make.limit(wait, mark, referral)


def _next(wait: Wait, *, now: datetime) -> list[Mark]:
    """The nearest limit ahead, of those that somebody would be told of, by tomorrow evening."""
    ahead = [
        mark
        for mark in wait.marks
        if mark.told in RINGING and mark.due_at and now < mark.due_at <= _evening(now)
    ]
    return ahead[:1]
