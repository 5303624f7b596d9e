"""The caseworker's day: notes, tasks, appointments, sharing out, cover."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from audit.models import AuditEntry
from nrm_tracker.calendars import london_date
from nrm_tracker.database import purpose
from organisations.models import Membership
from organisations.roles import Role
from referrals.actions import (
    Answer,
    Becomes,
    Meeting,
    add_note,
    answer_appointment,
    arrange_cover,
    change_caseworker,
    change_task,
    deliver_notices,
    end_cover,
    erase_identity,
    make_appointment,
    make_task,
    notes_of,
    record_contacts,
    restrict_referral,
    share_out,
    sweep,
    withdraw_note,
)
from referrals.errors import (
    ActionRefused,
    AnsweredAlready,
    AppointmentNotAhead,
    AppointmentStillAhead,
    BeforeFirstContact,
    ChangedMeanwhile,
    CoverEndsFirst,
    CoverForOneself,
    CoverIsOthers,
    ErasedAlready,
    IsClosed,
    NotACaseworker,
    NotAllThere,
    SomeChanged,
    StruckThroughAlready,
)
from referrals.models import Appointment, Cover, Note, Notice, Referral, Task, WaitEvent
from referrals.pages.today import Today, today_of
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting, happening
from tests.referrals.casework import form_of, send, told
from tests.support import signed_in_client

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TODAY = NOW.date()  # a Monday
WORDS = "Asked for a Zephyrian interpreter."


@pytest.fixture
def hers(riverside: Acting) -> Referral:
    return screened(riverside)


def screened(acting: Acting, word: str = "Heron", *, now: datetime = NOW) -> Referral:
    contact = now - 2 * DAY
    events = [happening("immediate_safety_checked", contact)]
    return factories.referral(acting, contact=contact, now=now, pseudonym=word, events=events)


def colleague(acting: Acting, name: str = "Dune", role: Role = Role.CASEWORKER) -> Membership:
    user = factories.person(f"{name.lower()}@{acting.organisation.slug}.example", name)
    with purpose("nrm_register"):
        return Membership.objects.create(
            user=user, organisation=acting.organisation, role=role, started_at=factories.LONG_AGO
        )


def trail(acting: Acting) -> list[tuple[str, str]]:
    """What was done after the referral was logged, and why."""
    with acting.context():
        rows = AuditEntry.objects.exclude(action="referral_opened").order_by("number")
        return list(rows.values_list("action", "reason"))


def events(acting: Acting, referral: Referral) -> list[tuple[str, datetime]]:
    with acting.context():
        rows = WaitEvent.objects.filter(referral=referral).order_by("id")
        return [row for row in rows.values_list("code", "happened_at") if row[0] not in QUIET]


QUIET = {"initial_contact", "immediate_safety_checked"}


def day_of(acting: Acting, member: Membership | None = None, *, now: datetime = NOW) -> Today:
    who = member or acting.caseworker
    with acting.context(who):
        return today_of(who, now=now)


def url(referral: Referral, rest: str = "") -> str:
    return f"/referrals/{referral.reference}/{rest}"


class TestNotes:
    def note(self, acting: Acting, referral: Referral, words: str = WORDS) -> Note:
        with acting.context():
            made = add_note(referral=referral, words=words, by=acting.caseworker, now=NOW)
        assert made
        return made

    def words(self, acting: Acting, referral: Referral) -> list[str | None]:
        with acting.context():
            return [note.words for note in notes_of(referral=referral)]

    def test_stand_sealed_and_are_read_by_the_holder(
        self, riverside: Acting, hers: Referral
    ) -> None:
        note = self.note(riverside, hers)
        assert self.words(riverside, hers) == [WORDS]
        with riverside.context(), connection.cursor() as cursor:
            cursor.execute("SELECT text FROM referrals_note")
            stored = bytes(cursor.fetchone()[0])
        assert b"Zephyrian" not in stored
        assert trail(riverside) == [("note_added", "")]
        with riverside.context():
            assert AuditEntry.objects.get(action="note_added").subject == f"note {note.pk}"

    def test_are_gone_with_the_key_and_none_is_added_then(
        self, riverside: Acting, hers: Referral
    ) -> None:
        self.note(riverside, hers)
        with riverside.context():
            erase_identity(referral=hers, by=riverside.caseworker, now=NOW)
        assert self.words(riverside, hers) == [None]
        with pytest.raises(ErasedAlready), riverside.context():
            add_note(referral=hers, words=WORDS, by=riverside.caseworker, now=NOW)
        page = signed_in_client(riverside.caseworker.user).get(url(hers)).text
        assert "The notes were erased" in page
        assert 'name="words"' not in page

    def test_the_same_words_sent_again_after_back_are_kept_once(
        self, riverside: Acting, hers: Referral
    ) -> None:
        client = signed_in_client(riverside.caseworker.user)

        def sends(words: str) -> str:
            """As the box on the page of the referral does, which has another key each time."""
            key = client.get(url(hers)).context["note_form"]["key"].value()
            sent = {"words": words, "key": key, "version": 1}
            return client.post(url(hers, "notes/"), sent, follow=True).text

        assert "The note is kept." in sends(WORDS)
        again = sends(WORDS)
        assert "and it is kept. If it happened again, say so in the note." in again
        assert self.words(riverside, hers) == [WORDS]
        assert "The note is kept." in sends("Other words.")
        assert "The note is kept." in sends(WORDS)

    def test_do_not_disturb_who_writes_something_else(
        self, riverside: Acting, hers: Referral
    ) -> None:
        self.note(riverside, hers)
        assert_version(riverside, hers, 1)

    def test_a_wrong_one_is_struck_through_with_its_reason(
        self, riverside: Acting, hers: Referral
    ) -> None:
        note, by = self.note(riverside, hers), riverside.caseworker
        with riverside.context():
            withdraw_note(note=note, why=Note.Why.SOMEBODY_ELSE, by=by, now=NOW)
        page = signed_in_client(by.user).get(url(hers)).text
        assert "Struck through by Ash Caseworker: it is about somebody else" in page
        assert '<s class="govuk-body app-note__words" dir="auto">Asked for' in page
        assert trail(riverside)[:2] == [("note_added", ""), ("note_withdrawn", "somebody_else")]
        with pytest.raises(StruckThroughAlready), riverside.context():
            withdraw_note(note=note, why=Note.Why.TWICE, by=by, now=NOW)

    def test_the_newest_three_stand_on_the_page(self, riverside: Acting, hers: Referral) -> None:
        for number in range(5):
            with riverside.context():
                at = NOW + number * HOUR
                by = riverside.caseworker
                add_note(referral=hers, words=f"Word {number}.", by=by, now=at)
        client = signed_in_client(riverside.caseworker.user)
        page, everything = client.get(url(hers)).text, client.get(url(hers, "notes/"), follow=True)
        assert [f"Word {n}." in page for n in range(5)] == [False, False, True, True, True]
        assert "2 older notes" in page
        assert all(f"Word {n}." in everything.text for n in range(5))
        assert "Facts, not opinion: this can be disclosed in court." in page

    def test_are_added_from_the_page_once(self, riverside: Acting, hers: Referral) -> None:
        client = signed_in_client(riverside.caseworker.user)
        shown = client.get(url(hers)).context["note_form"]
        sent = {"words": WORDS, "key": shown["key"].value(), "version": hers.version}
        assert client.post(url(hers, "notes/"), sent).url == f"{url(hers)}#notes"
        client.post(url(hers, "notes/"), sent)
        assert self.words(riverside, hers) == [WORDS]

    def test_an_empty_one_is_refused_in_words(self, riverside: Acting, hers: Referral) -> None:
        client = signed_in_client(riverside.caseworker.user)
        assert "Write the note" in send(client, url(hers, "notes/"), words=" ").text

    def test_is_struck_through_from_the_page(self, riverside: Acting, hers: Referral) -> None:
        note = self.note(riverside, hers)
        client = signed_in_client(riverside.caseworker.user)
        reply = send(client, url(hers, f"notes/{note.pk}/withdraw/"), why="opinion")
        assert reply.url == url(hers, "notes/")
        assert "it is opinion, not fact" in client.get(reply.url, follow=True).text


def assert_version(acting: Acting, referral: Referral, version: int) -> None:
    with acting.context():
        assert Referral.objects.get(pk=referral.pk).version == version


class TestTasks:
    def task(
        self, acting: Acting, referral: Referral | None, due_on: date | None, **facts: Any
    ) -> Task:
        caseworker = facts.pop("caseworker", acting.caseworker.user_id)
        with acting.context():
            made = make_task(
                referral=referral,
                words=facts.pop("words", "Ring the council"),
                due_on=due_on,
                caseworker=caseworker,
                by=acting.caseworker,
                now=NOW,
            )
        assert made
        return made

    def test_stand_on_today_when_they_are_late_or_nearly(
        self, riverside: Acting, hers: Referral
    ) -> None:
        for days, words in ((-1, "Late"), (0, "Today"), (1, "Tomorrow"), (2, "Then")):
            self.task(riverside, hers, TODAY + days * DAY, words=words)
        self.task(riverside, None, None, words="Some day")
        shown = day_of(riverside)
        assert [(row.words, row.late) for row in shown.mine] == [("Late", "Task due yesterday")]
        assert [(row.words, row.due) for row in shown.due] == [
            ("Today", "today"),
            ("Tomorrow", "tomorrow"),
        ]
        assert {row.pseudonym for row in (*shown.mine, *shown.due)} == {"Heron"}

    def test_of_a_colleague_stand_apart_and_of_nobody_left_with_everybody(
        self, riverside: Acting
    ) -> None:
        dune = colleague(riverside)
        self.task(riverside, None, TODAY - DAY, caseworker=dune.user_id)
        assert [len(rows) for rows in (day_of(riverside).mine, day_of(riverside).others)] == [0, 1]
        with purpose("nrm_register"):
            Membership.objects.filter(pk=dune.pk).update(ended_at=NOW)
        assert [row.words for row in day_of(riverside).mine] == ["Ring the council"]

    def test_are_for_somebody_who_does_casework_here(
        self, riverside: Acting, northgate: Acting
    ) -> None:
        for stranger in (northgate.caseworker.user_id, factories.administrator().user_id):
            with pytest.raises(NotACaseworker):
                self.task(riverside, None, None, caseworker=stranger)

    def test_are_done_by_one_press_and_opened_again_by_another(
        self, riverside: Acting, hers: Referral
    ) -> None:
        task = self.task(riverside, hers, london_date(timezone.now()))
        client = signed_in_client(riverside.caseworker.user)
        page = client.get("/today/").text
        assert page.count(f'action="/tasks/{task.pk}/"') == 1
        assert client.post(f"/tasks/{task.pk}/", {"from": "today"}).url == "/today/"
        assert f'action="/tasks/{task.pk}/"' not in client.get("/today/").text
        shown = client.get(url(hers)).text
        assert "Done by Ash Caseworker on" in shown
        assert client.post(f"/tasks/{task.pk}/", {"becomes": "open"}).url == url(hers)
        assert f'action="/tasks/{task.pk}/"' in client.get("/today/").text

    def test_a_second_press_changes_nothing(self, riverside: Acting, hers: Referral) -> None:
        task, by = self.task(riverside, hers, TODAY), riverside.caseworker
        with riverside.context():
            change_task(task=task, becomes=Becomes.GIVEN_UP, by=by, now=NOW)
            change_task(task=task, becomes=Becomes.DONE, by=by, now=NOW + HOUR)
            stored = Task.objects.get()
        assert (stored.given_up, stored.ended_at) == (True, NOW)
        assert trail(riverside) == [("task_made", ""), ("task_changed", "given_up")]

    def test_are_made_on_the_page_of_the_referral_and_of_the_organisation(
        self, riverside: Acting, hers: Referral
    ) -> None:
        client = signed_in_client(riverside.caseworker.user)
        answers = {"words": "Ring the council", "caseworker": riverside.caseworker.user_id}
        assert "Enter what is to be done" in send(client, url(hers, "tasks/new/"), words="").text
        assert send(client, url(hers, "tasks/new/"), **answers).url == url(hers)
        form = form_of(client, "/tasks/new/")
        for _ in range(2):  # a double press
            assert client.post("/tasks/new/", form | answers).url == "/tasks/"
        with riverside.context():
            assert list(Task.objects.order_by("id").values_list("referral", flat=True)) == [
                hers.pk,
                None,
            ]

    def test_the_list_has_those_without_a_date_and_says_when_there_is_none(
        self, riverside: Acting, northgate: Acting
    ) -> None:
        client = signed_in_client(riverside.caseworker.user)
        assert "Nothing is to be done" in client.get("/tasks/").text
        self.task(riverside, None, None)
        self.task(northgate, None, None, words="Not yours")
        page = client.get("/tasks/").text
        assert "Ring the council" in page
        assert "Not yours" not in page


MEETING = Meeting(
    at=NOW + DAY - HOUR,
    purpose="referral_meeting",
    place="our office",
    interpreter="requested",
    language="Tigrinya",
)


class TestAppointments:
    def make(self, acting: Acting, referral: Referral, meeting: Meeting = MEETING) -> Appointment:
        with acting.context():
            made = make_appointment(
                referral=referral, meeting=meeting, by=acting.caseworker, now=NOW
            )
        assert made
        return made

    def answer(self, acting: Acting, row: Appointment, *, now: datetime, **facts: Any) -> None:
        said = {"interpreter": row.interpreter, "language": row.language} | facts
        with acting.context():
            answer_appointment(
                appointment=row, answer=Answer(**said), by=acting.caseworker, now=now
            )

    def test_a_referral_meeting_is_offered_on_the_timeline(
        self, riverside: Acting, hers: Referral
    ) -> None:
        self.make(riverside, hers)
        assert events(riverside, hers) == [
            ("appointment_offered", NOW),
            ("interpreter_requested", NOW),
        ]

    def test_another_appointment_is_no_event(self, riverside: Acting, hers: Referral) -> None:
        row = self.make(riverside, hers, Meeting(at=NOW + DAY, purpose="other"))
        self.answer(riverside, row, now=NOW + 2 * DAY, outcome="held")
        assert events(riverside, hers) == []
        assert_version(riverside, hers, 1)

    @pytest.mark.parametrize(
        ("outcome", "completed", "codes"),
        [
            ("held", True, ["appointment_attended", "interview_completed"]),
            ("held", False, ["appointment_attended"]),
            ("missed", False, ["appointment_missed"]),
            ("cancelled", False, ["appointment_cancelled_by_fro"]),
        ],
    )
    def test_what_came_of_it_happened_at_its_time(
        self, riverside: Acting, hers: Referral, outcome: str, completed: bool, codes: list[str]
    ) -> None:
        row = self.make(riverside, hers)
        self.answer(riverside, row, now=NOW + 2 * DAY, outcome=outcome, account_completed=completed)
        assert events(riverside, hers)[2:] == [(code, MEETING.at) for code in codes]
        assert trail(riverside)[-1] == ("appointment_changed", outcome)

    def test_is_cancelled_ahead_and_held_only_once_it_has_begun(
        self, riverside: Acting, hers: Referral
    ) -> None:
        row = self.make(riverside, hers)
        with pytest.raises(AppointmentStillAhead):
            self.answer(riverside, row, now=NOW + HOUR, outcome="held")
        self.answer(riverside, row, now=NOW + HOUR, outcome="cancelled")
        assert events(riverside, hers)[2:] == [("appointment_cancelled_by_fro", NOW + HOUR)]
        with pytest.raises(AnsweredAlready):
            self.answer(riverside, row, now=NOW + 2 * DAY, outcome="held")

    def test_no_interpreter_is_an_event_once(self, riverside: Acting, hers: Referral) -> None:
        row = self.make(riverside, hers)
        for hours in (1, 2):
            self.answer(riverside, row, now=NOW + hours * HOUR, interpreter="none_available")
        assert events(riverside, hers)[2:] == [("interpreter_unavailable", NOW + HOUR)]

    def test_is_made_for_a_time_ahead_of_an_open_referral(
        self, riverside: Acting, hers: Referral
    ) -> None:
        with pytest.raises(AppointmentNotAhead):
            self.make(riverside, hers, Meeting(at=NOW, purpose="other"))
        factories.record(riverside, hers, happening("closed", NOW, detail="Left"), now=NOW)
        with pytest.raises(IsClosed):
            self.make(riverside, hers)
        with riverside.context():
            assert Appointment.objects.count() == 0

    def test_what_is_refused_leaves_nothing(self, riverside: Acting, hers: Referral) -> None:
        row = self.make(riverside, hers)
        factories.record(riverside, hers, happening("closed", NOW, detail="Left"), now=NOW)
        with pytest.raises(IsClosed):
            self.answer(riverside, row, now=NOW + 2 * DAY, outcome="held")
        with riverside.context():
            assert Appointment.objects.get().outcome == ""

    def test_stands_on_today_on_its_day_and_asks_on_the_next(
        self, riverside: Acting, hers: Referral
    ) -> None:
        row = self.make(riverside, hers)
        assert day_of(riverside).appointments == ()
        [shown] = day_of(riverside, now=NOW + DAY).appointments
        assert shown.words == (
            "11:00 Referral meeting, our office, interpreter requested, not yet booked (Tigrinya)"
        )
        later = day_of(riverside, now=NOW + 2 * DAY)
        assert later.appointments == ()
        asked = "Referral meeting of Tuesday 11:00: what came of it?"
        assert asked in [each.words for each in later.mine]
        self.answer(riverside, row, now=NOW + 2 * DAY, outcome="held")
        assert asked not in [each.words for each in day_of(riverside, now=NOW + 2 * DAY).mine]

    def test_a_closed_referrals_is_asked_of_nobody(self, riverside: Acting, hers: Referral) -> None:
        self.make(riverside, hers)
        factories.record(riverside, hers, happening("closed", NOW, detail="Left"), now=NOW)
        assert day_of(riverside, now=NOW + 2 * DAY).number_mine == 0

    def test_is_made_and_answered_on_pages(self, riverside: Acting) -> None:
        now = timezone.now()
        hers = screened(riverside, now=now)
        client = signed_in_client(riverside.caseworker.user)
        tomorrow = now + DAY
        when = {"at_0": tomorrow.day, "at_1": tomorrow.month, "at_2": tomorrow.year}
        new = url(hers, "appointments/new/")
        assert "Enter the time too" in send(client, new, **when, interpreter="not_needed").text
        timed = when | {"at_3": "11:00"}
        assert "Enter the language" in send(client, new, **timed, interpreter="needed").text
        said = timed | {"interpreter": "booked", "language": "Tigrinya"}
        assert send(client, new, **said).url == url(hers)
        assert "interpreter booked (Tigrinya)" in client.get(url(hers)).text
        with riverside.context():
            page = url(hers, f"appointments/{Appointment.objects.get().pk}/")
        assert "still to come" in send(client, page, outcome="held").text
        wrong = send(client, page, outcome="cancelled", account_completed="on").text
        assert "Tick this only where the meeting was held" in wrong
        assert send(client, page, outcome="cancelled").url == url(hers)
        assert "We cancelled it" in client.get(page, follow=True).text


class TestSharingOut:
    def test_the_new_caseworker_is_told_until_they_look(
        self, riverside: Acting, hers: Referral
    ) -> None:
        dune = colleague(riverside)
        with riverside.context():
            make_task(
                referral=hers,
                words="Ring the council",
                due_on=TODAY,
                caseworker=riverside.caseworker.user_id,
                by=riverside.caseworker,
                now=NOW,
            )
            change_caseworker(
                referral=hers, caseworker=dune.user_id, by=riverside.caseworker, now=NOW, version=1
            )
            assert Task.objects.get().assigned_to_id == dune.user_id
        assert [row.pseudonym for row in day_of(riverside, dune).new] == ["Heron"]
        assert day_of(riverside).new == ()
        assert trail(riverside)[-1] == ("caseworker_changed", "")
        signed_in_client(riverside.manager.user).get(url(hers))
        assert len(day_of(riverside, dune).new) == 1
        signed_in_client(dune.user).get(url(hers))
        assert day_of(riverside, dune).new == ()

    def test_only_who_does_casework_here_now(
        self, riverside: Acting, northgate: Acting, hers: Referral
    ) -> None:
        gone = colleague(riverside)
        with purpose("nrm_register"):
            Membership.objects.filter(pk=gone.pk).update(ended_at=NOW)
        for user in (gone.user_id, northgate.caseworker.user_id):
            with pytest.raises(NotACaseworker), riverside.context():
                share_out(chosen={hers.pk: 1}, caseworker=user, by=riverside.caseworker, now=NOW)

    def test_of_a_restricted_referral_only_who_is_named(
        self, riverside: Acting, hers: Referral
    ) -> None:
        worker, manager = riverside.caseworker, riverside.manager
        with riverside.context(worker):
            restrict_referral(
                referral=hers, why="asked", named=[worker.user_id], by=worker, now=NOW
            )
            hers.refresh_from_db()
            with pytest.raises(NotACaseworker, match="restricted to named staff"):
                change_caseworker(
                    referral=hers,
                    caseworker=manager.user_id,
                    by=worker,
                    now=NOW,
                    version=hers.version,
                )

    def test_who_was_slower_is_told(self, riverside: Acting, hers: Referral) -> None:
        factories.record(riverside, hers, happening("contact_made", NOW), now=NOW)
        with pytest.raises(ChangedMeanwhile), riverside.context():
            change_caseworker(
                referral=hers,
                caseworker=riverside.manager.user_id,
                by=riverside.caseworker,
                now=NOW,
                version=1,
            )

    def test_many_are_spoken_with_at_once(self, riverside: Acting) -> None:
        chosen = {screened(riverside, f"Word {n}").pk: 1 for n in range(3)}
        with riverside.context():
            assert record_contacts(
                chosen=chosen, happened_at=NOW - HOUR, by=riverside.caseworker, now=NOW
            )
            spoke = WaitEvent.objects.filter(code="contact_made", happened_at=NOW - HOUR)
            assert set(spoke.values_list("referral", "version")) == {(pk, 2) for pk in chosen}
            assert set(Referral.objects.values_list("version", flat=True)) == {2}
        assert trail(riverside) == [("events_recorded", "")] * 3

    def test_all_or_nothing(self, riverside: Acting, northgate: Acting, hers: Referral) -> None:
        other, theirs = screened(riverside, "Larch"), screened(northgate, "Plover")
        closed = screened(riverside, "Birch")
        factories.record(riverside, closed, happening("closed", NOW, detail="Left"), now=NOW)
        factories.record(riverside, other, happening("contact_made", NOW), now=NOW)
        refused: list[tuple[dict[int, int], datetime, type[ActionRefused]]] = [
            ({hers.pk: 1, other.pk: 1}, NOW, SomeChanged),
            ({hers.pk: 1, theirs.pk: 1}, NOW, NotAllThere),
            ({hers.pk: 1, closed.pk: 2}, NOW, IsClosed),
            ({hers.pk: 1}, NOW - 9 * DAY, BeforeFirstContact),
        ]
        for chosen, at, why in refused:
            with pytest.raises(why, match=r"Nothing is done yet|Choose again"), riverside.context():
                record_contacts(chosen=chosen, happened_at=at, by=riverside.caseworker, now=NOW)
        assert events(riverside, hers) == []

    def test_from_the_list(self, riverside: Acting) -> None:
        now = timezone.now()
        people = [screened(riverside, word, now=now) for word in ("Heron", "Larch")]
        client = signed_in_client(riverside.caseworker.user)
        ticked = "&".join(f"chosen={each.reference}:1" for each in people)
        assert all(
            f'value="{each.reference}:1"' in client.get("/referrals/").text for each in people
        )
        page = f"/referrals/chosen/?{ticked}"
        shown = client.get(page, follow=True)
        assert all(each.reference in shown.text for each in people)
        assert "Choose the caseworker" in self.press(client, page, do="share_out").text
        preview = self.press(client, page, do="contact")
        assert "Before it is done: for 2" in preview.text
        factories.record(riverside, people[0], happening("contact_made", now), now=now)
        slower = client.post(page, dict(preview.context["sent"]) | {"confirmed": "on"})
        assert f"Somebody else changed {people[0].reference}" in slower.text
        assert slower.context["preview"].changed == {people[0].reference}
        reply = client.post(page, dict(slower.context["sent"]) | {"confirmed": "on"})
        recorded = f"Recorded for 2 referrals: {people[0].reference}, {people[1].reference}."
        assert (reply.url, told(reply)) == ("/referrals/", [recorded])
        with riverside.context():
            assert WaitEvent.objects.filter(code="contact_made").count() == 3

    def press(self, client: Client, page: str, **answers: Any) -> Any:
        return client.post(page, form_of(client, page) | answers)

    def test_nothing_ticked_or_too_many_goes_back(self, riverside: Acting) -> None:
        client = signed_in_client(riverside.caseworker.user)
        many = "&".join(f"chosen=R-2222-{n:04}:1" for n in range(51))
        for asked in ("", "?chosen=nonsense", f"?{many}"):
            reply = client.get(f"/referrals/chosen/{asked}")
            assert reply.url == "/referrals/"
            assert told(reply)[-1:] == ["Tick the people in the list first, 50 at most."]

    def test_one_from_its_page(self, riverside: Acting, hers: Referral) -> None:
        client = signed_in_client(riverside.caseworker.user)
        page = url(hers, "caseworker/")
        assert "Choose the caseworker" in send(client, page).text
        assert send(client, page, caseworker=riverside.manager.user_id).url == url(hers)
        assert "Bay Manager" in client.get(url(hers)).text


class TestCover:
    def cover(self, acting: Acting, by: Membership | None = None, **facts: Any) -> Cover:
        said = {
            "away": acting.caseworker.user_id,
            "covered_by": acting.manager.user_id,
            "first_on": TODAY,
            "last_on": TODAY + 4 * DAY,
            "now": NOW,
        }
        with acting.context(by):
            made = arrange_cover(by=by or acting.caseworker, **said | facts)
        assert made
        return made

    def late(self, acting: Acting) -> Referral:
        risk = happening("risk_flag_added", NOW - 5 * HOUR, risk="still_in_exploitation")
        return factories.referral(acting, contact=NOW - 5 * HOUR, now=NOW - HOUR, events=[risk])

    def test_the_work_of_who_is_away_stands_with_who_covers(self, riverside: Acting) -> None:
        self.late(riverside)
        sweep(now=NOW)
        assert len(day_of(riverside, riverside.manager).mine) == 0
        cover = self.cover(riverside)
        [row] = day_of(riverside, riverside.manager).mine
        assert row.remarks == ("for Ash Caseworker (away until Friday)",)
        assert len(day_of(riverside).mine) == 1
        with riverside.context():
            end_cover(cover=cover, by=riverside.caseworker, now=NOW)
        assert len(day_of(riverside, riverside.manager).mine) == 0

    @pytest.mark.parametrize(("days", "covers"), [(-1, 0), (0, 1), (4, 1), (5, 0)])
    def test_it_stands_from_the_first_day_to_the_last(
        self, riverside: Acting, days: int, covers: int
    ) -> None:
        self.cover(riverside)
        with riverside.context():
            assert Cover.objects.standing_on(TODAY + days * DAY).count() == covers

    def test_notices_go_to_who_covers_too(self, riverside: Acting) -> None:
        dune, elm = colleague(riverside), colleague(riverside, "Elm")
        self.cover(riverside, covered_by=dune.user_id)
        self.late(riverside)
        sweep(now=NOW)
        deliver_notices(now=NOW)
        with purpose("nrm_sweep"):
            told_ = set(Notice.objects.values_list("user_id", flat=True))
        assert told_ == {riverside.caseworker.user_id, riverside.manager.user_id, dune.user_id}
        assert elm.user_id not in told_

    def test_is_arranged_by_one_of_the_two_or_the_manager(self, riverside: Acting) -> None:
        dune, elm = colleague(riverside), colleague(riverside, "Elm")
        pair = {"away": dune.user_id, "covered_by": elm.user_id}
        with pytest.raises(CoverIsOthers):
            self.cover(riverside, **pair)
        for by in (dune, elm, riverside.manager):
            cover = self.cover(riverside, by, **pair)
        with pytest.raises(CoverIsOthers), riverside.context():
            end_cover(cover=cover, by=riverside.caseworker, now=NOW)

    def test_what_cannot_be(self, riverside: Acting, northgate: Acting) -> None:
        wrong: list[tuple[dict[str, Any], type[ActionRefused]]] = [
            ({"covered_by": riverside.caseworker.user_id}, CoverForOneself),
            ({"last_on": TODAY - DAY}, CoverEndsFirst),
            ({"first_on": TODAY - 3 * DAY, "last_on": TODAY - DAY}, CoverEndsFirst),
            ({"covered_by": northgate.caseworker.user_id}, NotACaseworker),
        ]
        for facts, why in wrong:
            with pytest.raises(why):
                self.cover(riverside, **facts)

    def test_who_covers_need_not_choose_why_they_look(self, riverside: Acting) -> None:
        now = timezone.now()
        hers, today = screened(riverside, now=now), london_date(now)
        with riverside.context():
            add_note(referral=hers, words=WORDS, by=riverside.caseworker, now=now)
        client = signed_in_client(riverside.manager.user)
        assert client.get(url(hers, "person/")).context["form"]["reason"].value() is None
        self.cover(riverside, first_on=today, last_on=today, now=now)
        form = client.get(url(hers, "person/")).context["form"]
        assert form["reason"].value() == "covering"
        client.post(url(hers, "person/"), {"reason": form["reason"].value()})
        assert ("identity_shown", "covering") in trail(riverside)

    def test_on_its_page(self, riverside: Acting) -> None:
        today = london_date(timezone.now())
        client = signed_in_client(riverside.caseworker.user)
        assert "Nobody is covered for" in client.get("/cover/").text
        days = {
            f"{name}_{i}": part
            for name in ("first_on", "last_on")
            for i, part in enumerate((today.day, today.month, today.year))
        }
        form = form_of(client, "/cover/") | days
        assert "Choose who covers" in client.post("/cover/", form).text
        form["covered_by"] = riverside.manager.user_id
        for _ in range(2):  # a double press
            assert client.post("/cover/", form).url == "/cover/"
        assert client.get("/cover/").text.count("covers for") == 1
        with riverside.context():
            end = f"/cover/{Cover.objects.get().pk}/end/"
        dune = signed_in_client(colleague(riverside).user)
        assert told(dune.post(end)) == [
            "Choose yourself as one of the two, or ask your manager to do this."
        ]
        assert told(client.post(end)) == ["The cover has ended."]
