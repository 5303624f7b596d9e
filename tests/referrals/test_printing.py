"""What goes on paper: what a summary says, and the sheet that asks as the form does."""

import html
import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from audit.models import Action, AuditEntry
from nrm_tracker.ui.paper import on_paper
from nrm_tracker.ui.words import exact
from referrals.actions import agreed_terms, erase_identity, record_identity, take_up_delay
from referrals.catalogue import EventCode
from referrals.forms.paper import PaperForm
from referrals.identity import Identity
from referrals.models import Delay, Referral, TakenUp, WaitEvent
from referrals.pages.summary import ENTRIES, LEFT_OUT, NOT_ASKED
from tests import factories
from tests.factories import Acting, happening, record
from tests.referrals.casework import DAY, caseworker, heron, moment
from tests.support import signed_in_client

pytestmark = pytest.mark.django_db
WHO = Identity(
    given_names="Invented Adaeze",
    family_name="Quillfeather",
    born_on="1991-02-28",
    telephone="07700 900123",
    address="1 Invented Way",
)
REACHED = (WHO.telephone, WHO.address)
WORDS = "Her cousin Tamsin drove her"


@pytest.fixture
def hers(riverside: Acting, northgate: Acting) -> Referral:
    factories.referral(northgate, contact=datetime.now(UTC) - 9 * DAY, pseudonym="Plover")
    referral, now = heron(riverside, days=70), datetime.now(UTC)
    spoke = happening("contact_made", now - DAY, detail=WORDS)
    record(riverside, referral, spoke, now=now)
    with riverside.context():
        record_identity(
            referral=referral,
            identity=WHO,
            birth_is_estimated=False,
            by=riverside.caseworker,
            now=now,
        )
    return referral


def url(referral: Referral) -> str:
    return reverse("summary", args=[referral.reference])


def noted(acting: Acting) -> list[tuple[str, list[str], str]]:
    with acting.context():
        rows = AuditEntry.objects.filter(action__in=(Action.SUMMARY_PRINTED, Action.IDENTITY_SHOWN))
        return list(rows.order_by("number").values_list("action", "fields", "reason"))


# The summary


def test_a_summary_says_who_opened_it_and_when_and_is_noted(
    riverside: Acting, hers: Referral
) -> None:
    shown = caseworker(riverside).get(url(hers))
    assert "OFFICIAL-SENSITIVE" in shown.text
    assert "Printed by <bdi>Ash Caseworker</bdi>, Riverside Support (fictitious), on" in shown.text
    assert exact(shown.wsgi_request.now) in shown.text
    assert noted(riverside) == [("summary_printed", [], "")]


def test_a_summary_says_where_the_person_stands(riverside: Acting, hers: Referral) -> None:
    page = caseworker(riverside).get(url(hers)).context["page"]
    assert {line.key: line.value for line in page.who}["Caseworker"] == "Ash Caseworker"
    assert [line.key for line in page.who] == [
        "Stage",
        "Person",
        "Responsible",
        "At risk",
        "Consent",
        "Caseworker",
        "Calling",
        "In touch",
    ]
    assert [title for _, title in page.entries] == [
        "Asked for help",
        "Safety screen completed",
        "Consented: to the NRM referral",
        "Put on a waiting list: Riverside Support (fictitious)",
        "Spoke with the person",
    ]
    assert "Way in" in [delay.title for delay in page.delays]


def test_nobody_is_named_on_a_summary_unless_that_is_asked_for(
    riverside: Acting, hers: Referral
) -> None:
    shown = caseworker(riverside).get(url(hers))
    for words in (WHO.family_name, WHO.given_names, WORDS, "Tamsin", *REACHED):
        assert words not in shown.text
    assert shown.context["page"].left_out == [NOT_ASKED, *LEFT_OUT]


def test_who_they_are_is_put_on_it_for_a_reason_that_is_noted(
    riverside: Acting, hers: Referral
) -> None:
    bay = signed_in_client(riverside.manager.user)
    refused = bay.post(url(hers), {"reason": ""})
    assert "Choose why you need to see who this person is" in refused.text
    assert WHO.family_name not in refused.text
    shown = bay.post(url(hers), {"reason": "quality"})
    assert WHO.family_name in shown.text
    assert [words for words in (WORDS, *REACHED) if words in shown.text] == []
    assert shown.context["page"].left_out == [*LEFT_OUT]
    assert noted(riverside) == [
        ("summary_printed", [], ""),
        ("identity_shown", [], "quality"),
        ("summary_printed", ["identity"], ""),
    ]


def test_of_an_erased_person_nothing_can_be_asked(riverside: Acting, hers: Referral) -> None:
    with riverside.context():
        erase_identity(referral=hers, by=riverside.caseworker, now=datetime.now(UTC))
    shown = caseworker(riverside).post(url(hers), {"reason": "quality"})
    assert (shown.status_code, shown.context["form"]) == (200, None)


def test_what_is_being_done_is_said_without_what_was_written(
    riverside: Acting, hers: Referral
) -> None:
    now, written = datetime.now(UTC), "Tamsin will ask at the door"
    with riverside.context():
        take_up_delay(
            delay=Delay.objects.visible_to(riverside.caseworker).worst_first()[0],
            reason=TakenUp.Reason.FRO_CAPACITY,
            action=written,
            review_on=date.today() + timedelta(days=3),  # noqa: DTZ011 - any day ahead
            by=riverside.caseworker,
            now=now,
        )
    text = html.unescape(caseworker(riverside).get(url(hers)).text)
    assert f"{TakenUp.Reason.FRO_CAPACITY.label}." in text
    assert written not in text


def test_a_long_history_is_cut_and_says_so(riverside: Acting, hers: Referral) -> None:
    now = datetime.now(UTC)
    calls = [happening("contact_made", now - n * DAY) for n in range(2, ENTRIES + 1)]
    record(riverside, hers, *calls, now=now)
    page = caseworker(riverside).get(url(hers)).context["page"]
    assert len(page.entries) == ENTRIES
    assert page.left_out[-1] == ("Earlier entries: 4", "so that two pages are enough.")
    assert page.entries[-1][1] == "Spoke with the person"


def test_another_organisation_gets_no_summary(
    riverside: Acting, northgate: Acting, hers: Referral
) -> None:
    assert caseworker(northgate).get(url(hers)).status_code == 404
    assert noted(northgate) == []


# The blank sheet


def asked(page: str) -> list[str]:
    """The words of the questions and answers on the form, in order."""
    form = page[page.index("<form", page.index("<main")) :]
    said = re.findall(r"<(legend|label)\b[^>]*>(.*?)</\1>", form, re.DOTALL)
    return [" ".join(html.unescape(re.sub("<[^>]+>", " ", words)).split()) for _, words in said]


def test_the_sheet_asks_all_that_the_form_asks_in_its_order(riverside: Acting) -> None:
    ash = caseworker(riverside)
    form = ash.get(reverse("referral_from_paper"), follow=True).text
    sheet = ash.get(reverse("blank_sheet")).text
    sheet = " ".join(html.unescape(re.sub("<[^>]+>", " ", sheet[sheet.index("<ol") :])).split())
    questions, place, missing = asked(form), 0, []
    assert len(questions) > 60
    for words in questions:
        found = sheet.find(words, place)
        missing += [words] if found < 0 else []
        place = max(place, found)
    assert missing == []


def test_the_quick_form_asks_the_same_but_for_the_time_of_the_call(riverside: Acting) -> None:
    ash = caseworker(riverside)
    quick = asked(ash.get(reverse("referral_new"), follow=True).text)
    paper = asked(ash.get(reverse("referral_from_paper"), follow=True).text)
    assert paper[0] == "When was the call?"
    assert paper[-len(quick) :] == quick


def test_a_question_on_paper_says_how_it_is_answered(riverside: Acting) -> None:
    form = PaperForm(membership=riverside.caseworker, words=(), whom_to_call=None)
    questions = {question.label: question for question in on_paper(form)}
    call = questions["When was the call?"]
    assert call.blanks == ("Day", "Month", "Year", "Time, if you know it")
    assert call.boxes == ("This is approximate",)
    assert questions["Are they under 18?"].boxes[0] == "Yes"
    assert not questions["Are they under 18?"].several
    assert questions["Is anything else known?"].several
    assert questions["When is it safe to call?"].boxes == ()
    must = [question.label for question in on_paper(form) if question.must]
    assert must == [
        "When was the call?",
        "A word for the person",
        "Are they under 18?",
        "Where are they?",
    ]


# Typed in later


def typed(**more: object) -> dict[str, object]:
    least = {"key": str(uuid4()), "pseudonym": "Heron", "age_group": "adult", "nation": "england"}
    return least | more


URGENT = dict.fromkeys(
    ("still_in_exploitation", "trafficker_contact_within_week", "suicide_or_self_harm_risk"), "no"
)


def test_a_sheet_counts_from_the_call_and_not_from_when_it_is_typed_in(riverside: Acting) -> None:
    call = datetime.now(UTC).replace(second=0, microsecond=0) - 2 * DAY
    sent = typed(**moment(call, "call_at"), **URGENT, call_back="yes")
    reply = caseworker(riverside).post(reverse("referral_from_paper"), sent, follow=True)
    assert "Write the reference on the sheet, then shred it." in reply.text
    with riverside.context():
        events = list(WaitEvent.objects.values_list("code", "happened_at"))
        terms = agreed_terms(Referral.objects.get())
    assert sorted(events) == [
        (EventCode.IMMEDIATE_SAFETY_CHECKED, call),
        (EventCode.INDICATORS_IDENTIFIED, call),
        (EventCode.INITIAL_CONTACT, call),
    ]
    assert terms
    assert terms.agreed_at == call


def test_who_asked_for_help_before_the_call_was_asked_in_the_call(riverside: Acting) -> None:
    call = datetime.now(UTC).replace(second=0, microsecond=0) - 2 * DAY
    sent = typed(**moment(call, "call_at"), **moment(call - 9 * DAY, "first_contact"), **URGENT)
    caseworker(riverside).post(reverse("referral_from_paper"), sent)
    with riverside.context():
        events = dict(WaitEvent.objects.values_list("code", "happened_at"))
    assert events[EventCode.INITIAL_CONTACT] == call - 9 * DAY
    assert events[EventCode.IMMEDIATE_SAFETY_CHECKED] == call


@pytest.mark.parametrize(
    ("call", "first", "field", "words"),
    [
        (None, None, "call_at", "Enter when the call was"),
        (-1, None, "call_at", "When the call was must be now or in the past"),
        (2, 1, "first_contact", "Enter a time before the call, or leave it empty if it was then"),
    ],
)
def test_a_sheet_without_a_time_that_can_be_is_not_saved(
    riverside: Acting, call: int | None, first: int | None, field: str, words: str
) -> None:
    now = datetime.now(UTC)
    sent = typed()
    for name, ago in (("call_at", call), ("first_contact", first)):
        sent |= moment(now - ago * DAY, name) if ago is not None else {}
    reply = caseworker(riverside).post(reverse("referral_from_paper"), sent)
    assert reply.context["form"].errors == {field: [words]}
    with riverside.context():
        assert not Referral.objects.exists()
