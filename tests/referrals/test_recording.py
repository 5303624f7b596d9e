"""Recording what happened, by each door."""

from datetime import UTC, datetime, timedelta

import pytest

from nrm_tracker.calendars import london_date
from organisations.models import RegisterQuestion
from referrals.actions import Happening, agreed_terms, record_wait_events
from referrals.catalogue import ConsentType, EventCode, Risk
from referrals.doors import OF_DOORS, OWN_PAGES, STAGES, WROTE
from referrals.errors import NotYetHappened
from referrals.forms.recording import LETTERS
from referrals.models import Delay, DelayFlag, OutboxMessage, Referral, WaitEvent
from tests import factories
from tests.factories import Acting, happening
from tests.referrals.casework import DAY, caseworker, form_of, heron, moment, send, told

pytestmark = pytest.mark.django_db


def door(referral: Referral, name: str) -> str:
    return f"/referrals/{referral.reference}/record/{name}/"


def codes(acting: Acting, referral: Referral) -> list[str]:
    with acting.context():
        events = WaitEvent.objects.filter(referral=referral).order_by("id")
        return [event.code for event in events]


def last(acting: Acting, referral: Referral) -> WaitEvent:
    with acting.context():
        return WaitEvent.objects.filter(referral=referral).latest("id")


def test_every_code_can_be_recorded_by_one_way() -> None:
    behind = [code for stage in STAGES.values() for code in stage]
    by_doors = [code for codes in OF_DOORS.values() for code in codes]
    assert sorted([*behind, *by_doors, *OWN_PAGES]) == sorted(EventCode)


def test_letters_are_those_of_their_door() -> None:
    assert {value.partition(":")[0] for value, _ in LETTERS} == set(OF_DOORS[WROTE])


def test_a_call_records_the_approach_and_its_answer_at_one_instant(
    riverside: Acting, northgate: Acting
) -> None:
    referral = heron(riverside)
    client = caseworker(riverside)
    response = send(
        client,
        door(referral, "rang"),
        organisation=northgate.organisation.pk,
        answer="no_capacity",
        detail="They expect room in May.",
    )
    assert response.status_code == 302
    assert codes(riverside, referral)[-2:] == ["fro_approached", "fro_declined_capacity"]
    with riverside.context():
        approach, answer = WaitEvent.objects.filter(referral=referral).order_by("-id")[:2][::-1]
    assert approach.happened_at == answer.happened_at
    assert (approach.organisation, answer.organisation) == (northgate.organisation,) * 2
    assert (approach.detail, answer.detail) == ("", "They expect room in May.")


def test_an_answer_to_an_earlier_approach_is_no_new_approach(
    riverside: Acting, northgate: Acting
) -> None:
    referral = heron(riverside)
    client = caseworker(riverside)
    send(client, door(referral, "rang"), organisation=northgate.organisation.pk, answer="no_answer")
    approach = last(riverside, referral)
    page = client.get(door(referral, "rang"), follow=True).text
    assert "they answered the approach of" in page
    send(client, door(referral, "rang"), organisation=f"earlier:{approach.pk}", answer="accepted")
    assert codes(riverside, referral)[-2:] == ["fro_approached", "fro_accepted"]
    assert last(riverside, referral).organisation == northgate.organisation


def test_no_answer_to_an_earlier_approach_says_so(riverside: Acting, northgate: Acting) -> None:
    referral = heron(riverside)
    client = caseworker(riverside)
    url = door(referral, "rang")
    send(client, url, organisation=northgate.organisation.pk, answer="no_answer")
    approach = last(riverside, referral)
    send(client, url, organisation=f"earlier:{approach.pk}", answer="no_answer")
    assert last(riverside, referral).code == "fro_no_response"


def test_a_message_says_which_waits_end_and_start(riverside: Acting, northgate: Acting) -> None:
    referral = heron(riverside)
    response = send(
        caseworker(riverside),
        door(referral, "rang"),
        organisation=northgate.organisation.pk,
        answer="accepted",
    )
    [message] = told(response)
    assert message.startswith("Recorded. Ends “Waiting list” at ")
    assert " working days. Starts “Referral meeting”, due " in message


def test_speaking_records_consent_risks_and_the_safety_screen(riverside: Acting) -> None:
    referral = heron(riverside)
    send(
        caseworker(riverside),
        door(referral, "spoke"),
        nrm_explained="on",
        consent_support="consent_recorded",
        consent_police="consent_undecided",
        risks=["pregnant", "disability"],
        safety_checked="on",
    )
    with riverside.context():
        events = WaitEvent.objects.filter(referral=referral).order_by("id")[4:]
        assert [(e.code, e.consent_type or e.risk) for e in events] == [
            ("contact_made", ""),
            ("nrm_explained", ""),
            ("consent_recorded", ConsentType.SUPPORT),
            ("consent_undecided", ConsentType.POLICE),
            ("risk_flag_added", Risk.PREGNANT),
            ("risk_flag_added", Risk.DISABILITY),
            ("immediate_safety_checked", ""),
        ]


def test_unticking_a_risk_says_it_is_over(riverside: Acting) -> None:
    contact = datetime.now(UTC) - DAY
    risks = [happening("risk_flag_added", contact, risk=r) for r in ("destitute", "pregnant")]
    referral = heron(riverside, events=risks)
    client = caseworker(riverside)
    assert form_of(client, door(referral, "spoke"))["risks"] == ["destitute", "pregnant"]
    send(client, door(referral, "spoke"), risks=["pregnant"])
    event = last(riverside, referral)
    assert (event.code, event.risk) == ("risk_flag_removed", "destitute")


def test_a_risk_that_somebody_else_adds_meanwhile_is_kept(riverside: Acting) -> None:
    referral = heron(riverside)
    client, url = caseworker(riverside), door(referral, "spoke")
    opened = form_of(client, url) | {"risks": ["pregnant"]}
    added = happening("risk_flag_added", datetime.now(UTC), risk="destitute")
    factories.record(riverside, referral, added, now=datetime.now(UTC))
    refused = client.post(url, opened)
    again = {name: refused.context["form"][name].value() for name in ("version", "key")}
    client.post(url, opened | again)
    with riverside.context():
        risks = WaitEvent.objects.filter(referral=referral, code__startswith="risk_")
        assert [(e.code, e.risk) for e in risks.order_by("id")] == [
            ("risk_flag_added", "destitute"),
            ("risk_flag_added", "pregnant"),
        ]


def test_only_an_adult_is_asked_for_consent(riverside: Acting) -> None:
    client = caseworker(riverside)
    for age_group, asked in (("adult", True), ("child", False), ("not_sure", False)):
        referral = heron(riverside, age_group=age_group, events=[])
        page = client.get(door(referral, "spoke"), follow=True)
        assert ("consent_nrm" in page.context["form"].fields) is asked
        assert ("the local authority comes first" in page.content.decode()) is not asked


def test_what_was_agreed_about_calling_is_kept(riverside: Acting) -> None:
    referral = heron(riverside)
    client = caseworker(riverside)
    send(
        client,
        door(referral, "spoke"),
        call_back="yes",
        call_when="Monday to Friday 10:00 to 15:00",
        voicemail_is_safe="on",
    )
    with riverside.context():
        assert set(agreed_terms(referral).safe) == {"telephone", "voicemail"}
    page = client.get(f"/referrals/{referral.reference}/").content.decode()
    assert "call Monday to Friday 10:00 to 15:00, voicemail is safe." in page


def test_a_negative_letter_starts_the_window_on_its_date(riverside: Acting) -> None:
    referral = heron(riverside, days=40)
    letter = london_date(datetime.now(UTC) - timedelta(days=2))
    client = caseworker(riverside)
    send(
        client,
        door(referral, "wrote"),
        letter="rg_decision:negative",
        all_the_same="The police submitted it; the date is not known here.",
        dated_on_0=letter.day,
        dated_on_1=letter.month,
        dated_on_2=letter.year,
    )
    event = last(riverside, referral)
    assert (event.code, event.outcome, event.dated_on) == ("rg_decision", "negative", letter)


def test_a_decision_has_a_letter_with_a_date_and_answers_a_submission(riverside: Acting) -> None:
    referral = heron(riverside, days=40)
    client, url = caseworker(riverside), door(referral, "wrote")
    wrong = send(client, url, letter="rg_decision:positive")
    assert wrong.context["form"].errors == {"dated_on": ["Enter the date on the letter"]}
    letter = london_date(datetime.now(UTC) - timedelta(days=2))
    dated = {"dated_on_0": letter.day, "dated_on_1": letter.month, "dated_on_2": letter.year}
    asked = send(client, url, letter="rg_decision:positive", **dated).context["form"]
    assert asked.errors["all_the_same"][0].startswith("There is no record that an NRM referral")
    because = {"all_the_same": "The police submitted it."}
    answer = send(client, url, letter="rg_decision:positive", **dated, **because)
    assert answer.status_code == 302
    assert last(riverside, referral).detail == "Recorded all the same: The police submitted it."


def test_something_else_takes_two_steps_without_javascript(riverside: Acting) -> None:
    referral = heron(riverside)
    client = caseworker(riverside)
    assert door(referral, "draft_started") in client.get(door(referral, "else"), follow=True).text
    send(client, door(referral, "draft_started"))
    assert last(riverside, referral).code == "draft_started"


@pytest.mark.parametrize("code", [code for codes in STAGES.values() for code in codes])
def test_the_form_of_every_code_opens(riverside: Acting, code: str) -> None:
    referral = heron(riverside)
    assert caseworker(riverside).get(door(referral, code), follow=True).status_code == 200


@pytest.mark.parametrize("code", ["closed", "initial_contact", "recorded_in_error", "nonsense"])
def test_what_has_its_own_page_has_no_door(riverside: Acting, code: str) -> None:
    referral = heron(riverside)
    assert caseworker(riverside).get(door(referral, code), follow=True).status_code == 404


def test_why_no_reconsideration_must_be_said(riverside: Acting) -> None:
    referral = heron(riverside)
    response = send(caseworker(riverside), door(referral, "reconsideration_not_requested"))
    assert response.context["form"].errors == {
        "detail": ["Enter why no reconsideration is requested"]
    }


def test_a_time_alone_means_today(riverside: Acting) -> None:
    referral = heron(riverside)
    send(caseworker(riverside), door(referral, "draft_started"), happened_at_3="00:00")
    assert london_date(last(riverside, referral).happened_at) == london_date(datetime.now(UTC))


def test_a_day_without_a_time_is_not_before_the_first_contact_of_that_day(
    riverside: Acting,
) -> None:
    day = datetime.now(UTC).replace(hour=18, minute=0) - 3 * DAY
    referral = factories.referral(riverside, contact=day)
    boxes = {k: v for k, v in moment(day).items() if not k.endswith("_3")}
    response = send(caseworker(riverside), door(referral, "draft_started"), **boxes)
    assert response.status_code == 302
    assert last(riverside, referral).happened_at == day


def test_what_lies_before_the_first_contact_is_refused_on_the_form(riverside: Acting) -> None:
    referral = heron(riverside)
    early = moment(datetime.now(UTC) - 30 * DAY)
    response = send(caseworker(riverside), door(referral, "draft_started"), **early)
    assert response.context["form"].errors["happened_at"] == [
        "This is before they first asked for help. Check the date, or correct the first contact "
        "on the timeline."
    ]


def test_a_closed_referral_takes_no_more_entries(riverside: Acting) -> None:
    referral = heron(riverside)
    factories.record(
        riverside, referral, happening("closed", datetime.now(UTC)), now=datetime.now(UTC)
    )
    response = send(caseworker(riverside), door(referral, "draft_started"))
    assert response.context["form"].non_field_errors() == [
        "This referral is closed. Reopen it to record what happened."
    ]


class TestSubmitting:
    """Thresholds, "Facts that shape the rules": a submission is a fact, not a permission."""

    def test_another_organisation_of_the_register_may_have_submitted(
        self, riverside: Acting, northgate: Acting
    ) -> None:
        referral = heron(riverside)
        send(
            caseworker(riverside),
            f"/referrals/{referral.reference}/home-office/submitted/",
            submitted_by=northgate.organisation.pk,
        )
        assert last(riverside, referral).submitted_by == northgate.organisation

    @pytest.mark.usefixtures("db")
    def test_we_cannot_have_submitted_while_not_designated(self) -> None:
        applicant = factories.organisation("Applicant (fictitious)", "applicant", designated=False)
        referral = heron(applicant)
        response = send(
            caseworker(applicant),
            f"/referrals/{referral.reference}/home-office/submitted/",
            submitted_by=applicant.organisation.pk,
        )
        [error] = response.context["form"].errors["submitted_by"]
        assert "was not designated on" in error
        assert error.endswith("hand the referral over: ask an organisation that is designated.")
        page = response.content.decode()
        assert "Your organisation is not designated today" in page
        assert f'href="/referrals/{referral.reference}/hand-over/"' in page
        assert codes(applicant, referral)[-1] == "fro_waitlisted"

    def test_the_register_is_asked_about_one_it_does_not_have_as_designated(
        self, riverside: Acting
    ) -> None:
        other = factories.organisation("Applicant (fictitious)", "applicant", designated=False)
        referral = heron(riverside)
        send(
            caseworker(riverside),
            f"/referrals/{referral.reference}/home-office/submitted/",
            submitted_by=other.organisation.pk,
        )
        assert last(riverside, referral).code == "referral_submitted"
        with factories.purpose("nrm_register"):
            assert RegisterQuestion.objects.get().organisation == other.organisation

    def test_the_door_leads_to_where_the_reference_of_the_home_office_is_kept(
        self, riverside: Acting
    ) -> None:
        referral, client = heron(riverside), caseworker(riverside)
        page = client.get(door(referral, "referral_submitted"), follow=True)
        assert page.resolver_match.url_name == "submitted"
        assert "Home Office reference (optional)" in page.text

    def test_a_second_one_is_asked_about_and_recorded_all_the_same(self, riverside: Acting) -> None:
        referral, client = heron(riverside), caseworker(riverside)
        url = f"/referrals/{referral.reference}/home-office/submitted/"
        send(client, url, submitted_by=riverside.organisation.pk)
        asked = send(client, url, submitted_by=riverside.organisation.pk)
        assert "Why is it recorded all the same?" in asked.content.decode()
        said = "A corrected one."
        send(client, url, submitted_by=riverside.organisation.pk, all_the_same=said)
        assert codes(riverside, referral)[-2:] == ["referral_submitted"] * 2


class TestTheAction:
    def test_leaves_nothing_when_one_part_is_refused(self, riverside: Acting) -> None:
        referral, now = heron(riverside), datetime.now(UTC)
        parts = [
            Happening(code="contact_made", happened_at=now),
            Happening(code="nrm_explained", happened_at=now + DAY),
        ]
        with riverside.context(), pytest.raises(NotYetHappened):
            record_wait_events(
                referral=referral, happenings=parts, by=riverside.caseworker, now=now
            )
        assert len(codes(riverside, referral)) == 4
        with riverside.context():
            referral.refresh_from_db()
        assert referral.version == 1

    def test_a_first_contact_long_ago_shows_a_delay_and_tells_nobody(
        self, riverside: Acting
    ) -> None:
        now = datetime.now(UTC)
        referral = factories.referral(riverside, contact=now - 30 * DAY, now=now)
        with riverside.context():
            rules = set(Delay.objects.filter(referral=referral).values_list("rule", flat=True))
            assert {"entry-wait", "safety-screen"} <= rules
            assert not OutboxMessage.objects.exists()

    def test_what_already_happened_retracts_the_flag(self, riverside: Acting) -> None:
        now = datetime.now(UTC)
        contact = now - 3 * DAY
        referral = factories.referral(riverside, contact=contact, now=now)
        checked = happening("immediate_safety_checked", contact + timedelta(hours=2))
        factories.record(riverside, referral, checked, now=now)
        with riverside.context():
            flag = DelayFlag.objects.get(referral=referral, rule="safety-screen")
        assert flag.retracted_at == now


def test_an_hours_limit_says_until_when_and_who_is_on_call(riverside: Acting) -> None:
    referral = heron(riverside)
    response = send(caseworker(riverside), door(referral, "spoke"), risks=["still_in_exploitation"])
    [said] = [words for words in told(response) if words.startswith("“Safety screen, urgent”")]
    assert " is due " in said


def test_pressing_twice_records_once(riverside: Acting) -> None:
    referral = heron(riverside)
    client = caseworker(riverside)
    sent = form_of(client, door(referral, "draft_started"))
    first, second = (client.post(door(referral, "draft_started"), sent) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert codes(riverside, referral).count("draft_started") == 1


def test_the_slower_of_two_sees_both_versions_and_keeps_the_text(riverside: Acting) -> None:
    referral = heron(riverside)
    client, url = caseworker(riverside), door(referral, "draft_started")
    mine = form_of(client, url) | {"detail": "Section 3 is missing."}
    theirs = happening("contact_made", datetime.now(UTC), detail="She is well.")
    factories.record(riverside, referral, theirs, now=datetime.now(UTC))
    refused = client.post(url, mine)
    page = refused.content.decode()
    assert "Somebody else saved this first" in page
    assert "Spoke with the person" in page
    assert page.count("Section 3 is missing.") == 2  # beside theirs, and in the form
    assert codes(riverside, referral).count("draft_started") == 0
    again = {name: refused.context["form"][name].value() for name in ("version", "key")}
    assert client.post(url, mine | again).status_code == 302
    assert last(riverside, referral).detail == "Section 3 is missing."


def test_outsiders_find_nothing(riverside: Acting, northgate: Acting) -> None:
    referral, client = heron(riverside), caseworker(northgate)
    for path in ("", "rang/", "spoke/", "wrote/", "else/", "draft_started/"):
        there = client.get(f"/referrals/{referral.reference}/record/{path}")
        missing = client.get(f"/referrals/R-2222-2222/record/{path}")
        assert (there.status_code, missing.status_code) == (404, 404)
        assert there.content == missing.content
