"""Ready for the Home Office's form: what is missing, what it holds, and where nothing is said."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from audit.models import Action, AuditEntry
from referrals.actions import home_office_reference, record_identity, write_page
from referrals.home_office import SECTIONS, Whom, needed
from referrals.identity import Identity
from referrals.models import Referral, WaitEvent, WrittenPage
from referrals.pages.readiness import Readiness
from referrals.questions import INTAKE
from tests.factories import Acting, happening, record
from tests.referrals.casework import DAY, caseworker, heron, moment, send

pytestmark = pytest.mark.django_db
Page, State = WrittenPage.Page, WrittenPage.State
ADULT, CHILD = Whom(child=False, supported=False), Whom(child=True, supported=False)
STORY = "Born in a village by the sea"


@pytest.fixture
def hers(riverside: Acting) -> Referral:
    return heron(riverside, days=40)


def view(name: str, referral: Referral, *more: str) -> str:
    return reverse(name, args=[referral.reference, *more])


def page_of(acting: Acting, referral: Referral) -> Readiness:
    shown: Readiness = (
        caseworker(acting).get(view("readiness", referral), follow=True).context["page"]
    )
    return shown


def happened(acting: Acting, referral: Referral, code: str, days: int, **facts: Any) -> None:
    now = datetime.now(UTC)
    record(acting, referral, happening(code, now - days * DAY, **facts), now=now)


def all_of(section: str, whom: Whom = ADULT) -> list[str]:
    return [each.code for each in needed(section, whom)]


def test_the_form_has_twelve_sections_and_every_page_belongs_to_one_family() -> None:
    assert len(SECTIONS) == 12
    assert {*INTAKE, *SECTIONS, Page.REFERENCE} == set(Page)
    assert set(INTAKE) & set(SECTIONS) == set()
    codes = [each.code for asked in SECTIONS.values() for each in asked]
    assert len(codes) == len(set(codes))
    assert max(map(len, codes)) <= 30


def test_of_an_adult_the_duty_to_notify_does_not_apply(riverside: Acting, hers: Referral) -> None:
    page = page_of(riverside, hers)
    assert (page.settled, page.total) == (1, 12)
    marks = {step.title: step.status for step in page.steps}
    assert marks.pop("Duty to Notify") == "Does not apply"
    assert set(marks.values()) == {"Not yet"}
    [background] = [step for step in page.steps if step.title == "Background"]
    assert background.hint == (
        "4 answers missing. Where they were born. Their family. Their education. "
        "The work they have done."
    )


def test_a_child_is_asked_for_no_consent_and_the_local_authority_is_named(
    riverside: Acting,
) -> None:
    child = heron(riverside, age_group="not_sure", events=[])
    page = page_of(riverside, child)
    marks = {step.title: step.status for step in page.steps}
    assert (marks["Consent and support"], marks["Duty to Notify"]) == ("Does not apply",) * 2
    assert page.settled == 2
    assert not page.consent_missing
    assert all_of(Page.AGE, CHILD) == ["under_18", "la_name", "la_contact"]
    assert all_of(Page.AGE) == ["under_18", "under_18_then"]
    assert "who_hears" not in all_of(Page.DECISION, CHILD)


def test_how_a_provider_reaches_them_is_needed_once_they_want_support(
    riverside: Acting, hers: Referral
) -> None:
    url = view("readiness_section", hers, Page.CONSENT)
    before = caseworker(riverside).get(url, follow=True).context["form"]
    assert [each.code for each in before.needed] == ["nrm", "support"]
    happened(riverside, hers, "consent_recorded", 1, consent_type="support")
    after = caseworker(riverside).get(url, follow=True).context["form"]
    assert [each.code for each in after.needed] == ["nrm", "support", "reached"]


def test_a_section_is_ready_only_with_all_that_it_needs(riverside: Acting, hers: Referral) -> None:
    ash, url = caseworker(riverside), view("readiness_section", hers, Page.BACKGROUND)
    page = send(ash, url, have=["family"], notes=STORY, state="ready")
    assert page.status_code == 200
    assert "Not ticked: Where they were born; Their education" in page.text
    assert STORY in page.text
    assert send(ash, url, have=["family"], notes=STORY, state="not_yet").status_code == 302
    assert page_of(riverside, hers).settled == 1
    assert send(ash, url, have=all_of(Page.BACKGROUND), state="ready").status_code == 302
    page = page_of(riverside, hers)
    assert page.settled == 2
    lines = ash.get(view("referral", hers)).context["page"].who
    assert [line.value for line in lines if line.key == "Home Office form"] == [
        "2 of 12 sections settled"
    ]


def test_a_section_marked_as_not_applying_is_settled_without_answers(
    riverside: Acting, hers: Referral
) -> None:
    url = view("readiness_section", hers, Page.EVIDENCE)
    assert send(caseworker(riverside), url, state="does_not_apply").status_code == 302
    assert page_of(riverside, hers).settled == 2


def test_what_was_ready_is_not_ready_when_more_is_needed(riverside: Acting, hers: Referral) -> None:
    url = view("readiness_section", hers, Page.CONSENT)
    send(caseworker(riverside), url, have=["nrm", "support"], state="ready")
    assert page_of(riverside, hers).settled == 2
    happened(riverside, hers, "consent_recorded", 1, consent_type="support")
    page = page_of(riverside, hers)
    assert page.settled == 1
    [consent] = [step for step in page.steps if step.title == "Consent and support"]
    assert consent.status == "Not yet"
    assert consent.hint.startswith("1 answer missing. How a support provider reaches them")


def test_what_stands_recorded_is_shown_beside_what_is_needed(
    riverside: Acting, hers: Referral
) -> None:
    ash = caseworker(riverside)
    send(ash, view("intake_page", hers, "children"), children="yes", children_words="Two, at home")
    send(ash, view("intake_page", hers, "staying"), town_words="Leeds")
    happened(riverside, hers, "risk_flag_added", 1, risk="still_in_exploitation")
    shown = {
        section: ash.get(view("readiness_section", hers, section), follow=True).text
        for section in (Page.PERSONAL, Page.PLACES, Page.EXPLOITATION)
    }
    assert "Here: Yes. Two, at home" in shown[Page.PERSONAL]
    assert "Here: Leeds" in shown[Page.PLACES]
    assert "Here: At risk: still being exploited" in shown[Page.EXPLOITATION]


@pytest.mark.parametrize(
    ("days", "left"),
    [
        (0, "28 days left: the service deletes it after "),
        (26, "2 days left: the service deletes it after "),
        (28, "It is deleted at the end of today, "),
        (29, "The draft has probably been deleted. Look, and say here"),
    ],
)
def test_the_draft_says_how_long_it_is_kept(
    riverside: Acting, hers: Referral, days: int, left: str
) -> None:
    happened(riverside, hers, "draft_started", 30)
    happened(riverside, hers, "draft_last_saved", days)
    draft = page_of(riverside, hers).draft
    assert draft
    assert draft.left.startswith(left)
    assert draft.near == (days > 20)


def test_one_press_says_that_it_was_saved_today(riverside: Acting, hers: Referral) -> None:
    ash, url = caseworker(riverside), view("readiness", hers)
    assert page_of(riverside, hers).draft is None
    assert "A draft was started today" in ash.get(url, follow=True).text
    send(ash, url)
    assert "Saved today" in ash.get(url, follow=True).text
    sent = {"key": "8a4a1a0e-5f3f-4b7e-9c0e-1f2d3c4b5a69", "version": 0}
    for _ in range(2):
        assert ash.post(url, sent).status_code == 302
    with riverside.context():
        codes = list(
            WaitEvent.objects.filter(referral=hers, code__startswith="draft")
            .order_by("id")
            .values_list("code", flat=True)
        )
    assert codes == ["draft_started", "draft_last_saved"]


def test_a_draft_given_up_is_no_draft(riverside: Acting, hers: Referral) -> None:
    happened(riverside, hers, "draft_started", 3)
    assert page_of(riverside, hers).draft
    happened(riverside, hers, "draft_abandoned", 1)
    assert page_of(riverside, hers).draft is None


def test_the_submission_says_who_and_keeps_the_reference_sealed(
    riverside: Acting, northgate: Acting, hers: Referral
) -> None:
    ash, now = caseworker(riverside), datetime.now(UTC)
    sent = send(
        ash,
        view("submitted", hers),
        submitted_by=northgate.organisation.pk,
        home_office_reference="NRM-INVENTED-1",
        **moment(now - DAY),
    )
    assert sent.status_code == 302
    page = page_of(riverside, hers)
    assert page.submitted.startswith("NRM referral submitted: by Northgate Trust")
    assert page.reference == "NRM-INVENTED-1"
    assert "NRM-INVENTED-1" not in ash.get(view("referral", hers)).text
    with riverside.context():
        hers.refresh_from_db()
        assert hers.submitted_at is not None
        [event] = WaitEvent.objects.filter(code="referral_submitted")
        assert event.submitted_by_id == northgate.organisation.pk
        assert "INVENTED" not in event.detail


def test_a_submission_that_is_refused_keeps_no_reference(riverside: Acting, hers: Referral) -> None:
    answers = {"home_office_reference": "NRM-INVENTED-1", **moment(datetime.now(UTC) - 90 * DAY)}
    page = send(
        caseworker(riverside),
        view("submitted", hers),
        submitted_by=riverside.organisation.pk,
        **answers,
    )
    assert page.status_code == 200
    assert "before they first asked for help" in page.text
    with riverside.context():
        assert home_office_reference(referral=hers) == ""


def test_the_reference_may_come_later_and_be_changed(riverside: Acting, hers: Referral) -> None:
    ash, now = caseworker(riverside), datetime.now(UTC)
    send(ash, view("submitted", hers), submitted_by=riverside.organisation.pk, **moment(now - DAY))
    assert page_of(riverside, hers).reference == ""
    for words in ("NRM-1", "NRM-2"):
        assert send(ash, view("home_office_reference", hers), reference=words).status_code == 302
    assert page_of(riverside, hers).reference == "NRM-2"


def test_a_print_is_marked_and_noted_and_names_nobody(riverside: Acting, hers: Referral) -> None:
    ash = caseworker(riverside)
    with riverside.context():
        record_identity(
            referral=hers,
            identity=Identity(given_names="Quillfeather", nationality="Nowhereland"),
            birth_is_estimated=False,
            by=riverside.caseworker,
            now=datetime.now(UTC),
        )
    url = view("readiness_section", hers, Page.BACKGROUND)
    send(ash, url, have=["birthplace"], notes=STORY, state="not_yet")
    page = ash.get(view("readiness_print", hers))
    titles = [section.title for section in page.context["sections"]]
    assert titles == [Page(section).label for section in SECTIONS]
    background = page.context["sections"][2]
    assert background.notes == STORY
    assert [(each.have, each.known) for each in background.answers] == [
        (True, ""),
        *[(False, "")] * 3,
    ]
    assert page.text.count("OFFICIAL-SENSITIVE") == 2
    assert riverside.caseworker.user.name in page.text
    assert [word for word in ("Quillfeather", "Nowhereland") if word in page.text] == []
    with riverside.context():
        printed = AuditEntry.objects.filter(action=Action.FORM_PRINTED, referral=hers.pk)
        assert [entry.user for entry in printed] == [riverside.caseworker.user_id]


def test_who_does_not_consent_has_nothing_prepared_or_shown(
    riverside: Acting, hers: Referral
) -> None:
    ash = caseworker(riverside)
    section = view("readiness_section", hers, Page.BACKGROUND)
    send(ash, section, notes=STORY, state="not_yet")
    happened(riverside, hers, "consent_refused", 1, consent_type="nrm")
    for path in (view("readiness", hers), section, view("readiness_print", hers)):
        page = ash.get(path, follow=True)
        assert "No NRM referral is prepared" in page.text
        assert STORY not in page.text
    with riverside.context():
        assert not AuditEntry.objects.filter(action=Action.FORM_PRINTED).exists()
    notification = ash.get(view("duty_to_notify", hers)).text
    assert STORY not in notification
    happened(riverside, hers, "consent_recorded", 0, consent_type="nrm")
    assert STORY in ash.get(section, follow=True).text


def test_another_organisation_sees_and_prints_none_of_it(
    riverside: Acting, northgate: Acting, hers: Referral
) -> None:
    with riverside.context():
        write_page(
            referral=hers,
            page=Page.BACKGROUND,
            answers={"notes": STORY},
            state=State.NOT_YET,
            by=riverside.caseworker,
            now=datetime.now(UTC) - timedelta(hours=1),
        )
    stranger = caseworker(northgate)
    for path in (
        view("readiness", hers),
        view("readiness_section", hers, Page.BACKGROUND),
        view("readiness_print", hers),
        view("submitted", hers),
        view("home_office_reference", hers),
    ):
        assert stranger.get(path).status_code == 404


def test_what_stands_recorded_here_is_counted_apart_from_what_nobody_knows(
    riverside: Acting, hers: Referral
) -> None:
    hint = {step.title: step.hint for step in page_of(riverside, hers).steps}
    consent = hint["Consent and support"]
    assert consent.startswith("1 answer missing. ")
    assert "1 recorded here: look, and tick. " in consent
    happened(riverside, hers, "consent_refused", 1, consent_type="support")
    hint = {step.title: step.hint for step in page_of(riverside, hers).steps}
    assert hint["Consent and support"].startswith("2 recorded here: look, and tick. ")


def test_once_it_is_submitted_the_list_presses_for_nothing(
    riverside: Acting, hers: Referral
) -> None:
    url = view("readiness_section", hers, Page.BACKGROUND)
    send(caseworker(riverside), url, have=all_of(Page.BACKGROUND), state="ready")
    happened(riverside, hers, "referral_submitted", 1, submitted_by=riverside.organisation)
    page = page_of(riverside, hers)
    assert {step.tone for step in page.steps} == {""}
    assert {step.hint for step in page.steps if step.status == "Was not marked as ready"} == {""}
    assert [step.title for step in page.steps if step.status == "Ready"] == ["Background"]
    text = caseworker(riverside).get(view("readiness", hers), follow=True).text
    assert "sections settled" not in text
    assert "nothing more is needed here" in text
