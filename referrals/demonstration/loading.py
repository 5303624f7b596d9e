"""Write the story down, once, in an empty database."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import cycle
from random import Random

from django.db import transaction

from nrm_tracker.calendars import london_date
from nrm_tracker.database import context
from organisations.models import Organisation
from referrals.actions import (
    Happening,
    correct_wait_event,
    deliver_notices,
    open_referrals,
    sweep,
    take_up_delay,
)
from referrals.catalogue import EventCode
from referrals.demonstration import people
from referrals.demonstration.asked import ask_riverside
from referrals.demonstration.crowd import LATE, Crowd
from referrals.demonstration.day import plan_day
from referrals.demonstration.families import join_families
from referrals.demonstration.papers import put_on_paper
from referrals.demonstration.prepared import prepare
from referrals.demonstration.register import RIVERSIDE, Staffed, open_register
from referrals.demonstration.rooms import say_how_much_room
from referrals.demonstration.spending import log_what_it_took
from referrals.demonstration.tale import Tale
from referrals.models import Delay, Referral, TakenUp, WaitEvent
from referrals.models.delay import DelayQuerySet
from referrals.pseudonyms import WORDS

SEED = 2015
LEFT_IN_TEN = 1  # of those who wait no longer, how many in ten left before entry
ANSWERS = (
    (TakenUp.Reason.FRO_CAPACITY, "Three organisations asked; a place is promised next month."),
    (TakenUp.Reason.FRO_CAPACITY, "First on our list; a meeting is being arranged."),
    (TakenUp.Reason.FRO_CAPACITY, "A second First Responder starts on Monday."),
    (TakenUp.Reason.INTERPRETER, "Interpreter booked for the next meeting."),
    (TakenUp.Reason.SURVIVOR_TIME, "Asked to wait until the medical appointment."),
)


@transaction.atomic
def load(*, now: datetime) -> None:
    """The whole demonstration, ending now. Only for a database without organisations."""
    staffed = open_register(now=now)
    register = {slug: one.organisation for slug, one in staffed.items()}
    random = Random(SEED)  # noqa: S311 - the same story at each first start, not a secret
    for one in staffed.values():
        _Story(one, register, random, now).write()
    say_how_much_room(staffed, now=now)
    ask_riverside(staffed, now=now)
    sweep(now=now, wait=True)
    deliver_notices(now=now)


class _Story:
    """What happens at one organisation."""

    def __init__(
        self,
        staffed: Staffed,
        register: Mapping[str, Organisation],
        random: Random,
        now: datetime,
    ) -> None:
        self.staffed, self.register, self.random, self.now = staffed, register, random, now
        self.cast, self.manager = staffed.cast, staffed.manager
        designated = [register["northgate"], register["harbour"], register["riverside"]]
        others = [one for one in designated if one != staffed.organisation]
        self.submitter = staffed.organisation if staffed.organisation in designated else others[0]
        self.crowd = Crowd(random, self.submitter, others)
        free = [word for word in WORDS if word not in people.NAMES]
        self.names = iter(random.sample(free, self.cast.referrals))

    def write(self) -> None:
        acting = context(user=self.manager.user_id, organisation=self.staffed.organisation.pk)
        with acting:
            needing, in_time, entered = self._told()
            owned = list(self._owned())
            needing += [
                self.crowd.needing(t) for t in self._tales(self.cast.needing - len(needing))
            ]
            waiting = self.cast.waiting - len(owned) - len(needing) - len(in_time)
            in_time += [self.crowd.in_time(tale) for tale in self._tales(waiting)]
            known = owned + needing + in_time + entered
            entered += list(self._done(self.cast.referrals - len(known)))
            self._open([*needing, *owned, *in_time, *entered])
            self._take_up({tale.pseudonym for tale in owned})
            if self.cast is RIVERSIDE:
                self._take_up_long_ago(people.due_for_review(self.now).pseudonym)
                self._correct(people.mistaken(self.now).pseudonym)
                plan_day(self.staffed.caseworkers[0], self.manager, now=self.now)
                prepare(self.staffed.caseworkers[0], now=self.now)
                put_on_paper(self.staffed.caseworkers[0], now=self.now)
                join_families(self.staffed.caseworkers[0], now=self.now)
                log_what_it_took(self.staffed.caseworkers[0], self.manager, now=self.now)

    def _told(self) -> tuple[list[Tale], list[Tale], list[Tale]]:
        """Those whom the story is about: needing somebody now, in time, entered."""
        if self.cast is not RIVERSIDE:
            return [], [], []
        now, register = self.now, self.register
        needing = [
            people.heron(now, register),
            people.possible_child(now),
            people.destitute_today(now),
            people.old_draft(now),
            people.forgotten_risk(now),
            people.due_for_review(now),
        ]
        in_time = [
            people.at_the_door(now),
            *people.siblings(now),
            people.asked_for_time(now),
            people.came_back(now),
            people.mistaken(now),
        ]
        return needing, in_time, [people.wren(now, register), people.negative_letter(now, register)]

    def _tales(self, number: int) -> Iterator[Tale]:
        for _ in range(number):
            nation = self.random.choice(self.cast.nations)
            yield Tale(next(self.names), self.now, nation=nation)

    def _owned(self) -> Iterator[Tale]:
        for number, tale in enumerate(self._tales(self.cast.owned)):
            yield self.crowd.late(tale) if number else self.crowd.late_for(tale, LATE[1])

    def _done(self, number: int) -> Iterator[Tale]:
        for position, tale in enumerate(self._tales(number)):
            if position % 10 < LEFT_IN_TEN:
                yield self.crowd.left(tale)
            else:
                yield self.crowd.entered(tale, self.submitter)

    def _open(self, tales: Sequence[Tale]) -> None:
        ordered = sorted(tales, key=lambda tale: tale.happenings[0].happened_at)
        workers = cycle(self.staffed.caseworkers)
        prefix = self.cast.slug[:2].upper()
        open_referrals(
            openings=[
                tale.opening(f"{prefix}-{number:04}", next(workers).user_id)
                for number, tale in enumerate(ordered, start=1)
            ],
            by=self.staffed.caseworkers[0],
            now=self.now,
        )

    def _take_up(self, pseudonyms: set[str]) -> None:
        for delay in self._delays().filter(referral__pseudonym__in=pseudonyms):
            at = max(self.now - timedelta(days=self.random.randint(1, 6)), delay.breached_at)
            self._answer(delay, at=at, days_ahead=self.random.randint(2, 13))

    def _take_up_long_ago(self, pseudonym: str) -> None:
        for delay in self._delays().filter(referral__pseudonym=pseudonym):
            self._answer(delay, at=self.now - timedelta(days=9), days_ahead=-1)

    def _delays(self) -> DelayQuerySet:
        return (
            Delay.objects.visible_to(self.manager)
            .ringing()
            .select_related("referral")
            .worst_first()
        )

    def _answer(self, delay: Delay, *, at: datetime, days_ahead: int) -> None:
        reason, action = self.random.choice(ANSWERS)
        take_up_delay(
            delay=delay,
            reason=reason,
            action=action,
            review_on=london_date(self.now) + timedelta(days=days_ahead),
            by=self.manager,
            now=at,
        )

    def _correct(self, pseudonym: str) -> None:
        [referral] = Referral.objects.visible_to(self.manager).filter(pseudonym=pseudonym)
        wrong = WaitEvent.objects.get(referral=referral, code=EventCode.APPOINTMENT_OFFERED)
        correct_wait_event(
            event=wrong,
            corrected=Happening(
                code=EventCode.APPOINTMENT_OFFERED,
                happened_at=wrong.happened_at - timedelta(days=1),
            ),
            reason="It was the day before; the note was read wrongly.",
            by=self.manager,
            now=self.now,
        )
