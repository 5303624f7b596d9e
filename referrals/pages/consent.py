"""What a person said to each layer of consent, and where the way goes from there."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.parts import Line
from nrm_tracker.ui.words import day_in_words
from organisations.lawful_basis import in_words
from organisations.models import Membership
from referrals import consent, notification
from referrals.catalogue import ConsentType, EventCode, Given
from referrals.delays import Wait
from referrals.models import Referral, WaitEvent
from referrals.pages.consequences import waits_of
from referrals.pages.timeline import standing_of
from referrals.pages.waits import row_of

NOT_ASKED = "Not discussed"


@dataclass(frozen=True, slots=True)
class ConsentPage:
    """`asked`: whether this person is asked at all. `told`: when the local authority was told."""

    asked: bool
    turned_18: bool
    layers: list[Line]
    told: WaitEvent | None
    sharing: list[Line]  # of a child: each voice
    may_share: bool
    said_no: WaitEvent | None
    basis: list[Line]


@dataclass(frozen=True, slots=True)
class NoPage:
    """After somebody did not consent. `duty` is the wait for the notification, if one runs."""

    said_no: WaitEvent
    may_notify: bool
    duty: str


def consent_page(referral: Referral, *, membership: Membership, now: datetime) -> ConsentPage:
    standing = standing_of(referral, membership=membership)
    today = london_date(now)
    return ConsentPage(
        asked=consent.is_asked(referral, on=today),
        turned_18=bool(referral.turns_18_on and referral.turns_18_on <= today),
        layers=[
            Line(kind.label, in_a_line(event, now=now) if event else NOT_ASKED)
            for kind, event in consent.layers(standing).items()
        ],
        told=_latest(standing, EventCode.LA_SAFEGUARDING_REFERRED),
        sharing=_sharing(standing, now=now),
        may_share=consent.may_share(standing, asked=consent.is_asked(referral, on=today)),
        said_no=consent.no_to_the_nrm(standing),
        basis=[_basis(referral, membership=membership)],
    )


def _sharing(standing: list[WaitEvent], *, now: datetime) -> list[Line]:
    voices = (
        ("The child", consent.layers(standing)[ConsentType.SHARING]),
        ("Who may speak for them", consent.said_for_the_child(standing)),
    )
    return [Line(who, in_a_line(e, now=now) if e else NOT_ASKED) for who, e in voices]


def no_page(referral: Referral, *, membership: Membership, now: datetime) -> NoPage | None:
    """None where the person did not say no, or was not to be asked."""
    said_no = consent.no_to_the_nrm(standing_of(referral, membership=membership))
    if said_no is None or not consent.is_asked(referral, on=london_date(now)):
        return None
    duty = next((w for w in waits_of(referral, now=now) if _is_duty(w)), None)
    return NoPage(
        said_no=said_no,
        may_notify=notification.is_possible(referral.nation),
        duty=row_of(duty, now=now).due if duty else "",
    )


def facts_of_notification(
    referral: Referral, said_no: WaitEvent, *, membership: Membership
) -> notification.Facts:
    standing = standing_of(referral, membership=membership)
    noted = _latest(standing, EventCode.INDICATORS_IDENTIFIED)
    return notification.Facts(
        notified_by=membership.organisation.name,
        nation=referral.nation,
        noted_at=noted.happened_at if noted else None,
        said_no_at=said_no.happened_at,
    )


def agreed_to_cooperate(referral: Referral, *, membership: Membership) -> bool:
    """Whether the person consents to contact with the police, so that the form may name them."""
    last = consent.layers(standing_of(referral, membership=membership))
    police = last[ConsentType.POLICE]
    return police is not None and police.code == EventCode.CONSENT_RECORDED


def in_a_line(event: WaitEvent, *, now: datetime) -> str:
    """ "Consented on Tuesday 14 April, by telephone, recorded by Ash"."""
    day = day_in_words(london_date(event.happened_at), today=london_date(now))
    how = f", {Given(event.given).label.lower()}" if event.given else ""
    who = f", recorded by {event.by.name}" if event.by else ""
    return f"{EventCode(event.code).label} on {day}{how}{who}"


def in_short(referral: Referral, standing: list[WaitEvent], *, now: datetime) -> str:
    """The state of consent in the summary of a referral."""
    if not consent.is_asked(referral, on=london_date(now)):
        told = _latest(standing, EventCode.LA_SAFEGUARDING_REFERRED)
        return (
            "Not asked of a child"
            if told
            else "Not asked of a child: the local authority comes first"
        )
    last = consent.layers(standing)[ConsentType.NRM]
    return in_a_line(last, now=now) if last else "Not discussed yet"


def _basis(referral: Referral, *, membership: Membership) -> Line:
    own = in_words(referral.lawful_basis, referral.special_condition)
    usual = membership.organisation
    differs = referral.lawful_basis or referral.special_condition
    return Line(
        "Lawful basis",
        own if differs else in_words(usual.lawful_basis, usual.special_condition),
        url=reverse("basis", args=[referral.reference]),
    )


def _latest(standing: list[WaitEvent], code: EventCode) -> WaitEvent | None:
    return next((event for event in standing if event.code == code), None)  # newest first


def _is_duty(wait: Wait) -> bool:
    return wait.rule == "duty-to-notify" and wait.running
