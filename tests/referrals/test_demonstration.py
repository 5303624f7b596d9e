"""The demonstration tells its story whatever the day on which it starts."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import Settings

from accounts.models import User
from nrm_tracker.calendars import london_date
from nrm_tracker.database import context
from organisations.models import Membership, Organisation
from referrals.actions import (
    WhyLook,
    notes_of,
    opened_harm,
    opened_proof,
    reassess_due_of,
    show_identity,
)
from referrals.delays import waits
from referrals.demonstration import load
from referrals.demonstration.people import VISIT
from referrals.models import Delay, Harm, Notice, Proof, Referral, WaitEvent
from referrals.pages.today import today_of
from referrals.thresholds import rules
from referrals.timelines import case_of

pytestmark = pytest.mark.django_db

STARTS = {
    "a monday": datetime(2026, 11, 23, 12, tzinfo=UTC),
    "a sunday before dawn": datetime(2026, 7, 5, 2, 10, tzinfo=UTC),
    "after christmas": datetime(2026, 12, 29, 23, 50, tzinfo=UTC),
    "clocks go back": datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    "easter monday": datetime(2026, 4, 6, 0, 5, tzinfo=UTC),
    "leap day": datetime(2028, 2, 29, 18, 0, tzinfo=UTC),
}


def manager_of(slug: str) -> Membership:
    user = User.objects.get(email=f"manager@{slug}.example")
    with context(user=user.pk):
        return Membership.objects.get(user=user)


@pytest.mark.slow
@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS.keys())
def test_the_story_is_told_whatever_the_day(start: datetime) -> None:
    load(now=start)
    nothing_happens_after(start)
    manager = manager_of("riverside")
    with context(user=manager.user_id, organisation=manager.organisation_id):
        the_large_organisation_is_quiet(manager, start)
        heron_waits_61_days_and_wren_entered_in_nine(start)
        the_letter_the_draft_and_the_correction_are_there(start)
        a_safety_screen_falls_due_two_minutes_after(manager, start)
    the_names_are_invented()
    a_caseworkers_day_is_planned(start)
    others_ask_it_to_take_somebody(manager, start)
    a_proof_was_issued_and_harm_waits_for_the_lead(start)


def a_proof_was_issued_and_harm_waits_for_the_lead(start: datetime) -> None:
    user = User.objects.get(email="lead@riverside.example")
    with context(user=user.pk):
        lead = Membership.objects.get(user=user)
    with context(user=user.pk, organisation=lead.organisation_id):
        [proof] = Proof.objects.visible_to(lead)
        [harm] = Harm.objects.visible_to(lead)
        assert (proof.referral.pseudonym, harm.referral.pseudonym) == ("Heron", "Dunlin")
        said = opened_proof(proof=proof, by=lead, now=start)
        [opened] = opened_harm(referral=harm.referral, versions=[harm], by=lead, now=start)
        heron = show_identity(referral=proof.referral, reason=WhyLook.QUALITY, by=lead, now=start)
    assert said
    assert len(said.lines) == 8
    assert opened.said
    assert opened.said.what.startswith("Invented: ")
    assert heron.family_name == "Example (invented)"
    assert not harm.decision


def the_large_organisation_is_quiet(manager: Membership, start: datetime) -> None:
    waiting = Referral.objects.open().filter(submitted_at__isnull=True)
    assert (Referral.objects.count(), waiting.count()) == (150, 60)
    ringing = Delay.objects.ringing().with_attention(london_date(start))
    by_person: dict[int, set[str]] = {}
    for delay in ringing:
        by_person.setdefault(delay.referral_id, set()).add(delay.attention)
    needing = {pk for pk, attentions in by_person.items() if attentions != {"owned"}}
    assert len(needing) == 6
    assert len(by_person.keys() - needing) == 30
    assert set(waiting.values_list("pk", flat=True)) >= by_person.keys()
    longest = min(waiting.values_list("first_contact_at", flat=True))
    assert (london_date(start) - london_date(longest)).days == 84
    assert Notice.objects.filter(user=manager.user_id).exists()


def a_caseworkers_day_is_planned(start: datetime) -> None:
    user = User.objects.get(email="caseworker@riverside.example")
    with context(user=user.pk):
        ash = Membership.objects.get(user=user)
    with context(user=user.pk, organisation=ash.organisation_id):
        shown = today_of(ash, now=start)
        words = [row.words for row in (*shown.mine, *shown.due)]
        heron = Referral.objects.get(pseudonym="Heron")
        latest = next(note.words for note in notes_of(referral=heron)) or ""
        assert latest.startswith("The GP")
    assert "Send the appointment letter" in words
    assert "Order leaflets in Tigrinya" in words
    assert any(each.startswith("Another appointment of") for each in words)
    assert [row.pseudonym in {"Redshank", "Greenshank"} for row in shown.new] == [True]


def heron_waits_61_days_and_wren_entered_in_nine(start: datetime) -> None:
    heron = Referral.objects.get(pseudonym="Heron")
    wren = Referral.objects.get(pseudonym="Wren")
    assert heron.first_contact_at == wren.first_contact_at
    assert (london_date(start) - london_date(heron.first_contact_at)).days == 61
    declined = WaitEvent.objects.filter(referral=heron, code="fro_declined_capacity")
    assert declined.values("organisation").distinct().count() == 3
    assert wren.submitted_at is not None
    took = london_date(wren.submitted_at) - london_date(wren.first_contact_at)
    assert took == timedelta(days=9)
    worst = Delay.objects.filter(referral=heron, rule="entry-wait").values_list("severity")
    assert list(worst) == [("critical",)]


def a_safety_screen_falls_due_two_minutes_after(manager: Membership, start: datetime) -> None:
    [referral] = Referral.objects.filter(first_contact_at=start - VISIT)
    assert not Delay.objects.filter(referral=referral).exists()
    assert referral.next_deadline_at == start + timedelta(minutes=2)
    assert reassess_due_of(manager, now=start + timedelta(minutes=2)).raised == 1
    assert Delay.objects.get(referral=referral).rule == "safety-screen-urgent"


def nothing_happens_after(start: datetime) -> None:
    for slug, referrals in (
        ("riverside", 150),
        ("northgate", 70),
        ("harbour", 40),
        ("lantern", 25),
        ("millbrook", 15),
    ):
        manager = manager_of(slug)
        with context(user=manager.user_id, organisation=manager.organisation_id):
            assert Referral.objects.count() == referrals
            assert not WaitEvent.objects.filter(happened_at__gt=start).exists()
            assert not WaitEvent.objects.filter(recorded_at__gt=start).exists()
            since = start - timedelta(days=366)
            assert not Referral.objects.filter(first_contact_at__lt=since).exists()


def the_names_are_invented() -> None:
    names = Organisation.objects.values_list("name", flat=True)
    assert all(name.endswith("(fictitious)") for name in names)


def the_letter_the_draft_and_the_correction_are_there(start: datetime) -> None:
    flagged = {(delay.rule, delay.severity) for delay in Delay.objects.all()}
    assert {
        ("draft-deletion", "critical"),
        ("reconsideration-window", "amber"),
        ("child-la-referral", "critical"),
        ("emergency-request", "critical"),
        ("refusals", "red"),
    } <= flagged
    assert WaitEvent.objects.filter(supersedes__isnull=False).count() == 1
    paused = Referral.objects.get(events__code="pause_started")
    found = waits(case_of(paused).timeline, rules(), now=start)
    assert [wait.rule for wait in found].count("entry-wait") == 1


def test_the_command_fills_an_empty_database_once_and_prints_the_accounts(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.NRM_DEMONSTRATION = True
    call_command("demonstration")
    first = capsys.readouterr().out
    organisations = Organisation.objects.count()
    call_command("demonstration")
    assert capsys.readouterr().out == first
    assert Organisation.objects.count() == organisations == 10
    assert settings.NRM_BASE_URL in first
    for email in ("caseworker@riverside.example", "manager@northgate.example"):
        assert email in first


def test_the_command_refuses_where_this_is_no_demonstration(settings: Settings) -> None:
    settings.NRM_DEMONSTRATION = False
    with pytest.raises(CommandError, match="NRM_DEMONSTRATION=1"):
        call_command("demonstration")


def others_ask_it_to_take_somebody(manager: Membership, start: datetime) -> None:
    with context(user=manager.user_id, organisation=manager.organisation_id):
        asked = today_of(manager, now=start).asked
    assert len(asked) == 2
    assert all("asks whether you take somebody: Adult in England" in row.words for row in asked)
