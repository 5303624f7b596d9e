"""Still in touch? What was agreed, how the guard judges each way now, and when they last took
part. No number and no address."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.parts import Line
from nrm_tracker.ui.words import day_in_words
from organisations.models import Membership
from referrals.actions import agreed_terms
from referrals.contact import Method, Terms, before_calling, may_contact
from referrals.in_touch import (
    CAUTION,
    RULE,
    Interval,
    in_words,
    interval_of,
    is_out_of_contact,
    last_in_touch,
)
from referrals.models import Delay, Referral, WaitEvent
from referrals.pages.late import at_risk_words
from referrals.pages.timeline import standing_of, title_of


@dataclass(frozen=True, slots=True)
class InTouchPage:
    caution: str
    rules: list[Line]
    known: list[Line]
    is_lost: bool
    delay: int | None  # the delay on contact that stands, if one does


def in_touch_page(referral: Referral, *, membership: Membership, now: datetime) -> InTouchPage:
    standing = standing_of(referral, membership=membership)
    terms = agreed_terms(referral)
    delay = Delay.objects.visible_to(membership).filter(referral=referral, rule=RULE).first()
    return InTouchPage(
        caution=CAUTION,
        rules=list(_rules(terms, now=now)),
        known=list(_known(referral, standing, now=now)),
        is_lost=is_out_of_contact(standing),
        delay=delay.pk if delay else None,
    )


def _rules(terms: Terms | None, *, now: datetime) -> Iterator[Line]:
    """Each way by the guard, those that were not asked about in one line."""
    asked = {*terms.safe, *terms.unsafe} if terms else set()
    for method in Method:
        if method.value in asked:
            yield Line(str(method.label), may_contact(terms, method, now=now).words)
    others = [str(method.label) for method in Method if method.value not in asked]
    if others:
        verdict = may_contact(None, Method.TELEPHONE, now=now)
        yield Line("Everything else" if asked else "Every way", verdict.words)
    if terms and (before := before_calling(terms).strip()):
        yield Line("Before you do", before)


def _known(referral: Referral, standing: Sequence[WaitEvent], *, now: datetime) -> Iterator[Line]:
    today = london_date(now)
    if last := last_in_touch(standing):
        day = day_in_words(london_date(last.happened_at), today=today)
        yield Line("Last in touch", f"{day}: {title_of(last)}")
    yield Line("How often", how_often(interval_of(standing), now=now))
    yield Line("Risks", at_risk_words(referral) or "None recorded that shorten the limit")


def how_often(interval: Interval | None, *, now: datetime) -> str:
    return in_words(interval, today=london_date(now)) if interval else "Nothing agreed about it"


def in_touch_line(
    referral: Referral, standing: Sequence[WaitEvent], *, now: datetime
) -> Iterator[Line]:
    """On the page of the referral, while the rule on contact may apply."""
    last = last_in_touch(standing)
    if last is None or referral.submitted_at or referral.closed_at:
        return
    day = day_in_words(london_date(last.happened_at), today=london_date(now))
    interval = interval_of(standing)
    often = f". {in_words(interval, today=london_date(now))}" if interval else ""
    lost = "Out of contact. " if is_out_of_contact(standing) else ""
    url = reverse("in_touch", args=[referral.reference])
    yield Line("In touch", f"{lost}Last on {day}{often}", url=url, action="Check")
