"""Harm that came to somebody: who reads it, what is counted, what stays when it is corrected."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.urls import reverse

from audit.models import Action, AuditEntry
from organisations.models import Membership
from referrals.actions import (
    HarmSaid,
    correct_harm,
    decide_harm,
    harm_counted,
    opened_harm,
    record_harm,
)
from referrals.errors import NotYetHappenedOn
from referrals.models import Harm, Referral
from tests import factories
from tests.factories import Acting, happening, referral
from tests.referrals.casework import caseworker, form_of, heron
from tests.support import signed_in_client

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SAID = HarmSaid(
    kind="violence",
    happened_on=date(2026, 11, 10),
    known_on=date(2026, 11, 12),
    what="A zephyr broke the door",
    done="Rang the police",
    told=("police",),
)


@pytest.fixture
def hers(riverside: Acting) -> Referral:
    return heron(riverside, days=30)


@pytest.fixture
def lead(riverside: Acting) -> Membership:
    return factories.safeguarding_lead(riverside)


def recorded(acting: Acting, referral: Referral, said: HarmSaid = SAID) -> UUID:
    with acting.context():
        incident = record_harm(referral=referral, said=said, by=acting.caseworker, now=NOW)
        assert incident
        return incident


def read(by: Membership, referral: Referral, incident: UUID) -> list[HarmSaid | None]:
    """What somebody reads of it, the newest version first."""
    with factories.acts(by):
        rows = Harm.objects.visible_to(by).filter(incident=incident).order_by("-number")
        if not rows:
            return []
        found = opened_harm(referral=referral, versions=rows, by=by, now=NOW)
        return [each.said for each in found]


def test_the_lead_and_whoever_recorded_it_read_it_and_nobody_else(
    riverside: Acting, northgate: Acting, lead: Membership, hers: Referral
) -> None:
    incident = recorded(riverside, hers)
    assert read(riverside.caseworker, hers, incident) == [SAID]
    assert read(lead, hers, incident) == [SAID]
    assert read(riverside.manager, hers, incident) == []
    assert read(northgate.caseworker, hers, incident) == []


def test_the_database_keeps_it_from_a_manager_too(riverside: Acting, hers: Referral) -> None:
    recorded(riverside, hers)
    with riverside.context(riverside.manager):
        assert Harm.objects.count() == 0
    with riverside.context():
        assert Harm.objects.count() == 1


def test_a_correction_keeps_what_stood_before_and_the_decision(
    riverside: Acting, lead: Membership, hers: Referral
) -> None:
    incident = recorded(riverside, hers)
    with factories.acts(lead):
        decide_harm(
            referral=hers, incident=incident, decision="report", why="serious", by=lead, now=NOW
        )
    corrected = replace(SAID, what="The door was broken by wind", why="")
    with riverside.context():
        correct_harm(
            referral=hers, incident=incident, said=corrected, by=riverside.caseworker, now=NOW
        )
    assert read(lead, hers, incident) == [
        replace(corrected, why="serious"),
        replace(SAID, why="serious"),
        SAID,
    ]
    with factories.acts(lead):
        last = Harm.objects.latest().get()
        assert (last.decision, last.decided_by_id, last.decided_at) == (
            "report",
            lead.user_id,
            NOW,
        )


def test_nothing_of_it_is_changed_or_removed(riverside: Acting, hers: Referral) -> None:
    recorded(riverside, hers)
    with pytest.raises(Exception, match="permission denied"), riverside.context():
        Harm.objects.update(kind="other")
    with pytest.raises(Exception, match="permission denied"), riverside.context():
        Harm.objects.all().delete()


def test_it_is_counted_without_being_read(
    riverside: Acting, northgate: Acting, lead: Membership, hers: Referral
) -> None:
    first = recorded(riverside, hers)
    recorded(riverside, hers)
    recorded(northgate, heron(northgate))
    entered = referral(
        riverside,
        contact=NOW - timedelta(days=60),
        events=[
            happening(
                "referral_submitted",
                NOW - timedelta(days=40),
                submitted_by=riverside.organisation,
            )
        ],
    )
    recorded(riverside, entered)
    with factories.acts(lead):
        decide_harm(
            referral=hers, incident=first, decision="no_report", why="small", by=lead, now=NOW
        )
    with riverside.context(riverside.manager):
        assert harm_counted() == (3, 2, 2)
        assert harm_counted(referral=hers) == (2, 2, 1)
    with northgate.context():
        assert harm_counted(referral=hers) == (0, 0, 0)


def test_the_trail_says_who_read_it_and_not_what_it_says(
    riverside: Acting, lead: Membership, hers: Referral
) -> None:
    incident = recorded(riverside, hers)
    read(lead, hers, incident)
    with factories.acts(lead):
        rows = AuditEntry.objects.filter(subject=f"harm {incident}").order_by("number")
        assert [(row.action, row.user) for row in rows] == [
            (Action.HARM_RECORDED, riverside.caseworker.user_id),
            (Action.HARM_SHOWN, lead.user_id),
        ]


def test_it_cannot_be_known_before_it_happened(riverside: Acting, hers: Referral) -> None:
    with pytest.raises(NotYetHappenedOn):
        recorded(riverside, hers, replace(SAID, known_on=date(2026, 11, 9)))


def test_the_leads_list_begins_with_what_is_not_decided(
    riverside: Acting, lead: Membership, hers: Referral
) -> None:
    decided = recorded(riverside, hers, replace(SAID, kind="died", known_on=NOW.date()))
    recorded(riverside, hers)
    with factories.acts(lead):
        decide_harm(
            referral=hers, incident=decided, decision="report", why="serious", by=lead, now=NOW
        )
    rows = signed_in_client(lead.user).get(reverse("harms")).context["rows"]
    assert [(row.kind, row.decision) for row in rows] == [
        ("Violence or a threat", ""),
        ("Died", "It is reported to our regulator"),
    ]
    assert signed_in_client(riverside.manager.user).get(reverse("harms")).status_code == 403


def test_a_manager_sees_on_the_referral_how_often_and_no_more(
    riverside: Acting, hers: Referral
) -> None:
    incident = recorded(riverside, hers)
    page = signed_in_client(riverside.manager.user).get(reverse("referral", args=[hers.reference]))
    assert "Harm recorded: 1." in page.content.decode()
    assert "Violence" not in page.content.decode()
    one = reverse("harm", args=[hers.reference, incident])
    assert signed_in_client(riverside.manager.user).get(one).status_code == 404


def test_pressing_twice_records_it_once(riverside: Acting, hers: Referral) -> None:
    client, url = caseworker(riverside), reverse("harm_new", args=[hers.reference])
    day = {"_0": "10", "_1": "11", "_2": "2024"}
    answers = form_of(client, url) | {"kind": "other", "what": "A fall"}
    answers |= {
        f"{name}{part}": n for name in ("happened_on", "known_on") for part, n in day.items()
    }
    for _ in range(2):
        client.post(url, answers)
    with riverside.context():
        assert Harm.objects.count() == 1
