"""Hand-overs in pages: who is asked, what they see, when they are late, whose share of a wait."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from hypothesis import example, given
from hypothesis import strategies as st

from nrm_tracker.calendars import london_date
from referrals.actions import ask_to_take, restrict_referral
from referrals.hand_over_limits import answers_awaited, is_late
from referrals.models import HandOver, Referral, SafeContact
from referrals.pages.hand_over import hand_over_page
from referrals.pages.shares import shares_of
from referrals.pages.today import today_of
from referrals.shares import Held, shares
from reporting.causes import why_they_wait
from tests import factories
from tests.factories import Acting, happening, referral
from tests.house.world import switch_second_wall_off
from tests.referrals.casework import caseworker, send, told

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SECRET = ("Quagga", "Tigrinya")


def shareable(acting: Acting, *, at: datetime, **facts: object) -> Referral:
    """Known for four days, agreed to sharing."""
    contact = at - 4 * DAY
    agreed = happening("consent_recorded", contact, consent_type="sharing")
    made = referral(acting, contact=contact, events=[agreed], **({"pseudonym": "Quagga"} | facts))
    with acting.context():
        SafeContact.objects.create(
            referral=made,
            agreed_at=contact,
            recorded_at=contact,
            recorded_by=acting.organisation,
            interpreter="Tigrinya",
            version=1,
        )
    return made


def ask(acting: Acting, of: Referral, other: Acting, *, at: datetime) -> HandOver:
    with acting.context():
        [row] = ask_to_take(
            referral=of, organisations=[other.organisation], by=acting.caseworker, now=at
        )
    return row


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


def test_from_asking_to_accepting_in_the_browser(
    northgate: Acting, riverside: Acting, now: datetime
) -> None:
    hers = shareable(northgate, at=now)
    ash, url = caseworker(northgate), reverse("hand_over", args=[hers.reference])
    reply = send(ash, url, organisations=[riverside.organisation.pk])
    assert reply.status_code == 302, reply.context["form"].errors
    assert "Riverside Support (fictitious)" in ash.get(url, follow=True).text
    bay = caseworker(riverside)
    inbox = bay.get(reverse("asked_of_us")).text
    assert "Adult in England. Interpreter needed." in inbox
    with riverside.context():
        row = HandOver.objects.get()
    asked = reverse("asked", args=[row.pk])
    shown = [inbox, bay.get(asked).text, bay.get(reverse("today")).text]
    assert [w for w in (*SECRET, hers.reference) if w in "".join(shown)] == []
    bay.post(asked, {"answer": "interest"})
    assert "Interpreter needed: Tigrinya" in bay.get(asked).text
    taken = bay.post(asked, {"answer": "accept"}, follow=True)
    assert "Quagga" in taken.text
    assert "The wait by who was responsible" in taken.text
    for view in ("referral", "record", "hand_over", "person", "summary"):
        assert ash.get(reverse(view, args=[hers.reference])).status_code == 404
    gone = ash.get(reverse("asked_of_us")).text
    assert f"Reference {hers.reference}: it is theirs now." in gone
    desk = f"Riverside Support (fictitious) took {hers.reference}, which is theirs now"
    assert desk in ash.get(reverse("today")).text
    assert desk not in bay.get(reverse("today")).text
    assert "Quagga" not in gone


def test_what_was_declined_is_nowhere_with_who_declined(
    northgate: Acting, riverside: Acting, now: datetime
) -> None:
    hers = shareable(northgate, at=now)
    row = ask(northgate, hers, riverside, at=now)
    bay, url = caseworker(riverside), reverse("asked", args=[row.pk])
    bay.post(url, {"answer": "interest"})
    done = bay.post(url, {"answer": "capacity"}, follow=True)
    assert told(done) == [] or "Declined" in done.text
    pages = [bay.get(address).text for address in (url, reverse("asked_of_us"), reverse("today"))]
    assert [w for w in (*SECRET, hers.reference) if w in "".join(pages)] == []
    assert "There is nothing to answer any more." in pages[0]
    late = bay.post(url, {"answer": "accept"})
    assert "There is nothing to answer any more." in late.text
    assert (
        "No capacity" in caseworker(northgate).get(reverse("referral", args=[hers.reference])).text
    )


@pytest.mark.django_db(transaction=True)
def test_the_pages_of_a_request_hold_by_the_first_wall_alone(now: datetime) -> None:
    northgate = factories.organisation("Northgate Trust (fictitious)", "northgate")
    riverside = factories.organisation("Riverside Support (fictitious)", "riverside")
    thornfield = factories.organisation("Thornfield House (fictitious)", "thornfield")
    hers = shareable(northgate, at=now)
    row = ask(northgate, hers, riverside, at=now)
    switch_second_wall_off()
    asked = reverse("asked", args=[row.pk])
    bay = caseworker(riverside)
    pages = [bay.get(each).text for each in (asked, reverse("asked_of_us"), reverse("today"))]
    assert [w for w in (*SECRET, hers.reference) if w in "".join(pages)] == []
    for view in ("referral", "hand_over"):
        assert bay.get(reverse(view, args=[hers.reference])).status_code == 404
    take_back = reverse("take_back", args=[hers.reference, row.pk])
    assert bay.post(take_back).status_code == 404
    outsider = caseworker(thornfield)
    assert outsider.get(asked).status_code == 404
    assert outsider.post(asked, {"answer": "accept"}).status_code == 404
    assert caseworker(northgate).get(asked).status_code == 404


def test_without_consent_the_page_says_what_to_do(northgate: Acting, now: datetime) -> None:
    silent = referral(northgate, contact=now - DAY)
    reply = caseworker(northgate).get(reverse("hand_over", args=[silent.reference]), follow=True)
    assert "Sharing was not agreed to" in reply.text
    assert "Ask them" not in reply.text


def test_who_cannot_be_asked_is_listed_with_the_reason(
    northgate: Acting, riverside: Acting, now: datetime
) -> None:
    factories.organisation("Applicant (fictitious)", "applicant", designated=False)
    factories.organisation("Elsewhere (fictitious)", "elsewhere", nations=["scotland"])
    hers = shareable(northgate, at=now)
    with northgate.context():
        page = hand_over_page(hers, membership=northgate.caseworker, now=now)
    assert [each.organisation for each in page.possible] == [riverside.organisation]
    assert {str(each.organisation): each.why_not for each in page.excluded} == {
        "Applicant (fictitious)": "It is not designated",
        "Elsewhere (fictitious)": "It takes nobody in England",
    }


def test_whom_we_rang_stands_in_one_list_with_whom_we_asked(
    northgate: Acting, riverside: Acting, now: datetime
) -> None:
    third = factories.organisation("Thornfield House (fictitious)", "thornfield")
    hers = shareable(northgate, at=now - DAY)
    rung = [
        happening("fro_approached", now - 5 * HOUR, organisation=third.organisation),
        happening("fro_declined_scope", now - 4 * HOUR, organisation=third.organisation),
    ]
    factories.record(northgate, hers, *rung, now=now - 4 * HOUR)
    ask(northgate, hers, riverside, at=now - 2 * HOUR)
    with northgate.context():
        page = hand_over_page(hers, membership=northgate.caseworker, now=now)
    found = [
        (each.asked.other, each.asked.state)
        if each.asked
        else (str(each.rang.organisation), each.rang.answer)
        for each in page.tried
    ]
    assert found == [
        (str(riverside.organisation), "Not answered yet"),
        (str(third.organisation), "Outside what they take"),
    ]


def test_a_call_is_recorded_from_there_with_the_organisation_chosen(
    northgate: Acting, riverside: Acting, now: datetime
) -> None:
    hers = shareable(northgate, at=now)
    ash = caseworker(northgate)
    page = ash.get(reverse("hand_over", args=[hers.reference]), follow=True).text
    assert f'<option value="{riverside.organisation.pk}">' in page
    address = reverse("record_door", args=[hers.reference, "rang"])
    form = ash.get(address, {"organisation": riverside.organisation.pk}, follow=True)
    assert form.context["form"]["organisation"].initial == str(riverside.organisation.pk)


def test_it_is_taken_back_with_one_press(
    northgate: Acting, riverside: Acting, now: datetime
) -> None:
    hers = shareable(northgate, at=now)
    row = ask(northgate, hers, riverside, at=now)
    ash = caseworker(northgate)
    url = reverse("take_back", args=[hers.reference, row.pk])
    assert "asked no longer" in ash.post(url, follow=True).text
    assert "taken back already" in ash.post(url, follow=True).text
    with riverside.context():
        assert HandOver.objects.get().state == "withdrawn"


@pytest.mark.parametrize(
    ("risks", "due"),
    [
        # Sent on Friday 20 November at noon: two working days, or 24 hours with a risk.
        ((), datetime(2026, 11, 25, 0, 0, tzinfo=UTC)),
        (("pregnant",), datetime(2026, 11, 21, 12, 0, tzinfo=UTC)),
    ],
)
def test_a_hand_over_without_an_answer_is_late(
    northgate: Acting, riverside: Acting, risks: tuple[str, ...], due: datetime
) -> None:
    sent = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    hers = shareable(northgate, at=sent)
    for risk in risks:
        factories.record(northgate, hers, happening("risk_flag_added", sent, risk=risk), now=sent)
    row = ask(northgate, hers, riverside, at=sent)
    second = timedelta(seconds=1)
    for at, late in ((due - second, False), (due, True)):
        wait = answers_awaited([row], now=at)[row.pk]
        assert (wait.due_at if not late else due, is_late(wait, now=at)) == (due, late)
        with northgate.context():
            mine = [each.words for each in today_of(northgate.caseworker, now=at).mine]
        said = f"{riverside.organisation} was asked to take them, and has not answered"
        assert (said in mine) == late
        with riverside.context():
            [asked] = today_of(riverside.caseworker, now=at).asked
        assert bool(asked.late) == late


def test_a_late_answer_that_never_came_is_on_the_timeline(
    northgate: Acting, riverside: Acting, now: datetime
) -> None:
    hers = shareable(northgate, at=now - 10 * DAY)
    row = ask(northgate, hers, riverside, at=now - 9 * DAY)
    ash, page = caseworker(northgate), reverse("hand_over", args=[hers.reference])
    assert "No answer: take it back" in ash.get(page, follow=True).text
    ash.post(reverse("take_back", args=[hers.reference, row.pk]), {"because": "silent"})
    reply = ash.get(page, follow=True).text
    assert "Lapsed without an answer" in reply
    assert (
        "No answer from the organisation"
        in ash.get(reverse("referral", args=[hers.reference])).text
    )


def test_a_no_is_on_today_until_somebody_else_is_asked(
    northgate: Acting, riverside: Acting, now: datetime
) -> None:
    third = factories.organisation("Thornfield House (fictitious)", "thornfield")
    hers = shareable(northgate, at=now - DAY)
    row = ask(northgate, hers, riverside, at=now - DAY)

    def said(at: datetime) -> list[str]:
        with northgate.context():
            rows = today_of(northgate.caseworker, now=at).mine
        return [each.words for each in rows if "was asked to take them" in each.words]

    assert said(now) == []
    caseworker(riverside).post(reverse("asked", args=[row.pk]), {"answer": "capacity"})
    words = [f"{riverside.organisation} was asked to take them, and declined: no room now"]
    soon = now + HOUR
    assert (said(soon), said(soon + 8 * DAY)) == (words, [])
    ask(northgate, hers, third, at=soon)
    assert said(soon) == []


def test_who_is_not_named_does_not_learn_that_a_restricted_one_was_asked_for(
    northgate: Acting, riverside: Acting, now: datetime
) -> None:
    hers, member = shareable(northgate, at=now - 9 * DAY), northgate.caseworker
    with northgate.context():
        restrict_referral(referral=hers, why="knows", named=[member.user_id], by=member, now=now)
    ask(northgate, hers, riverside, at=now)
    with northgate.context(northgate.manager):
        later = today_of(northgate.manager, now=now + 9 * DAY)
    rows = (*later.mine, *later.others)
    assert [row for row in rows if "was asked to take them" in row.words] == []


def test_each_organisation_has_its_share_of_the_wait(
    northgate: Acting, riverside: Acting, now: datetime
) -> None:
    hers = shareable(northgate, at=now)
    row = ask(northgate, hers, riverside, at=now - DAY)
    bay = caseworker(riverside)
    bay.post(reverse("asked", args=[row.pk]), {"answer": "accept"})
    with riverside.context():
        hers = Referral.objects.get()
        found = {each.organisation: each.words for each in shares_of(hers, now=now + 3 * DAY)}
    assert found == {str(northgate.organisation): "4 days", str(riverside.organisation): "3 days"}


LENGTHS = st.one_of(
    st.timedeltas(timedelta(), DAY), st.timedeltas(timedelta(), 90 * DAY)
)  # often the same day


@given(
    steps=st.lists(st.tuples(st.integers(1, 3), LENGTHS), min_size=1, max_size=8),
    waited=st.timedeltas(timedelta(0), 400 * DAY),
)
@example(steps=[(1, 5 * DAY), (2, HOUR), (1, HOUR), (3, HOUR), (1, DAY)], waited=9 * DAY)
def test_the_shares_add_up_to_the_whole(
    steps: list[tuple[int, timedelta]], waited: timedelta
) -> None:
    """However often it was handed over, back again and on the same day too."""
    start = datetime(2026, 1, 1, 9, 30, tzinfo=UTC)
    held, since = [], start
    for n, (organisation, length) in enumerate(steps):
        until = since + length if n < len(steps) - 1 else None
        held.append(Held(organisation, since, until))
        since = until or since
    end = start + waited
    found = shares(held, start=start, end=end)
    assert sum(found.values()) == (london_date(end) - london_date(start)).days
    assert min(found.values()) >= 0


def test_a_share_of_no_whole_day_is_said_so(
    northgate: Acting, riverside: Acting, now: datetime
) -> None:
    hers = shareable(northgate, at=now)
    row = ask(northgate, hers, riverside, at=now)
    caseworker(riverside).post(reverse("asked", args=[row.pk]), {"answer": "accept"})
    with riverside.context():
        found = shares_of(Referral.objects.get(), now=datetime.now(UTC))
    assert [each.words for each in found] == ["4 days", "part of a day"]


def test_the_days_of_whoever_had_it_before_are_theirs(
    northgate: Acting, riverside: Acting, now: datetime
) -> None:
    hers = shareable(northgate, at=now)
    row = ask(northgate, hers, riverside, at=now)
    bay = caseworker(riverside)
    bay.post(reverse("asked", args=[row.pk]), {"answer": "accept"})
    page = bay.get(reverse("referral", args=[hers.reference])).text
    assert f"The organisation that was responsible ({northgate.organisation})" in page
    with riverside.context():
        why = why_they_wait(Referral.objects.visible_to(riverside.caseworker), now=now + 3 * DAY)
    assert [(part.tone, part.value) for part in why.parts] == [("before", 4), ("us", 3)]
