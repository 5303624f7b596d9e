"""How much room an organisation has: its manager says it, all read it, its past is its own."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.utils import ProgrammingError
from django.test import Client

from audit.models import Action, AuditEntry
from nrm_tracker import middleware
from nrm_tracker.calendars import london_date
from nrm_tracker.database import context, purpose
from organisations.actions import Said, say_capacity, say_capacity_again
from organisations.capacity import Slots
from organisations.errors import ChangedMeanwhile, DateHasPassed, NothingSaidYet
from organisations.models import Capacity
from organisations.pages.capacity import history_of, reminder_for, room_of, said_by, versions
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting
from tests.referrals.casework import caseworker, form_of, send
from tests.support import signed_in_client

pytestmark = pytest.mark.django_db

PAGE, AGAIN = "/our-organisation/capacity/", "/our-organisation/capacity/again/"
TODAY = london_date(NOW)  # Monday 23 November 2026
DAY = timedelta(days=1)
ADULTS = Slots(number=3, cohort="adult", nation="england", language="Tigrinya")
OPEN = Said(state="open", since=TODAY, weekly=(ADULTS,), next_free_on=TODAY + 8 * DAY)
PAUSED = Said(
    state="paused",
    since=TODAY - 20 * DAY,
    until=TODAY + 8 * DAY,
    cause="staff",
    words="Two posts are vacant",
)


def says(acting: Acting, said: Said = OPEN, *, at: datetime = NOW) -> Capacity:
    with acting.context(acting.manager):
        stands = said_by(acting.organisation.pk)
        version = stands.version if stands else 0
        return say_capacity(said=said, version=version, by=acting.manager, now=at)


def says_again(acting: Acting, *, version: int, at: datetime) -> Capacity:
    with acting.context(acting.manager):
        return say_capacity_again(version=version, by=acting.manager, now=at)


def kept() -> Any:
    return apps.get_model("organisations", "CapacityHistory")._default_manager


# What is kept


def test_each_time_it_is_said_a_row_is_appended(riverside: Acting) -> None:
    says(riverside)
    says(riverside, PAUSED, at=NOW + DAY)
    says_again(riverside, version=2, at=NOW + 8 * DAY)
    with riverside.context(riverside.manager):
        found = [(row.state, row.said_at, row.version) for row in history_of(riverside.manager)]
        shown = versions(riverside.manager)
    assert found == [
        ("open", NOW, 1),
        ("paused", NOW + DAY, 2),
        ("paused", NOW + 8 * DAY, 3),
    ]
    assert [(each.at, each.by, each.same) for each in shown] == [
        (NOW + 8 * DAY, "Bay Manager", True),
        (NOW + DAY, "Bay Manager", False),
        (NOW, "Bay Manager", False),
    ]


def test_the_trail_says_who_said_what_and_none_of_the_words(riverside: Acting) -> None:
    made = says(riverside)
    says(riverside, PAUSED, at=NOW + DAY)
    with riverside.context(riverside.manager):
        trail = AuditEntry.objects.visible_to(riverside.manager)
        entries = trail.filter(action=Action.CAPACITY_SAID).order_by("number")
        found = list(entries.values_list("user", "subject", "fields"))
    everything = ["cause", "next_free_on", "since", "state", "until", "weekly", "words"]
    assert found == [
        (riverside.manager.user_id, f"capacity {made.pk} version 1", everything),
        (riverside.manager.user_id, f"capacity {made.pk} version 2", everything),
    ]


def test_whoever_was_slower_is_told(riverside: Acting) -> None:
    says(riverside)
    with riverside.context(riverside.manager):
        for version in (0, 2):
            with pytest.raises(ChangedMeanwhile):
                say_capacity(said=PAUSED, version=version, by=riverside.manager, now=NOW)
            with pytest.raises(ChangedMeanwhile):
                say_capacity_again(version=version, by=riverside.manager, now=NOW)
        assert said_by(riverside.organisation.pk).state == "open"


def test_nothing_is_said_again_that_was_never_said_or_has_passed(riverside: Acting) -> None:
    with pytest.raises(NothingSaidYet):
        says_again(riverside, version=0, at=NOW)
    says(riverside)
    with pytest.raises(DateHasPassed):
        says_again(riverside, version=1, at=NOW + 9 * DAY)
    assert says_again(riverside, version=1, at=NOW + 8 * DAY).version == 2


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"state": "paused", "next_free_on": None}, "who_has_less_room_says_why"),
        ({"until": TODAY + DAY}, "who_has_less_room_says_why"),
        (
            {"state": "limited", "cause": "staff", "until": TODAY - DAY},
            "less_room_ends_after_it_begins",
        ),
        ({"state": "paused", "cause": "staff"}, "who_is_paused_offers_no_appointment"),
    ],
)
def test_the_database_holds_it_to_sense(
    riverside: Acting, change: dict[str, object], sentence: str
) -> None:
    says(riverside)
    with (
        riverside.context(riverside.manager),
        pytest.raises(IntegrityError, match=sentence),
        transaction.atomic(),
    ):
        Capacity.objects.update(**change)


# Who sees and says it: by the second wall


def test_who_sees_what(riverside: Acting, northgate: Acting) -> None:
    says(riverside)
    says(riverside, PAUSED, at=NOW + DAY)
    administrator = factories.administrator()
    readers = {
        "manager": riverside.context(riverside.manager),
        "caseworker": riverside.context(),
        "another's manager": northgate.context(northgate.manager),
        "administrator": factories.acts(administrator),
        "nobody": context(),
        "the register": purpose("nrm_register"),
        "the audit": purpose("nrm_audit"),
    }
    found = {}
    for who, reader in readers.items():
        with reader:
            found[who] = (_count(Capacity.objects.count), _count(kept().count))
    assert found == {
        "manager": (1, 2),
        "caseworker": (1, 2),
        "another's manager": (1, 0),
        "administrator": (1, 0),
        "nobody": (1, 0),
        "the register": (1, "refused"),
        "the audit": ("refused", 2),
    }


def _count(count: Callable[[], int]) -> int | str:
    try:
        with transaction.atomic():
            return count()
    except ProgrammingError:
        return "refused"


def test_what_others_read_names_nobody_who_said_it() -> None:
    columns = {field.name for field in Capacity._meta.fields}
    assert columns & {"recorded_by", "by", "said_by", "changed_by", "note"} == set()


def test_only_the_manager_says_it(riverside: Acting, northgate: Acting) -> None:
    says(riverside)
    lead, administrator = factories.safeguarding_lead(riverside), factories.administrator()
    writers = {
        "manager": riverside.context(riverside.manager),
        "safeguarding lead": factories.acts(lead),
        "caseworker": riverside.context(),
        "another's manager": northgate.context(northgate.manager),
        "another's manager, acting for it": context(
            user=northgate.manager.user_id, organisation=riverside.organisation.pk
        ),
        "administrator": factories.acts(administrator),
        "nobody": context(),
    }
    found = {}
    for who, writer in writers.items():
        with writer:
            found[who] = (Capacity.objects.update(words=who), _begins(northgate))
    assert found == {
        "manager": (1, False),
        "safeguarding lead": (1, False),
        "caseworker": (0, False),
        "another's manager": (0, True),
        "another's manager, acting for it": (0, False),
        "administrator": (0, False),
        "nobody": (0, False),
    }


def _begins(acting: Acting) -> bool:
    """Whether a first row of this organisation may be written; it is not kept."""
    row = Capacity(
        organisation=acting.organisation, state="open", since=TODAY, said_at=NOW, weekly=[]
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            transaction.set_rollback(True)
    except ProgrammingError:
        return False
    return True


def test_what_was_said_is_never_changed_or_taken_away(riverside: Acting) -> None:
    says(riverside)
    with riverside.context(riverside.manager):
        for attempt in (
            lambda: kept().update(state="open"),
            lambda: kept().all()._raw_delete("default"),
            lambda: Capacity.objects.all()._raw_delete("default"),
            lambda: Capacity.objects.update(organisation=riverside.organisation),
        ):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                attempt()
    for by in ("register", "audit"):
        with pytest.raises(ProgrammingError, match="permission denied"), purpose(f"nrm_{by}"):
            Capacity.objects.update(words="changed")


def test_history_cannot_be_made_up(riverside: Acting, northgate: Acting) -> None:
    row = says(riverside)
    forged = kept().model(
        pgh_created_at=NOW,
        pgh_label="update",
        pgh_obj_id=row.pk,
        id=row.pk,
        organisation=northgate.organisation,
        state="open",
        since=TODAY,
        said_at=NOW,
        version=9,
    )
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        northgate.context(northgate.manager),
    ):
        forged.save()


# The manager's page


def manager(acting: Acting) -> Client:
    return signed_in_client(acting.manager.user)


def boxes(name: str, day: date) -> dict[str, str]:
    return {f"{name}_0": str(day.day), f"{name}_1": str(day.month), f"{name}_2": str(day.year)}


@pytest.mark.usefixtures("at_now")
def test_the_manager_says_it_and_finds_it_filled_in(riverside: Acting) -> None:
    client = manager(riverside)
    assert "Nothing was said yet" in client.get(PAGE).text
    line = {"slots_0_number": "3", "slots_0_cohort": "adult", "slots_0_nation": "england"}
    answers = {"state": "open", **line, "slots_0_language": "Tigrinya"}
    answers |= boxes("next_free_on", TODAY + 8 * DAY)
    reply = send(client, PAGE, **answers)
    assert reply.status_code == 302, reply.context["form"].errors
    stands = said_by(riverside.organisation.pk)
    assert (stands.state, stands.since, stands.slots) == ("open", TODAY, (ADULTS,))
    shown = client.get(PAGE).text
    assert "3 a week: adults in England, in Tigrinya" in shown
    assert "Next free appointment: Tuesday 1 December." in shown
    filled = form_of(client, PAGE)
    assert {name: filled[name] for name in answers if name in filled} == (
        {"state": "open", "slots_0_number": 3, "slots_0_cohort": "adult"}
        | {"slots_0_nation": "england", "slots_0_language": "Tigrinya"}
    )
    assert client.get(PAGE).context["form"]["next_free_on"].value() == TODAY + 8 * DAY


@pytest.mark.usefixtures("at_now")
def test_one_press_says_that_nothing_has_changed(riverside: Acting) -> None:
    says(riverside, at=NOW - 6 * DAY)
    client = manager(riverside)
    assert "Updated 6 days ago" in client.get(PAGE).text
    reply = client.post(AGAIN, {"version": "1"}, follow=True)
    assert "Saved. Other organisations see it at once." in reply.text
    assert "Updated today" in reply.text
    late = client.post(AGAIN, {"version": "1"}, follow=True)
    assert "Somebody else changed this entry" in late.text


@pytest.mark.usefixtures("at_now")
def test_where_a_date_has_passed_the_one_press_is_not_offered(riverside: Acting) -> None:
    gone = Said(state="open", since=TODAY - 9 * DAY, next_free_on=TODAY - DAY)
    says(riverside, gone, at=NOW - 9 * DAY)
    client = manager(riverside)
    shown = client.get(PAGE).text
    assert "A date in it has passed. Say below how it is now." in shown
    assert "Nothing has changed" not in shown
    assert "Say it anew" in client.post(AGAIN, {"version": "1"}, follow=True).text


@pytest.mark.usefixtures("at_now")
@pytest.mark.parametrize(
    ("answers", "since"),
    [
        ({"state": "paused", "cause": "leave"}, TODAY),  # another state: since today
        ({"state": "limited", "cause": "leave"}, TODAY - 20 * DAY),  # the same as before
        ({"state": "limited", "cause": "leave", **boxes("since", TODAY - DAY)}, TODAY - DAY),
    ],
)
def test_since_when_is_asked_only_where_it_has_to_be(
    riverside: Acting, answers: dict[str, str], since: date
) -> None:
    before = Said(state="limited", cause="staff", since=TODAY - 20 * DAY)
    says(riverside, before, at=NOW - 9 * DAY)
    reply = send(manager(riverside), PAGE, **answers)
    assert reply.status_code == 302, reply.context["form"].errors
    assert said_by(riverside.organisation.pk).since == since


@pytest.mark.usefixtures("at_now")
def test_who_opens_again_leaves_the_reason_behind_and_who_pauses_the_appointment(
    riverside: Acting,
) -> None:
    says(riverside)
    client = manager(riverside)
    send(client, PAGE, state="paused", cause="staff", words="Two posts are vacant")
    stands = said_by(riverside.organisation.pk)
    assert (stands.state, stands.next_free_on, stands.slots) == ("paused", None, (ADULTS,))
    shown = room_of(stands, today=TODAY)
    assert (shown.next_free, shown.slots) == ("", ())  # kept, and not offered
    send(client, PAGE, state="open")
    stands = said_by(riverside.organisation.pk)
    assert (stands.state, stands.cause, stands.words, stands.until) == ("open", "", "", None)


@pytest.mark.usefixtures("at_now")
@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({}, "Choose how much room you have"),
        ({"state": "paused"}, "Choose why there is less room"),
        (
            {"state": "open", **boxes("next_free_on", TODAY - DAY)},
            "Enter today or a day that is still to come, or leave it empty",
        ),
        (
            {"state": "paused", "cause": "staff", **boxes("until", TODAY - DAY)},
            "Enter an end that is not before the beginning",
        ),
        (
            {"state": "open", "slots_0_number": "0", "slots_0_cohort": "adult"},
            "Enter how many interviews a week in figures, 1 to 99, or empty the line",
        ),
        (
            {"state": "open", "slots_0_number": "1", "slots_0_language": "Tigrinya, Amharic"},
            "Enter one language, and the next one in another line",
        ),
        ({"state": "open", **boxes("since", TODAY + DAY)}, "must be today or in the past"),
    ],
)
def test_what_cannot_be_is_refused(riverside: Acting, answers: dict[str, str], words: str) -> None:
    assert words in send(manager(riverside), PAGE, **answers).text
    assert said_by(riverside.organisation.pk) is None


@pytest.mark.usefixtures("at_now")
def test_a_colleague_who_was_faster_is_shown_and_nothing_typed_is_lost(riverside: Acting) -> None:
    says(riverside)
    client = manager(riverside)
    mine = form_of(client, PAGE) | {"state": "limited", "cause": "demand"}
    says(riverside, PAUSED, at=NOW)
    reply = client.post(PAGE, mine)
    assert "Somebody else changed this entry" in reply.text
    assert "Two posts are vacant" in reply.text
    again = {name: reply.context["form"].data[name] for name in reply.context["form"].data}
    assert client.post(PAGE, again).status_code == 302
    assert said_by(riverside.organisation.pk).state == "limited"


@pytest.mark.usefixtures("at_now")
def test_neither_caseworker_nor_administrator_comes_to_the_page(riverside: Acting) -> None:
    says(riverside)
    for client in (caseworker(riverside), signed_in_client(factories.administrator().user)):
        for path in (PAGE, "/our-organisation/capacity/history/"):
            assert client.get(path).status_code == 403
        assert client.post(AGAIN, {"version": "1"}).status_code == 403


# The reminder, and the mark


@pytest.mark.parametrize(
    ("days", "reminds", "stale"),
    [
        (0, "", ""),
        (6, "", ""),
        (7, "How much room you have was last updated 7 days ago.", ""),
        (
            8,
            "How much room you have was last updated 8 days ago.",
            "Stale: last updated 8 days ago",
        ),
    ],
)
def test_after_a_week_the_manager_is_reminded_and_then_others_are_told(
    riverside: Acting, days: int, reminds: str, stale: str
) -> None:
    row, later = says(riverside), NOW + days * DAY
    with riverside.context(riverside.manager):
        assert reminder_for(riverside.manager, now=later) == reminds
        assert reminder_for(riverside.caseworker, now=later) == ""
    assert room_of(row, today=london_date(later)).stale == stale


def test_the_day_of_london_counts_and_not_the_hours(riverside: Acting) -> None:
    evening = datetime(2026, 11, 23, 23, 50, tzinfo=NOW.tzinfo)
    row = says(riverside, at=evening)
    assert room_of(row, today=date(2026, 12, 1)).stale == "Stale: last updated 8 days ago"
    assert room_of(row, today=date(2026, 11, 30)).stale == ""


def test_who_never_said_anything_is_reminded_while_designated(riverside: Acting) -> None:
    applicant = factories.organisation("Applicant (fictitious)", "applicant", designated=False)
    with riverside.context(riverside.manager):
        words = reminder_for(riverside.manager, now=NOW)
    assert words == "Other organisations do not know how much room you have."
    with applicant.context(applicant.manager):
        assert reminder_for(applicant.manager, now=NOW) == ""


def test_a_date_that_has_passed_reminds_at_once(riverside: Acting) -> None:
    says(riverside, Said(state="open", since=TODAY, next_free_on=TODAY))
    with riverside.context(riverside.manager):
        assert reminder_for(riverside.manager, now=NOW) == ""
        words = reminder_for(riverside.manager, now=NOW + DAY)
    assert words == "A date that you gave about how much room you have has passed."


def test_the_reminder_stands_on_today_and_on_delays(
    riverside: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(riverside)
    later = NOW + 7 * DAY
    monkeypatch.setattr(middleware.timezone, "now", lambda: later)
    client = manager(riverside)
    words = "How much room you have was last updated 7 days ago."
    assert [words in client.get(path).text for path in ("/today/", "/delays/")] == [True, True]
    assert words not in caseworker(riverside).get("/today/").text


# Other pages


@pytest.mark.usefixtures("at_now")
def test_others_read_it_on_the_register_and_not_who_said_it(
    riverside: Acting, northgate: Acting
) -> None:
    client = caseworker(northgate)
    path = "/organisations/riverside/"
    assert "It has not said so" in client.get(path).text
    says(riverside, PAUSED, at=NOW - 9 * DAY)
    shown = client.get(path).text
    for words in (
        "since Tuesday 3 November, expected to end Tuesday 1 December",
        "Too few staff: \u2068Two posts are vacant\u2069",
        "Stale: last updated 9 days ago",
        "apart from whether it is designated",
    ):
        assert words in shown
    room, _, history = shown.partition('id="contact"')
    assert "Bay Manager" in history  # who recorded the designation
    assert "Bay Manager" not in room
    keeper = signed_in_client(factories.administrator().user)
    assert "Two posts are vacant" in keeper.get(path).text


@pytest.mark.usefixtures("at_now")
def test_the_public_reads_the_state_and_its_date_and_no_more(riverside: Acting) -> None:
    public, path = Client(), "/first-responders/riverside/"
    assert "How much room they have" not in public.get(path).text
    says(riverside, PAUSED, at=NOW - 7 * DAY)
    shown = public.get(path).text
    assert "Paused: they take nobody new for now, since Tuesday 3 November." in shown
    assert [w for w in ("vacant", "staff", "1 December", "a week") if w in shown] == []
    says(riverside, OPEN, at=NOW - 7 * DAY)
    shown = public.get(path).text
    assert "Open: they take people who ask, since Monday 23 November." in shown
    assert [w for w in ("Tigrinya", "1 December", "a week") if w in shown] == []


@pytest.mark.usefixtures("at_now")
def test_the_public_reads_nothing_old_and_nothing_of_who_is_not_designated(
    riverside: Acting, northgate: Acting
) -> None:
    says(riverside, at=NOW - 8 * DAY)
    assert "How much room" not in Client().get("/first-responders/riverside/").text
    applicant = factories.organisation("Applicant (fictitious)", "applicant", designated=False)
    says(applicant)
    assert "How much room" not in Client().get("/first-responders/applicant/").text
