"""The fork: who is asked, what each layer says, and where a no leads."""

from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from audit.models import Action, AuditEntry
from nrm_tracker.calendars import london_date
from nrm_tracker.database import purpose
from organisations.models import Organisation
from referrals.catalogue import ConsentType
from referrals.consent import is_asked, layers, no_to_the_nrm
from referrals.errors import NoSuchRoute
from referrals.models import Referral, WaitEvent
from tests.factories import Acting, happening, record, referral
from tests.referrals.casework import caseworker, heron, moment, send, told

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("age_group", "turns_18_on", "asked"),
    [
        ("adult", None, True),
        ("child", None, False),
        ("not_sure", None, False),
        ("adult", TODAY + DAY, False),
        ("child", TODAY, True),
        ("child", TODAY + DAY, False),
    ],
)
def test_who_is_asked(age_group: str, turns_18_on: date | None, asked: bool) -> None:
    assert is_asked(Referral(age_group=age_group, turns_18_on=turns_18_on), on=TODAY) is asked


def said(code: str, minutes: int, kind: str = "nrm") -> WaitEvent:
    at = datetime(2026, 11, 20, tzinfo=UTC) + timedelta(minutes=minutes)
    return WaitEvent(pk=minutes, code=code, happened_at=at, consent_type=kind)


def test_each_layer_stands_apart_and_its_last_word_counts() -> None:
    events = [
        said("consent_refused", 3, "police"),
        said("consent_recorded", 1, "police"),
        said("consent_recorded", 2),
    ]
    found = layers(events)
    assert {kind: event and event.code for kind, event in found.items()} == {
        ConsentType.NRM: "consent_recorded",
        ConsentType.SUPPORT: None,
        ConsentType.POLICE: "consent_refused",
        ConsentType.SHARING: None,
        ConsentType.WAITING_LIST: None,
    }


@pytest.mark.parametrize(
    ("codes", "stands"),
    [
        ([], False),
        (["consent_refused"], True),
        (["consent_withdrawn"], True),
        (["consent_refused", "consent_undecided"], True),
        (["consent_refused", "consent_recorded"], False),
        (["consent_recorded"], False),
    ],
)
def test_a_no_stands_until_the_next_yes(codes: list[str], stands: bool) -> None:
    events = [said(code, minutes) for minutes, code in enumerate(codes)]
    assert (no_to_the_nrm(events) is not None) is stands


def test_consent_in_its_layers_says_how_and_by_whom(riverside: Acting) -> None:
    shown = heron(riverside, events=())
    url = reverse("consent", args=[shown.reference])
    client = caseworker(riverside)
    answers = {"consent_nrm": "consent_recorded", "consent_police": "consent_refused"}
    answer = send(client, url, nrm_explained="on", given="telephone", detail="calmly", **answers)
    assert answer.url == reverse("referral", args=[shown.reference])
    with riverside.context():
        events = WaitEvent.objects.filter(referral=shown).order_by("id")[1:]
        assert [(e.code, e.consent_type, e.given, e.detail) for e in events] == [
            ("nrm_explained", "", "", "calmly"),
            ("consent_recorded", "nrm", "telephone", ""),
            ("consent_refused", "police", "telephone", ""),
        ]
    page = client.get(url, follow=True).text
    assert "by telephone, recorded by Ash Caseworker" in page
    assert "Not discussed" in page


@pytest.mark.parametrize("kind", ConsentType)
def test_each_layer_is_recorded_with_its_day_and_how_and_withdrawn_again(
    riverside: Acting, kind: ConsentType
) -> None:
    shown = heron(riverside, events=())
    url = reverse("consent", args=[shown.reference])
    client, field = caseworker(riverside), f"consent_{kind}"
    then, since = datetime.now(UTC) - 3 * DAY, datetime.now(UTC) - DAY
    said = ((then, "consent_recorded", "in_person"), (since, "consent_withdrawn", "telephone"))
    for at, answer, given in said:
        send(client, url, given=given, **{field: answer}, **moment(at))
    with riverside.context():
        events = WaitEvent.objects.filter(referral=shown).order_by("id")[1:]
        assert [(e.code, e.consent_type, e.given) for e in events] == [
            (answer, kind, given) for _, answer, given in said
        ]
        days = [london_date(event.happened_at) for event in events]
        assert days == [london_date(then), london_date(since)]
    standing = {
        line.key: line.value for line in client.get(url, follow=True).context["page"].layers
    }
    assert standing.pop(kind.label).startswith("Withdrew consent on ")
    assert set(standing.values()) == {"Not discussed"}


def test_an_empty_form_of_consent_is_refused(riverside: Acting) -> None:
    shown = heron(riverside)
    url = reverse("consent", args=[shown.reference])
    form = send(caseworker(riverside), url, detail="something").context["form"]
    assert form.errors == {"consent_nrm": ["Choose what they said to at least one of these"]}


@pytest.mark.parametrize("age_group", ["child", "not_sure"])
def test_a_child_is_not_asked(riverside: Acting, age_group: str) -> None:
    shown = heron(riverside, events=(), age_group=age_group)
    client = caseworker(riverside)
    page = client.get(reverse("consent", args=[shown.reference]), follow=True)
    assert not [name for name in page.context["form"].fields if name.startswith("consent")]
    assert page.text.index("The local authority first") < page.text.index("Then the NRM referral")
    door = reverse("record_door", args=[shown.reference, "consent_recorded"])
    answer = client.get(door, follow=True)
    assert "A child is not asked for consent" in answer.text
    listed = client.get(reverse("record_door", args=[shown.reference, "else"]), follow=True).text
    assert "consent_recorded" not in listed


def test_nothing_is_recorded_by_a_consent_sent_for_a_child(riverside: Acting) -> None:
    shown = heron(riverside, events=(), age_group="child")
    client = caseworker(riverside)
    facts = {"key": uuid4(), "version": shown.version, "consent_nrm": "consent_recorded"}
    for name, door in (("consent", []), ("record_door", ["consent_recorded"])):
        client.post(reverse(name, args=[shown.reference, *door]), facts)
    with riverside.context():
        assert WaitEvent.objects.filter(referral=shown).count() == 1


def test_what_was_never_given_is_not_withdrawn(riverside: Acting) -> None:
    shown, client = heron(riverside), caseworker(riverside)
    url = reverse("consent", args=[shown.reference])
    wrong = send(client, url, consent_nrm="consent_withdrawn", consent_police="consent_withdrawn")
    [said] = wrong.context["form"].errors["consent_police"]
    assert said.startswith("No consent is recorded that could be withdrawn: ")
    assert said.endswith("or choose “Does not consent”.")
    door = reverse("record_door", args=[shown.reference, "consent_withdrawn"])
    assert "No consent is recorded" in send(client, door, consent_type="police").text
    with riverside.context():
        assert not WaitEvent.objects.filter(code="consent_withdrawn").exists()
    assert send(client, url, consent_nrm="consent_withdrawn").status_code == 302


def test_a_no_leads_to_what_it_means(riverside: Acting) -> None:
    shown = heron(riverside)
    client = caseworker(riverside)
    for door in ("consent_refused", "consent_withdrawn"):
        url = reverse("record_door", args=[shown.reference, door])
        answer = send(client, url, consent_type="nrm")
        assert answer.url == reverse("did_not_consent", args=[shown.reference])
    page = client.get(answer.url).text
    assert "the way in ends here" in page
    assert "has no Duty to Notify" in page
    url = reverse("record_door", args=[shown.reference, "consent_refused"])
    other = send(client, url, consent_type="police")
    assert other.url == reverse("referral", args=[shown.reference])


@pytest.mark.parametrize(
    ("facts", "refused"),
    [
        ({"age_group": "child"}, True),
        ({"age_group": "not_sure"}, True),
        ({"nation": "scotland"}, True),
        ({}, False),
        ({"nation": "wales"}, False),
    ],
)
def test_a_notification_is_of_adults_in_england_and_wales(
    riverside: Acting, facts: dict[str, str], refused: bool
) -> None:
    at = datetime(2026, 11, 20, 12, tzinfo=UTC)
    shown = referral(riverside, contact=at - DAY, now=at, **facts)
    sent = happening("dtn_submitted", at)
    expected = pytest.raises(NoSuchRoute) if refused else nullcontext()
    with expected:
        record(riverside, shown, sent, now=at)


def test_who_has_the_duty_is_told_until_when(riverside: Acting) -> None:
    with purpose("nrm_register"):
        Organisation.objects.update(duty_to_notify=True)
    shown = heron(riverside)
    client = caseworker(riverside)
    url = reverse("record_door", args=[shown.reference, "consent_refused"])
    page = client.get(send(client, url, consent_type="nrm").url).text
    assert "Riverside Support (fictitious) has the Duty to Notify</strong>, due" in page


@pytest.mark.parametrize("nation", ["scotland", "northern_ireland"])
def test_there_is_no_notification_elsewhere(riverside: Acting, nation: str) -> None:
    shown = refused(riverside, nation=nation)
    client = caseworker(riverside)
    consent = reverse("consent", args=[shown.reference])
    page = client.get(reverse("did_not_consent", args=[shown.reference])).text
    assert "Duty to Notify" not in page
    assert client.get(reverse("duty_to_notify", args=[shown.reference])).url == consent


def test_without_a_no_there_is_nothing_to_notify(riverside: Acting) -> None:
    shown = heron(riverside)
    client = caseworker(riverside)
    for name in ("did_not_consent", "duty_to_notify"):
        answer = client.get(reverse(name, args=[shown.reference]))
        assert answer.url == reverse("consent", args=[shown.reference])


def refused(acting: Acting, **facts: str) -> Referral:
    now = datetime.now(UTC)
    events = [
        happening("indicators_identified", now - 9 * DAY, detail="PLANT-indicator"),
        happening("risk_flag_added", now - 9 * DAY, risk="pregnant", detail="PLANT-risk"),
        happening("consent_recorded", now - 9 * DAY, consent_type="police"),
        happening("consent_refused", now - 8 * DAY, consent_type="nrm", detail="PLANT-why"),
    ]
    return referral(
        acting,
        contact=now - 9 * DAY,
        now=now,
        events=events,
        **({"pseudonym": "Xylophone", "own_reference": "PLANT-own"} | facts),
    )


def test_a_notification_is_noted(riverside: Acting) -> None:
    shown = refused(riverside)
    caseworker(riverside).get(reverse("duty_to_notify", args=[shown.reference]))
    with riverside.context():
        noted = AuditEntry.objects.filter(action=Action.NOTIFICATION_PREPARED)
        assert [entry.referral for entry in noted] == [shown.pk]


def test_agreed_to_the_police_the_form_may_name_them(riverside: Acting) -> None:
    shown = refused(riverside)
    url = reverse("duty_to_notify", args=[shown.reference])
    client = caseworker(riverside)
    assert "They agreed to contact with the police" in client.get(url).text
    no = happening("consent_withdrawn", datetime.now(UTC), consent_type="police")
    record(riverside, shown, no, now=datetime.now(UTC))
    assert "They have not agreed to contact with the police" in client.get(url).text


def test_the_lawful_basis_is_not_the_consent(riverside: Acting) -> None:
    shown = refused(riverside)
    client = caseworker(riverside)
    consent = reverse("consent", args=[shown.reference])
    assert "Not decided yet" in client.get(consent, follow=True).text
    with purpose("nrm_register"):
        Organisation.objects.update(lawful_basis="public_task", special_condition="safeguarding")
    assert "Public task; Safeguarding of children" in client.get(consent, follow=True).text
    url = reverse("basis", args=[shown.reference])
    answer = send(client, url, lawful_basis="vital_interests", special_condition="")
    assert told(answer) == ["Saved."]
    assert "Vital interests" in client.get(consent, follow=True).text
    with riverside.context():
        assert WaitEvent.objects.filter(referral=shown, code="consent_recorded").count() == 1
