"""Which organisations were rung, what they answered, and whom else to ring."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from organisations.actions import Said, say_capacity
from referrals.actions import correct_wait_event
from referrals.models import Referral, WaitEvent
from referrals.pages.approaches import Candidate, approaches, candidates
from referrals.pages.timeline import standing_of
from tests import factories
from tests.factories import Acting, acts, happening, record
from tests.referrals.casework import caseworker, form_of, heron, send

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def harbour(db: None) -> Acting:
    return factories.organisation("Harbour House (fictitious)", "harbour", telephone="0100 200")


def listed(acting: Acting, shown: Referral) -> list[Candidate]:
    with acting.context():
        return candidates(shown, membership=acting.caseworker, now=datetime.now(UTC))


def answered(acting: Acting, shown: Referral, other: Acting, code: str, *, ago: timedelta) -> None:
    at = datetime.now(UTC) - ago
    record(
        acting,
        shown,
        happening("fro_approached", at, organisation=other.organisation),
        happening(code, at, organisation=other.organisation),
        now=datetime.now(UTC),
    )


def test_whom_to_ring_the_likeliest_first(
    riverside: Acting, northgate: Acting, harbour: Acting
) -> None:
    lantern = factories.organisation("Lantern (fictitious)", "lantern")
    shown, other = heron(riverside), heron(riverside, pseudonym="Linden")
    answered(riverside, other, northgate, "fro_declined_capacity", ago=3 * HOUR)
    answered(riverside, other, harbour, "fro_accepted", ago=2 * HOUR)
    found = listed(riverside, shown)
    assert [(each.organisation, each.answer) for each in found] == [
        (harbour.organisation, "Referral accepted"),
        (lantern.organisation, ""),
        (northgate.organisation, "No capacity"),
    ]


def test_a_number_is_rung_by_pressing_it(riverside: Acting, harbour: Acting) -> None:
    page = caseworker(riverside).get(reverse("approaches", args=[heron(riverside).reference])).text
    assert '<a class="govuk-link" href="tel:0100200">0100 200</a><br>' in page


def test_the_last_answer_counts_and_a_corrected_one_does_not(
    riverside: Acting, northgate: Acting
) -> None:
    shown = heron(riverside)
    answered(riverside, shown, northgate, "fro_declined_capacity", ago=3 * HOUR)
    answered(riverside, shown, northgate, "fro_waitlisted", ago=2 * HOUR)
    assert [each.answer for each in listed(riverside, shown)] == ["Put on a waiting list"]
    with acts(riverside.caseworker):
        wrong = WaitEvent.objects.get(code="fro_waitlisted", organisation=northgate.organisation)
        correct_wait_event(
            event=wrong,
            corrected=None,
            reason="by mistake",
            by=riverside.caseworker,
            now=datetime.now(UTC),
        )
    assert [each.answer for each in listed(riverside, shown)] == ["No capacity"]


def test_what_others_were_answered_is_not_told(
    riverside: Acting, northgate: Acting, harbour: Acting
) -> None:
    answered(northgate, heron(northgate), harbour, "fro_accepted", ago=HOUR)
    found = listed(riverside, heron(riverside))
    assert {each.organisation.slug: each.answer for each in found}["harbour"] == ""


def test_who_was_asked_for_this_person_stands_last(
    riverside: Acting, northgate: Acting, harbour: Acting
) -> None:
    shown = heron(riverside)
    answered(riverside, shown, harbour, "fro_accepted", ago=HOUR)
    assert [(each.organisation.slug, each.asked) for each in listed(riverside, shown)] == [
        ("northgate", False),
        ("harbour", True),
    ]


def test_nobody_is_rung_who_is_not_designated_or_elsewhere(riverside: Acting) -> None:
    factories.organisation("Applicant (fictitious)", "applicant", designated=False)
    factories.organisation("Islay (fictitious)", "islay", nations=["scotland"])
    assert listed(riverside, heron(riverside)) == []


def test_each_approach_stands_beside_its_answer(
    riverside: Acting, northgate: Acting, harbour: Acting
) -> None:
    shown = heron(riverside, events=())
    now = datetime.now(UTC)
    first, second = northgate.organisation, harbour.organisation
    said = [
        happening("fro_approached", now - 5 * HOUR, organisation=first),
        happening("fro_no_response", now - 4 * HOUR, organisation=first),
        happening("fro_approached", now - 3 * HOUR, organisation=first),
        happening("fro_waitlisted", now - 2 * HOUR, organisation=second),
    ]
    record(riverside, shown, *said, now=now)
    with riverside.context():
        found = approaches(standing_of(shown, membership=riverside.caseworker))
    assert [(each.organisation, each.answer) for each in found] == [
        (second, "Put on a waiting list"),
        (first, ""),
        (first, "No answer from the organisation"),
    ]


def test_the_form_has_the_organisation_that_was_rung(riverside: Acting, northgate: Acting) -> None:
    shown = heron(riverside, events=())
    client = caseworker(riverside)
    door = reverse("record_door", args=[shown.reference, "rang"])
    url = f"{door}?organisation={northgate.organisation.pk}"
    assert url in client.get(reverse("approaches", args=[shown.reference])).text
    assert form_of(client, url)["organisation"] == str(northgate.organisation.pk)
    send(client, url, answer="no_answer")
    assert form_of(client, url)["organisation"].startswith("earlier:")
    send(client, url, answer="no_capacity")
    with riverside.context():
        codes = WaitEvent.objects.filter(organisation=northgate.organisation).order_by("id")
        assert list(codes.values_list("code", flat=True)) == [
            "fro_approached",
            "fro_declined_capacity",
        ]


def test_who_says_that_it_is_paused_is_listed_so(riverside: Acting, northgate: Acting) -> None:
    shown, today = heron(riverside), datetime.now(UTC).date()
    paused = Said(state="paused", since=today - timedelta(days=20), cause="staff")
    with northgate.context(northgate.manager):
        at = datetime.now(UTC) - timedelta(days=10)
        say_capacity(said=paused, version=0, by=northgate.manager, now=at)
    page = caseworker(riverside).get(reverse("approaches", args=[shown.reference])).text
    assert "Paused" in page
    assert "Stale: last updated 10 days ago" in page


def test_an_organisation_that_nobody_has_is_not_chosen(riverside: Acting) -> None:
    shown = heron(riverside)
    url = reverse("record_door", args=[shown.reference, "rang"]) + "?organisation=nobody"
    assert caseworker(riverside).get(url, follow=True).status_code == 200


def test_the_number_of_queries_does_not_grow(
    riverside: Acting, northgate: Acting, harbour: Acting, django_assert_num_queries: object
) -> None:
    shown = heron(riverside)
    with riverside.context(), django_assert_num_queries(6):  # type: ignore[operator]
        candidates(shown, membership=riverside.caseworker, now=datetime.now(UTC))
