"""The worklist: which referrals, in what order, and what each row says.

The order is that of first contact, then id: an order that does not move while
somebody pages through it, and that the index of open referrals by wait serves.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Upper

from nrm_tracker.calendars import london_date, midnight
from nrm_tracker.lookups import Among
from nrm_tracker.ui.words import count
from organisations.models import Membership
from referrals.catalogue import LEFT, AgeGroup
from referrals.forms.filters import DELAY_FILTERS, LEFT_EARLY, MOST_FOUND, NEEDED, UNSAID
from referrals.models import Attention, Delay, Referral, Told
from referrals.models.delay import DelayQuerySet
from referrals.models.referral import ReferralQuerySet, nobodys
from referrals.pages.delays import NO_DELAY
from referrals.pages.late import LateWords, at_risk_words
from referrals.references import read_reference
from referrals.stages import RULES_OF, Stage
from referrals.ways.groups import counted_by

PAGE = 50
AT_ONCE = 500  # of a list that leaves the product
Chosen = Mapping[str, Any]
CHILDREN = Q(age_group__in=[AgeGroup.CHILD, AgeGroup.NOT_SURE])
STATES = {"open": Q(closed_at__isnull=True), "closed": Q(closed_at__isnull=False), "all": Q()}


@dataclass(frozen=True, slots=True)
class Row:
    """A referral in the list. `waited`: from first contact until now, the entry or the close."""

    reference: str
    version: int
    own_reference: str
    pseudonym: str
    about: str  # child, closed, at risk of what
    since: datetime
    waited: str
    severity: str
    delay: str
    attention: str
    responsible: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the list; `first` and `last` are the references at its ends."""

    number: int
    rows: tuple[Row, ...]
    first: str
    last: str
    more_before: bool
    more_after: bool


def listing(membership: Membership, *, chosen: Chosen, now: datetime) -> Listing:
    """One page of what the filters choose."""
    found = narrowed(membership, chosen, now=now)
    page, before, after = _page(found, membership, chosen)
    return Listing(
        number=found.count(),
        rows=_rows(page, _delays(membership, chosen, now=now), now=now),
        first=page[0].reference if page else "",
        last=page[-1].reference if page else "",
        more_before=before,
        more_after=after,
    )


def every_row(membership: Membership, *, chosen: Chosen, now: datetime) -> Iterator[Row]:
    """All that the filters choose, in the order of the list."""
    found = narrowed(membership, chosen, now=now).select_related("assigned_to")
    rows = list(found.order_by("first_contact_at", "id"))
    delays = _delays(membership, chosen, now=now)
    for start in range(0, len(rows), AT_ONCE):
        yield from _rows(rows[start : start + AT_ONCE], delays, now=now)


def references_of(asked: str, *, membership: Membership) -> list[str]:
    """Of the referrals called so: by reference, one's own reference, or the word for the person,
    whole, whatever the case; those longest known first, one more than MOST_FOUND at most."""
    word = Upper(Value(asked))
    called = Q(called_by_us=word) | Q(called=word) | Q(reference=read_reference(asked))
    rows = Referral.objects.visible_to(membership).filter(called)
    ordered = rows.order_by("first_contact_at", "id").values_list("reference", flat=True)
    return list(ordered[: MOST_FOUND + 1])


def narrowed(membership: Membership, chosen: Chosen, *, now: datetime) -> ReferralQuerySet:
    """Those of one's own that the filters choose; whom a figure counts comes last, of the rest."""
    found = _narrowed(membership, chosen, now=now)
    if code := chosen["counted"]:
        return found.filter(Among("id", counted_by(code, found, now=now)))
    return found


def _narrowed(membership: Membership, chosen: Chosen, *, now: datetime) -> ReferralQuerySet:
    found = Referral.objects.visible_to(membership).filter(STATES[chosen["state"]])
    if chosen["risk"]:
        found = found.at_risk()
    if chosen["clock"]:
        found = found.without_clock()
    if chosen["contact"]:
        found = found.out_of_contact()
    if chosen["closed_as"]:
        found = _closed_as(found, chosen["closed_as"])
    for name, condition in CONDITIONS.items():
        if chosen[name]:
            found = found.filter(condition(chosen[name], membership, now))
    if any(chosen[name] for name in DELAY_FILTERS):
        delays = _delays(membership, chosen, now=now)
        # asked once, beforehand: within the query the view of delays is worked out again and again
        return found.filter(pk__in=set(delays.values_list("referral", flat=True)))
    return found


def _delays(membership: Membership, chosen: Chosen, *, now: datetime) -> DelayQuerySet:
    """The delays that are all that is asked for; of a referral one such delay is enough."""
    delays = Delay.objects.visible_to(membership).exclude(rule__in=NO_DELAY)
    wanted = {
        "severity": chosen["severity"],
        "rule": chosen["rule"],
        "taken_up__reason": chosen["cause"],
        "waits_on": chosen["waits_on"],
    }
    delays = delays.filter(**{lookup: value for lookup, value in wanted.items() if value})
    if chosen["ringing"]:
        delays = delays.ringing()
    if chosen["stage"]:
        delays = delays.filter(rule__in=RULES_OF[Stage(chosen["stage"])])
        delays = delays.exclude(told=Told.MEASURED)
    if attention := chosen["attention"]:
        wanted_now = (Attention.NEW, Attention.DUE) if attention == NEEDED else (attention,)
        delays = delays.with_attention_in(wanted_now, london_date(now))
    return delays


def _nation(value: str, _membership: Membership, _now: datetime) -> Q:
    return Q(nation=value)


def _age(value: str, _membership: Membership, _now: datetime) -> Q:
    return CHILDREN if value == "child" else ~CHILDREN


def _submitted(value: str, _membership: Membership, _now: datetime) -> Q:
    return Q(submitted_at__isnull=value == "no")


def _failed(_value: str, _membership: Membership, _now: datetime) -> Q:
    return Q(assessment_failed_at__isnull=False)


def _caseworker(value: str, membership: Membership, _now: datetime) -> Q:
    if value == "none":  # nobody, or somebody who has left
        here = Membership.objects.visible_to(membership).doing_casework()
        return nobodys(here)
    return Q(assigned_to=membership.user_id if value == "me" else value)


def _month(value: str, _membership: Membership, _now: datetime) -> Q:
    return Q(first_contact_at__gte=month_begins(value), first_contact_at__lt=month_ends(value))


def _asked_since(value: str, _membership: Membership, _now: datetime) -> Q:
    return Q(first_contact_at__gte=month_begins(value))


def _asked_until(value: str, _membership: Membership, _now: datetime) -> Q:
    return Q(first_contact_at__lt=month_ends(value))


def _closed_as(found: ReferralQuerySet, asked: str) -> ReferralQuerySet:
    reasons = {LEFT_EARLY: [str(each) for each in LEFT], UNSAID: [""]}.get(asked, [asked])
    found = found.closed_as(reasons)
    return found.filter(submitted_at__isnull=True) if asked == LEFT_EARLY else found


def _closed_since(value: str, _membership: Membership, _now: datetime) -> Q:
    return Q(closed_at__gte=month_begins(value))


def _closed_until(value: str, _membership: Membership, _now: datetime) -> Q:
    return Q(closed_at__lt=month_ends(value))


def month_begins(month: str) -> datetime:
    """The first instant of a month (YYYY-MM) in London."""
    return midnight(date.fromisoformat(f"{month}-01"))


def month_ends(month: str) -> datetime:
    """The first instant after it."""
    following = date.fromisoformat(f"{month}-01") + timedelta(days=31)
    return midnight(following.replace(day=1))


def _due_within(value: int, _membership: Membership, now: datetime) -> Q:
    return Q(next_deadline_at__gt=now, next_deadline_at__lt=now + timedelta(days=value))


def _found(value: list[str], _membership: Membership, _now: datetime) -> Q:
    return Q(reference__in=value)


CONDITIONS: dict[str, Callable[[Any, Membership, datetime], Q]] = {
    "nation": _nation,
    "age": _age,
    "submitted": _submitted,
    "failed": _failed,
    "caseworker": _caseworker,
    "since": _month,
    "asked_since": _asked_since,
    "asked_until": _asked_until,
    "closed_since": _closed_since,
    "closed_until": _closed_until,
    "due_within_days": _due_within,
    "found": _found,
}


def _page(
    found: QuerySet[Referral], membership: Membership, chosen: Chosen
) -> tuple[list[Referral], bool, bool]:
    """The rows after one reference or before another, and whether there are more either way."""
    edge = chosen["after"] or chosen["before"]
    backwards = bool(chosen["before"]) and not chosen["after"]
    rows = found.select_related("assigned_to")
    at = Referral.objects.visible_to(membership).filter(reference=edge).first() if edge else None
    if at:
        rows = rows.filter(_beyond(at, backwards=backwards))
    order = ("-first_contact_at", "-id") if backwards else ("first_contact_at", "id")
    page = list(rows.order_by(*order)[: PAGE + 1])
    more, page = len(page) > PAGE, page[:PAGE]
    if backwards:
        return page[::-1], more, at is not None
    return page, at is not None, more


def _beyond(at: Referral, *, backwards: bool) -> Q:
    first, pk = at.first_contact_at, at.pk
    if backwards:
        return Q(first_contact_at__lt=first) | Q(first_contact_at=first, id__lt=pk)
    return Q(first_contact_at__gt=first) | Q(first_contact_at=first, id__gt=pk)


def _rows(page: list[Referral], delays: DelayQuerySet, *, now: datetime) -> tuple[Row, ...]:
    """Each with the worst of the delays that were asked for."""
    worst: dict[int, Delay] = {}
    shown = delays.with_attention(london_date(now)).filter(referral__in=page)
    for delay in shown.worst_first():
        worst.setdefault(delay.referral_id, delay)
    words = LateWords(worst, now=now)
    return tuple(_row(each, worst.get(each.pk), words, now=now) for each in page)


def _row(referral: Referral, delay: Delay | None, words: LateWords, *, now: datetime) -> Row:
    responsible = referral.assigned_to
    until = referral.submitted_at or referral.closed_at or now
    days = (london_date(until) - london_date(referral.first_contact_at)).days
    return Row(
        reference=referral.reference,
        version=referral.version,
        own_reference=referral.own_reference,
        pseudonym=referral.pseudonym,
        about=_about(referral),
        since=referral.first_contact_at,
        waited=count(days, "day"),
        severity=words.tone(delay) if delay else "",
        delay=words.of(delay) if delay else "",
        attention=_attention(delay) if delay else "",
        responsible=responsible.name if responsible else "Nobody",
    )


def _attention(delay: Delay) -> str:
    """Nothing where nobody is asked to take it up, and nobody has."""
    asked = delay.told in {Told.AT_ONCE, Told.TODAY} or delay.attention != Attention.NEW
    return str(Attention(delay.attention).label) if asked else ""


def _about(referral: Referral) -> str:
    child = "" if referral.age_group == AgeGroup.ADULT else AgeGroup(referral.age_group).label
    ended = "closed" if referral.closed_at else "NRM referral submitted"
    parts = [
        str(child),
        at_risk_words(referral),
        ended if referral.closed_at or referral.submitted_at else "",
    ]
    return ", ".join(part for part in parts if part)
