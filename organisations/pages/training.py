"""Who here may act as a First Responder, what is asked of them, and one's own training."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.words import distance
from organisations.models import Membership, ResponderPolicy, Training, TrainingModule
from organisations.trained import MayAct, Policy, policy_of, who_may_act, with_trainings

SOON = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Responder:
    """A colleague who is marked as a First Responder. `soon`: it ends within 90 days."""

    id: int
    name: str
    may: bool
    soon: bool
    words: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """Who of an organisation may act today; those who may not come first."""

    responders: list[Responder]

    @property
    def able(self) -> int:
        return sum(each.may for each in self.responders)

    @property
    def lapsing(self) -> int:
        return sum(each.soon for each in self.responders)


def coverage(membership: Membership, *, now: datetime) -> Coverage:
    today = london_date(now)
    members = with_trainings(Membership.objects.visible_to(membership).active())
    marked = [each for each in members if each.first_responder_since]
    may = who_may_act(marked, on=today)
    found = [_responder(each, may[each.pk], today=today) for each in marked]
    return Coverage(sorted(found, key=lambda each: (each.may, not each.soon, each.name.casefold())))


def lapses_soon(may: MayAct, *, today: date) -> bool:
    return may.until is not None and may.until < today + SOON


def in_words(may: MayAct, *, today: date) -> str:
    """ "May act until 3 March 2027, in 98 days", or why not."""
    if not may:
        return f"May not act today: {may.why}"
    return f"May act{_until(may, today=today)}"


def _until(may: MayAct, *, today: date) -> str:
    if may.until is None:
        return " today"
    return f" until {may.until:%-d %B %Y}, {distance(may.until, today=today)}"


def _responder(member: Membership, may: MayAct, *, today: date) -> Responder:
    return Responder(
        id=member.pk,
        name=member.user.name,
        may=bool(may),
        soon=lapses_soon(may, today=today),
        words=in_words(may, today=today),
    )


@dataclass(frozen=True, slots=True)
class Completed:
    """A training that somebody completed; `withdrawn` says why it does not count, if it does not.
    `over`: it does not count any more."""

    id: int
    course: str
    trained_on: date
    good_until: date
    over: bool
    certificate: str
    withdrawn: str


def completed(trainings: Iterable[Training], *, now: datetime) -> list[Completed]:
    """The latest first."""
    today = london_date(now)
    rows = sorted(trainings, key=lambda each: (each.trained_on, each.pk), reverse=True)
    return [
        Completed(
            id=each.pk,
            course=each.course,
            trained_on=each.trained_on,
            good_until=each.good_until,
            over=each.good_until < today,
            certificate=each.certificate,
            withdrawn=each.get_withdrawn_why_display() if each.withdrawn_at else "",
        )
        for each in rows
    ]


@dataclass(frozen=True, slots=True)
class OwnTraining:
    """`words`: until when they may act, as the end of "You may act", or why they may not."""

    marked: bool
    may: bool
    words: str
    completed: list[Completed]
    missing: list[TrainingModule]  # what is required and was never completed


def own_training(membership: Membership, *, now: datetime) -> OwnTraining:
    today = london_date(now)
    rows = with_trainings(Membership.objects.visible_to(membership).active())
    [own] = rows.filter(pk=membership.pk)
    may = who_may_act([own], on=today)[own.pk]
    done = {each.module_id for each in own.trainings.all()}
    required = TrainingModule.objects.visible_to(membership).offered().filter(required=True)
    return OwnTraining(
        marked=own.first_responder_since is not None,
        may=bool(may),
        words=_until(may, today=today) if may else may.why,
        completed=completed(own.trainings.all(), now=now),
        missing=[each for each in required.in_order() if each.pk not in done],
    )


def modules_of(membership: Membership) -> list[TrainingModule]:
    """What is offered to one's organisation: what everybody is asked for first."""
    return list(TrainingModule.objects.visible_to(membership).offered().in_order())


@dataclass(frozen=True, slots=True)
class PolicyPage:
    policy: Policy
    changes: Sequence[ResponderPolicy]


def policy_page(membership: Membership) -> PolicyPage:
    """What the organisation does with work of the untrained, and who chose that when."""
    rows = ResponderPolicy.objects.visible_to(membership).select_related("by").order_by("-id")
    return PolicyPage(policy_of(membership.organisation_id), list(rows))
