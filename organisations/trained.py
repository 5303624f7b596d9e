"""Who may act as a First Responder on a day: the one place where that is derived.

Somebody who acts for the organisation, is marked as a First Responder by then, and has completed
every module that is required, none of them too long ago. Nothing of it is stored.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q

from organisations.models import (
    Designation,
    Membership,
    ResponderPolicy,
    Training,
    TrainingModule,
)
from organisations.models.membership import MembershipQuerySet

Policy = ResponderPolicy.Policy


@dataclass(frozen=True, slots=True)
class MayAct:
    """`why` is why not, "" where they may. `until`: the last day on which they may as things
    stand, None where nothing ends or where they may not."""

    why: str
    until: date | None = None

    def __bool__(self) -> bool:
        return not self.why


READ = ("organisation", "role", "first_responder_since", "ended_at")
READ_OF_USER = ("user__id", "user__name", "user__is_active")  # as nrm_register may


def with_trainings(members: MembershipQuerySet) -> MembershipQuerySet:
    """The same, with what `who_may_act` reads."""
    standing = Training.objects.standing().select_related("module")
    known = members.select_related("user").only(*READ, *READ_OF_USER)
    return known.prefetch_related(Prefetch("trainings", queryset=standing))


def required_of(organisation: int) -> list[TrainingModule]:
    """What First Responders of an organisation (id) must have completed."""
    own = Q(organisation__isnull=True) | Q(organisation=organisation)
    offered = TrainingModule.objects.filter(own, required=True).offered()
    return list(offered.in_order())


def may_act(member: Membership, *, required: Sequence[TrainingModule], on: date) -> MayAct:
    """Of a member that has come through `with_trainings`, on a London date."""
    since = member.first_responder_since
    if member.ended_at is not None or not member.user.is_active:
        return MayAct("Does not act for the organisation any more")
    if since is None or since > on:
        return MayAct("Not marked as a First Responder")
    done = [each for each in member.trainings.all() if each.trained_on <= on]
    if not done:
        return MayAct("No training recorded")
    ends: list[date] = []
    for module in required:
        until = max((each.good_until for each in done if each.module_id == module.pk), default=None)
        if until is None:
            return MayAct(f"{module.name}: not completed")
        if until < on:
            return MayAct(f"{module.name} ended on {until:%-d %B %Y}")
        ends.append(until)
    return MayAct("", min(ends, default=None))


def who_may_act(members: Iterable[Membership], *, on: date) -> dict[int, MayAct]:
    """By membership, of members of one organisation that came through `with_trainings`."""
    known = list(members)
    required = required_of(known[0].organisation_id) if known else []
    return {each.pk: may_act(each, required=required, on=on) for each in known}


@dataclass(frozen=True, slots=True)
class Untrained:
    """Somebody who may not act today: why, whether their organisation refuses what they record, and
    the names of the colleagues who may act."""

    why: str
    refused: bool
    colleagues: tuple[str, ...]

    @property
    def in_words(self) -> str:
        can = ", ".join(self.colleagues)
        who = f"Who may act today: {can}." if can else "Nobody here may act today."
        return f"You may not act as a First Responder today. {self.why}. {who}"


def untrained(*, user: int, organisation: int, on: date, days: Sequence[date]) -> Untrained | None:
    """Whether a user (id) may not do First Responders' work of these days: neither today (`on`),
    nor on each of the days themselves. None where they may, or where the organisation is not
    designated and so has no First Responders."""
    if not Designation.objects.filter(organisation=organisation).active(on).exists():
        return None
    members = with_trainings(Membership.objects.filter(organisation=organisation).active())
    required = required_of(organisation)
    today = {each: may_act(each, required=required, on=on) for each in members}
    own = next((each for each in today if each.user_id == user), None)
    if own is None:
        return None
    then = [may_act(own, required=required, on=day) for day in days]
    if today[own] or (then and all(then)):
        return None
    able = sorted((each.user.name for each, may in today.items() if may), key=str.casefold)
    refused = policy_of(organisation) == Policy.REFUSE
    return Untrained(today[own].why, refused, tuple(able))


def policy_of(organisation: int) -> Policy:
    """What the organisation (id) chose last; a warning where it chose nothing."""
    last = ResponderPolicy.objects.filter(organisation=organisation).order_by("-id").first()
    return Policy(last.policy) if last else Policy.WARN
