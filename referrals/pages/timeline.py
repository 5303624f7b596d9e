"""What happened, in words, newest first; what was corrected stays in sight."""

from datetime import datetime, timedelta

from django.urls import reverse

from nrm_tracker.ui.parts import Entry
from nrm_tracker.ui.words import exact
from organisations.models import Membership
from organisations.roles import Permission
from referrals.catalogue import ConsentType, EventCode, Given, Outcome, Precision, Risk
from referrals.models import Referral, WaitEvent

SAME_TIME = timedelta(minutes=10)
NOT_CORRECTED = (EventCode.RECORDED_IN_ERROR, EventCode.CLOSED, EventCode.REOPENED)
PRECISION_WORDS = {Precision.ABOUT: "about then", Precision.DAY: "time not known"}


def events_of(referral: Referral, *, membership: Membership) -> list[WaitEvent]:
    """Every event of a referral that the organisation may see, newest first."""
    return list(
        WaitEvent.objects.visible_to(membership)
        .filter(referral=referral)
        .select_related("organisation", "submitted_by", "recorded_by", "by", "superseded_by")
        .order_by("-happened_at", "-id")
    )


def stands(event: WaitEvent) -> bool:
    return not hasattr(event, "superseded_by") and event.code != EventCode.RECORDED_IN_ERROR


def standing_of(referral: Referral, *, membership: Membership) -> list[WaitEvent]:
    """The events that stand, newest first."""
    return [event for event in events_of(referral, membership=membership) if stands(event)]


def title_of(event: WaitEvent) -> str:
    """What an event says, in a line: "No capacity: Northgate Trust"."""
    details = (
        ConsentType(event.consent_type).label if event.consent_type else "",
        Given(event.given).label.lower() if event.given else "",
        Risk(event.risk).label if event.risk else "",
        Outcome(event.outcome).label if event.outcome else "",
        every(event.every_days) if event.every_days else "",
        str(event.organisation or ""),
        f"by {event.submitted_by}" if event.submitted_by else "",
        f"letter dated {event.dated_on.day} {event.dated_on:%B %Y}" if event.dated_on else "",
    )
    said = ", ".join(detail for detail in details if detail)
    label = EventCode(event.code).label
    return (
        f"{label}: {said[:1].lower() + said[1:] if event.consent_type else said}" if said else label
    )


def every(days: int) -> str:
    """ "every 10 days"; "every day"."""
    return "every day" if days == 1 else f"every {days} days"


def entries(events: list[WaitEvent], *, referral: Referral, membership: Membership) -> list[Entry]:
    by_id = {event.pk: event for event in events}
    may_correct = membership.can(Permission.RECORD_WAIT_EVENT)
    return [
        Entry(
            title=_title(event, by_id),
            at=event.happened_at,
            byline=byline(event, membership=membership),
            text=_text(event),
            url=_correct(referral, event) if may_correct and is_correctable(event) else "",
            replaced=hasattr(event, "superseded_by"),
            about=PRECISION_WORDS.get(Precision(event.precision), ""),
        )
        for event in events
    ]


def is_correctable(event: WaitEvent) -> bool:
    return stands(event) and event.code not in NOT_CORRECTED


def byline(event: WaitEvent, *, membership: Membership) -> str:
    """Who recorded it, and when, where that differs from when it happened."""
    who = "you" if event.by_id == membership.user_id else str(event.by.name if event.by else "")
    if event.recorded_by_id != membership.organisation_id:
        who = f"{who}, {event.recorded_by}" if who else str(event.recorded_by)
    late = abs(event.recorded_at - event.happened_at) > SAME_TIME
    when = f" {exact(event.recorded_at)}" if late else ""
    return f"recorded{when}{f' by {who}' if who else ''}"


def since(referral: Referral, version: int, *, membership: Membership) -> list[WaitEvent]:
    """What was recorded after a form was opened on this version, oldest first."""
    new = [e for e in events_of(referral, membership=membership) if e.version > version]
    return sorted(new, key=lambda event: event.pk)


def recorded_at(events: list[WaitEvent]) -> datetime | None:
    return max((event.recorded_at for event in events), default=None)


def _title(event: WaitEvent, by_id: dict[int, WaitEvent]) -> str:
    corrected = by_id.get(event.supersedes_id or 0)
    if event.code == EventCode.RECORDED_IN_ERROR and corrected:
        return f"{title_of(event)}: {title_of(corrected)}"
    return title_of(event)


def _text(event: WaitEvent) -> str:
    why = f"Correction: {event.correction_reason}" if event.supersedes_id else ""
    return "\n".join(part for part in (event.detail, why) if part)


def _correct(referral: Referral, event: WaitEvent) -> str:
    return reverse("correct", args=[referral.reference, event.pk])
