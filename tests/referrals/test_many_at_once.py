"""Many at once: for whom it can be done, and why not for others, before it is done."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import Action, AuditEntry
from nrm_tracker.calendars import london_date
from referrals.actions import refusals, restrict_referral, share_out, sweep, take_up_delays
from referrals.errors import NothingToTakeUp
from referrals.models import Referral, TakenUp, WaitEvent
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting, happening
from tests.referrals.casework import form_of, told
from tests.support import signed_in_client

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def screened(acting: Acting, word: str, *, days: int = 2, now: Any = None) -> Referral:
    now = now or timezone.now()
    contact = now - days * DAY
    events = [happening("immediate_safety_checked", contact)]
    return factories.referral(acting, contact=contact, now=now, pseudonym=word, events=events)


def closed(acting: Acting, word: str) -> Referral:
    made, now = screened(acting, word), timezone.now()
    factories.record(acting, made, happening("closed", now, detail="Left"), now=now)
    return made


def page_of(*people: Referral, path: str = "") -> str:
    ticked = "&".join(f"chosen={each.reference}:1" for each in people)
    return f"/referrals/chosen/{path}?{ticked}"


@pytest.fixture
def client(riverside: Acting) -> Client:
    return signed_in_client(riverside.caseworker.user)


def look(client: Client, page: str, **answers: Any) -> Any:
    return client.post(page, form_of(client, page) | answers)


def do(client: Client, page: str, preview: Any) -> Any:
    return client.post(page, dict(preview.context["sent"]) | {"confirmed": "on"})


def unable(reply: Any) -> list[tuple[str, str]]:
    return [(person.pseudonym, why) for person, why in reply.context["preview"].unable]


def able(reply: Any) -> list[str]:
    return [person.pseudonym for person in reply.context["preview"].able]


def test_who_cannot_is_named_with_the_reason_and_left_out(
    riverside: Acting, client: Client
) -> None:
    people = [
        screened(riverside, "Heron"),
        closed(riverside, "Birch"),
        screened(riverside, "Larch"),
    ]
    page = page_of(*people)
    preview = look(client, page, do="contact")
    assert able(preview) == ["Heron", "Larch"]
    [(word, why)] = unable(preview)
    assert (word, "closed" in why) == ("Birch", True)
    assert "Nothing is done yet" not in why
    assert "Before it is done: for 2, not for 1" in preview.text
    with riverside.context():
        assert not WaitEvent.objects.filter(code="contact_made").exists()
        assert not AuditEntry.objects.filter(action="events_recorded").count() > 1
    reply = do(client, page, preview)
    assert told(reply) == [
        f"Recorded for 2 referrals: {people[0].reference}, {people[2].reference}."
    ]
    with riverside.context():
        spoke = WaitEvent.objects.filter(code="contact_made").values_list("referral", flat=True)
        assert set(spoke) == {people[0].pk, people[2].pk}


def test_they_get_another_caseworker_unless_restricted_to_others(
    riverside: Acting, client: Client
) -> None:
    hers, hidden = screened(riverside, "Heron"), screened(riverside, "Larch")
    by, now = riverside.caseworker, timezone.now()
    with riverside.context():
        restrict_referral(referral=hidden, why="asked", named=[by.user_id], by=by, now=now)
    page = page_of(hers, hidden)
    preview = look(client, page, do="share_out", caseworker=riverside.manager.user_id)
    assert able(preview) == ["Heron"]
    assert unable(preview) == [
        ("Larch", "Restricted to named staff, of whom this caseworker is not one.")
    ]
    assert "Their caseworker becomes Bay Manager." in preview.text
    do(client, page, preview)
    with riverside.context():
        assigned = dict(Referral.objects.values_list("pseudonym", "assigned_to"))
    assert assigned == {"Heron": riverside.manager.user_id, "Larch": by.user_id}


class TestTakingUp:
    @pytest.fixture
    def late(self, riverside: Acting) -> list[Referral]:
        """Two who wait too long for the way in, and one who does not."""
        made = [
            screened(riverside, w, days=d) for w, d in (("Heron", 70), ("Larch", 65), ("Elm", 2))
        ]
        sweep(now=timezone.now())
        return made

    def answers(self, **more: Any) -> dict[str, Any]:
        soon = london_date(timezone.now()) + 7 * DAY
        boxes = {"review_on_0": soon.day, "review_on_1": soon.month, "review_on_2": soon.year}
        said = {"rule": "entry-wait", "reason": "fro_capacity", "doing": "Rang all three."}
        return said | boxes | more

    def test_one_kind_of_delay_is_taken_up_for_all_who_have_it(
        self, riverside: Acting, client: Client, late: list[Referral]
    ) -> None:
        first = look(client, page_of(*late), do="take_up")
        assert first.url.startswith("/referrals/chosen/take-up/?chosen=R-")
        page = page_of(*late, path="take-up/")
        assert "(2 of 3)" in client.get(page, follow=True).text
        preview = look(client, page, **self.answers())
        assert able(preview) == ["Heron", "Larch"]
        assert [word for word, _ in unable(preview)] == ["Elm"]
        with riverside.context():
            assert TakenUp.objects.count() == 0
        do(client, page, preview)
        with riverside.context():
            taken = TakenUp.objects.values_list("referral__pseudonym", "rule", "action", "version")
            assert sorted(taken) == [
                ("Heron", "entry-wait", "Rang all three.", 2),
                ("Larch", "entry-wait", "Rang all three.", 2),
            ]
            noted = AuditEntry.objects.filter(action=Action.DELAY_TAKEN_UP)
            assert set(noted.values_list("referral", flat=True)) == {late[0].pk, late[1].pk}

    def test_what_is_taken_up_already_is_not_taken_up_again(
        self, riverside: Acting, client: Client, late: list[Referral]
    ) -> None:
        page = page_of(*late, path="take-up/")
        do(client, page, look(client, page, **self.answers()))
        with riverside.context(), pytest.raises(NothingToTakeUp):
            take_up_delays(
                chosen={late[0].pk: 2},
                rule="entry-wait",
                reason=TakenUp.Reason.OTHER,
                action="Again",
                review_on=london_date(timezone.now()) + DAY,
                by=riverside.caseworker,
                now=timezone.now(),
            )

    def test_nothing_to_take_up_is_said(self, riverside: Acting, client: Client) -> None:
        page = page_of(screened(riverside, "Elm"), path="take-up/")
        assert "Nothing of theirs waits to be taken up" in client.get(page, follow=True).text

    def test_a_day_that_is_not_ahead_is_for_none(
        self, client: Client, late: list[Referral]
    ) -> None:
        today = london_date(timezone.now())
        page = page_of(*late[:2], path="take-up/")
        sent = self.answers(review_on_0=today.day, review_on_1=today.month, review_on_2=today.year)
        preview = look(client, page, **sent)
        assert "It can be done for none of them" in preview.text
        assert "Enter a date after today" in preview.text


def test_answers_are_changed_without_losing_any(riverside: Acting, client: Client) -> None:
    people = [screened(riverside, "Heron"), closed(riverside, "Birch")]
    page = page_of(*people)
    preview = look(client, page, do="share_out", caseworker=riverside.manager.user_id)
    again = client.post(page, dict(preview.context["again"]) | {"again": "on"})
    form = again.context["form"]
    assert form["caseworker"].value() == str(riverside.manager.user_id)
    assert form["versions"].value().count("R-") == 2
    assert not form["confirmed"].value()


def test_a_second_press_says_that_it_was_sent(riverside: Acting, client: Client) -> None:
    page = page_of(screened(riverside, "Heron"))
    preview = look(client, page, do="contact")
    do(client, page, preview)
    again = do(client, page, preview)
    assert told(again)[-1] == "This was sent before, and is recorded once."
    with riverside.context():
        assert WaitEvent.objects.filter(code="contact_made").count() == 1


def test_what_is_tried_leaves_nothing_behind(riverside: Acting, northgate: Acting) -> None:
    hers = factories.referral(riverside, contact=NOW - 2 * DAY, now=NOW)
    theirs = factories.referral(northgate, contact=NOW - 2 * DAY, now=NOW)
    by, before = riverside.caseworker, len(noted(riverside))
    with riverside.context():
        refused = refusals(
            do=lambda each: share_out(
                chosen=each, caseworker=riverside.manager.user_id, by=by, now=NOW, key=uuid4()
            ),
            chosen={hers.pk: 1, theirs.pk: 1},
        )
        assert list(refused) == [theirs.pk]
        hers.refresh_from_db()
    assert (hers.assigned_to_id, hers.version) == (by.user_id, 1)
    assert len(noted(riverside)) == before


def noted(acting: Acting) -> list[int]:
    with acting.context():
        return list(AuditEntry.objects.values_list("number", flat=True))


def test_nobody_who_was_not_chosen_is_slipped_in(riverside: Acting, client: Client) -> None:
    hers, other = screened(riverside, "Heron"), screened(riverside, "Larch")
    page = page_of(hers)
    sent = form_of(client, page) | {"do": "contact", "confirmed": "on"}
    reply = client.post(page, sent | {"versions": f"{other.reference}:1"})
    assert "The list has changed. Choose them again from the list." in reply.text
    with riverside.context():
        assert not WaitEvent.objects.filter(code="contact_made").exists()
