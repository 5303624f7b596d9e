"""The panel of what follows the NRM referral, and the facts that explain a wait."""

from datetime import UTC, datetime

import pytest

from nrm_tracker.calendars import london_date
from referrals.models import Referral, WaitEvent
from referrals.pages.after_submission import AfterSubmission
from tests.factories import Acting, happening, referral
from tests.referrals.casework import DAY, caseworker, heron, send


def shown(acting: Acting, one: Referral) -> AfterSubmission | None:
    page = caseworker(acting).get(f"/referrals/{one.reference}/").context["page"]
    return page.after


def entered(acting: Acting, *steps: tuple[str, int, str], nation: str = "england") -> Referral:
    now = datetime.now(UTC)
    sent = happening("referral_submitted", now - 50 * DAY, submitted_by=acting.organisation)
    events = [happening(code, now - days * DAY, outcome=how) for code, days, how in steps]
    return referral(acting, contact=now - 60 * DAY, events=[sent, *events], now=now, nation=nation)


def test_before_the_nrm_referral_there_is_no_panel(riverside: Acting, northgate: Acting) -> None:
    entered(northgate, ("rg_decision", 9, "positive"))
    assert shown(riverside, heron(riverside)) is None


def test_emergency_support_before_the_decision_is_on_it(riverside: Acting) -> None:
    now = datetime.now(UTC)
    asked = [happening("emergency_support_requested", now - 2 * DAY)]
    found = shown(riverside, heron(riverside, events=asked))
    assert found is not None
    assert [line.key for line in found.recorded] == ["Emergency support"]
    assert found.recorded[0].value.startswith("Requested, ")


def test_what_is_not_known_yet_is_named(riverside: Acting) -> None:
    found = shown(riverside, entered(riverside))
    assert found is not None
    lines = {line.key: line.value for line in found.recorded}
    assert {key for key, value in lines.items() if value == "Not recorded"} == {
        "Acknowledged",
        "Who decides",
        "Reasonable Grounds",
    }
    assert found.running[0].words == "With the Home Office for 50 days: Reasonable Grounds"


@pytest.mark.parametrize(
    ("nation", "support"),
    [
        ("england", []),
        ("scotland", ["Support: day 9 of 90"]),
        ("northern_ireland", ["Support: day 9 of 45"]),
    ],
)
def test_support_has_its_own_days_in_scotland_and_northern_ireland(
    riverside: Acting, nation: str, support: list[str]
) -> None:
    found = shown(riverside, entered(riverside, ("rg_decision", 9, "positive"), nation=nation))
    assert found is not None
    assert found.running[0].words.startswith("Recovery period: day 9 of 30, until ")
    assert [each.words for each in found.running[1:]] == support
    assert all(each.basis for each in found.running)


def test_what_does_not_fit_is_said_and_kept(riverside: Acting) -> None:
    found = shown(riverside, entered(riverside, ("cg_decision", 9, "positive")))
    assert found is not None
    assert found.does_not_fit == ["Conclusive Grounds decision"]
    fits = entered(riverside, ("rg_decision", 45, "positive"), ("cg_decision", 9, "positive"))
    assert (after := shown(riverside, fits)) is not None
    assert after.does_not_fit == []


def test_a_child_is_not_offered_to_leave_and_is_told_of_the_birthday(riverside: Acting) -> None:
    now = datetime.now(UTC)
    sent = happening("referral_submitted", now - 5 * DAY, submitted_by=riverside.organisation)
    turns = london_date(now) + 40 * DAY
    one = referral(
        riverside,
        contact=now - 9 * DAY,
        events=[sent],
        now=now,
        age_group="child",
        turns_18_on=turns,
    )
    found = shown(riverside, one)
    assert found is not None
    assert "Left the NRM" not in [label for _, label in found.next]
    assert found.running[-1].words.endswith("in 40 days")


def test_what_can_come_next_leads_to_where_it_is_recorded(riverside: Acting) -> None:
    one = entered(riverside, ("rg_decision", 9, "negative"))
    found = shown(riverside, one)
    assert found is not None
    assert [label for _, label in found.next] == [
        "Reconsideration requested",
        "Reconsideration will not be requested",
        "Left the NRM",
    ]
    client = caseworker(riverside)
    assert {client.get(url, follow=True).status_code for url, _ in found.next} == {200}


def test_both_decisions_of_one_letter_are_recorded_together(riverside: Acting) -> None:
    one, now = entered(riverside, ("allocated", 49, "devolved")), datetime.now(UTC)
    day = london_date(now - DAY)
    dated = {"dated_on_0": day.day, "dated_on_1": day.month, "dated_on_2": day.year}
    letter = "rg_decision:positive+cg_decision:negative"
    url = f"/referrals/{one.reference}/record/wrote/"
    assert send(caseworker(riverside), url, letter=letter, **dated).status_code == 302
    with riverside.context():
        found = WaitEvent.objects.filter(referral=one, dated_on=day).order_by("id")
        assert [(e.code, e.outcome) for e in found] == [
            ("rg_decision", "positive"),
            ("cg_decision", "negative"),
        ]


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("legal_advice_requested", "Of whom? (optional)"),
        ("legal_advice_unobtainable", "Who was asked, and what stood in the way? (optional)"),
        ("interpreter_booked", "Which language, and for when? (optional)"),
        ("support_started", "By whom, and of what kind? (optional)"),
    ],
)
def test_a_fact_that_explains_a_wait_asks_for_it_in_a_word(
    riverside: Acting, code: str, label: str
) -> None:
    one, client = heron(riverside), caseworker(riverside)
    url = f"/referrals/{one.reference}/record/{code}/"
    assert client.get(url, follow=True).context["form"]["detail"].label == label
    assert send(client, url, detail="Tigrinya").status_code == 302
    assert "Tigrinya" in client.get(f"/referrals/{one.reference}/").text


def test_what_adult_safeguarding_answered_is_recorded(riverside: Acting) -> None:
    one, client = heron(riverside), caseworker(riverside)
    record = f"/referrals/{one.reference}/record"
    send(client, f"{record}/adult_safeguarding_referred/")
    assert send(client, f"{record}/adult_safeguarding_answered/").status_code == 200
    answered = send(client, f"{record}/adult_safeguarding_answered/", outcome="no_enquiry")
    assert answered.status_code == 302
    page = client.get(f"/referrals/{one.reference}/").text
    assert "Adult safeguarding answered: No enquiry will be made" in page
