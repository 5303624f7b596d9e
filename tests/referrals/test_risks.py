"""Which risks stand, since when, and the short form that asks about each again."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from referrals.catalogue import Risk
from referrals.models import Referral, WaitEvent
from referrals.risks import current_risks
from tests.factories import Acting, happening
from tests.referrals.casework import caseworker, heron, send

START = datetime(2026, 10, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def event(number: int, code: str, risk: str = "", outcome: str = "") -> WaitEvent:
    at = START + number * HOUR
    return WaitEvent(pk=number, code=code, happened_at=at, risk=risk, outcome=outcome)


def test_a_risk_stands_since_it_was_set_and_is_confirmed_when_it_is_recorded_again() -> None:
    first = event(1, "risk_flag_added", "pregnant")
    stands = current_risks([event(5, "risk_flag_added", "pregnant"), first])[Risk.PREGNANT]
    assert (stands.set_by, stands.confirmed_at) == (first, START + 5 * HOUR)


def test_a_safety_screen_confirms_the_urgent_risks_alone() -> None:
    events = [
        event(1, "risk_flag_added", "still_in_exploitation"),
        event(2, "risk_flag_added", "pregnant"),
        event(3, "immediate_safety_checked"),
    ]
    confirmed = {risk: each.confirmed_at for risk, each in current_risks(events).items()}
    assert confirmed == {
        Risk.STILL_IN_EXPLOITATION: START + 3 * HOUR,
        Risk.PREGNANT: START + 2 * HOUR,
    }


def test_being_housed_ends_destitution_and_not_being_housed_does_not() -> None:
    events = [event(1, "risk_flag_added", "destitute"), event(2, "risk_flag_added", "pregnant")]
    started = [event(3, "emergency_support_started", outcome=each) for each in HOUSED]
    assert [list(current_risks([*events, each])) for each in started] == [
        [Risk.PREGNANT],
        [Risk.DESTITUTE, Risk.PREGNANT],
    ]


HOUSED = ("housed", "not_housed")


def at_risk(acting: Acting) -> Referral:
    contact = datetime.now(UTC) - timedelta(days=30)
    return heron(
        acting,
        days=30,
        events=[
            happening("risk_flag_added", contact, risk="still_in_exploitation"),
            happening("risk_flag_added", contact, risk="destitute"),
        ],
    )


@pytest.mark.django_db
def test_emergency_support_asks_whether_they_are_safely_housed_now(riverside: Acting) -> None:
    shown = at_risk(riverside)
    client = caseworker(riverside)
    url = reverse("record_door", args=[shown.reference, "emergency_support_started"])
    form = send(client, url).context["form"]
    assert form.errors == {"outcome": ["Choose an answer to “What came of it?”"]}
    answers = dict(form.fields["outcome"].choices)
    assert answers == {"housed": "Safely housed now", "not_housed": "Not safely housed yet"}
    for answer, standing in (("not_housed", True), ("housed", False)):
        send(client, url, outcome=answer)
        with riverside.context():
            shown.refresh_from_db()
            assert ("destitute" in shown.risks) is standing
            last = WaitEvent.objects.filter(referral=shown).latest("id")
            assert (last.code, last.outcome) == ("emergency_support_started", answer)


@pytest.mark.django_db
def test_screening_answers_every_risk_again(riverside: Acting) -> None:
    shown = at_risk(riverside)
    answers = {
        "still_in_exploitation": "no",
        "trafficker_contact_within_week": "no",
        "suicide_or_self_harm_risk": "no",
        "destitute": "yes",
        "pregnant": "yes",
        "detained": "no",
        "detail": "all asked",
    }
    send(caseworker(riverside), reverse("risks", args=[shown.reference]), **answers)
    with riverside.context():
        events = WaitEvent.objects.filter(referral=shown, version=2).order_by("id")
        assert [(e.code, e.risk, e.detail) for e in events] == [
            ("risk_flag_added", "destitute", "all asked"),
            ("risk_flag_added", "pregnant", ""),
            ("risk_flag_removed", "still_in_exploitation", ""),
            ("immediate_safety_checked", "", ""),
        ]
        shown.refresh_from_db()
        assert shown.risks == ["destitute", "pregnant"]


@pytest.mark.django_db
def test_what_is_not_asked_stays_as_it_is(riverside: Acting) -> None:
    shown = at_risk(riverside)
    send(caseworker(riverside), reverse("risks", args=[shown.reference]), pregnant="yes")
    with riverside.context():
        shown.refresh_from_db()
        assert shown.risks == ["destitute", "pregnant", "still_in_exploitation"]
        codes = WaitEvent.objects.filter(referral=shown, version=2).values_list("code", flat=True)
        assert list(codes) == ["risk_flag_added"]


@pytest.mark.django_db
def test_a_screening_that_says_nothing_is_refused(riverside: Acting) -> None:
    shown = at_risk(riverside)
    url = reverse("risks", args=[shown.reference])
    form = send(caseworker(riverside), url, detained="no", detail="kept").context["form"]
    assert list(form.errors) == ["still_in_exploitation"]
    assert form["detail"].value() == "kept"


@pytest.mark.django_db
def test_a_new_urgent_risk_asks_for_a_safety_screen_at_once(riverside: Acting) -> None:
    shown = heron(riverside, days=30)
    client = caseworker(riverside)
    answer = send(client, reverse("risks", args=[shown.reference]), still_in_exploitation="yes")
    page = client.get(answer.url).text
    assert "Safety screen" in page
    assert "Make sure now that they are safe" in page


@pytest.mark.django_db
def test_the_page_says_who_set_a_risk_and_whether_it_is_old(riverside: Acting) -> None:
    shown = at_risk(riverside)
    page = caseworker(riverside).get(reverse("risks", args=[shown.reference]), follow=True).text
    assert "Ash Caseworker" in page
    assert "Not confirmed for 28 days" in page
    assert 'href="tel:999"' in page


@pytest.mark.django_db
def test_whom_to_call_stands_on_the_page_of_who_is_at_an_urgent_risk(riverside: Acting) -> None:
    client = caseworker(riverside)
    pages = [
        client.get(reverse("referral", args=[each.reference])).text
        for each in (at_risk(riverside), heron(riverside, pseudonym="Linden"))
    ]
    assert ["tel:999" in page for page in pages] == [True, False]
