"""Logging a referral: quick, safe, once, and with the events that the answers imply."""

import re
import threading
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from nrm_tracker.calendars import LONDON, london_date, noon
from nrm_tracker.database import purpose
from organisations.models import Membership
from referrals.actions import agreed_terms, end_link
from referrals.models import DelayFlag, Link, OutboxMessage, Referral, Submission, WaitEvent
from referrals.pseudonyms import REFUSAL
from tests import factories
from tests.support import signed_in_client

NEW = "/referrals/new/"
LINE = "0800 808 3733"


@pytest.fixture
def browser(riverside: factories.Acting, northgate: factories.Acting) -> Client:
    factories.referral(northgate, contact=timezone.now() - timedelta(days=9), pseudonym="Plover")
    return signed_in_client(riverside.caseworker.user)


def answers(**more: object) -> dict[str, object]:
    """The least that must be answered."""
    return {
        "key": str(uuid4()),
        "pseudonym": "Heron",
        "age_group": "adult",
        "nation": "england",
    } | more


def asked_at(moment: datetime) -> dict[str, str]:
    local = moment.astimezone(LONDON)
    return {
        "first_contact_0": str(local.day),
        "first_contact_1": str(local.month),
        "first_contact_2": str(local.year),
        "first_contact_3": f"{local:%H:%M}",
    }


def opened(acting: factories.Acting) -> Referral:
    with acting.context():
        return Referral.objects.get()


def events(acting: factories.Acting) -> list[tuple[str, str]]:
    with acting.context():
        return list(WaitEvent.objects.order_by("id").values_list("code", "risk"))


def errors(browser: Client, **more: object) -> dict[str, list[str]]:
    response = browser.post(NEW, answers(**more))
    assert response.status_code == 200
    return dict(response.context["form"].errors)


def test_whom_to_ring_stands_on_the_page_before_anything_is_saved(browser: Client) -> None:
    page = browser.get(NEW, follow=True).text
    assert 'href="tel:999"' in page
    assert LINE in page
    assert "nobody is named" in page
    assert page.index(LINE) < page.index('name="pseudonym"')


def test_who_is_on_call_is_named(db: None) -> None:
    acting = factories.organisation("Heath (fictitious)", "heath", on_call="Duty lead, ext. 4")
    assert (
        "Duty lead, ext. 4" in signed_in_client(acting.caseworker.user).get(NEW, follow=True).text
    )


@pytest.mark.parametrize(
    ("more", "shown"),
    [({}, False), ({"danger": "yes"}, True), ({"still_in_exploitation": "yes"}, True)],
)
def test_whom_to_ring_stands_on_the_next_page_of_who_is_in_danger(
    browser: Client, more: dict[str, str], shown: bool
) -> None:
    page = browser.post(NEW, answers(**more), follow=True).text
    assert ('href="tel:999"' in page) is shown


def test_who_is_on_call_is_rung_by_pressing_the_number(db: None) -> None:
    on_call = "Lee <duty> 07700 900 123, else +44 20 7946 0000 ext. 4"
    acting = factories.organisation("Heath (fictitious)", "heath", on_call=on_call)
    page = signed_in_client(acting.caseworker.user).get(NEW, follow=True).text
    assert (
        'Lee &lt;duty&gt; <a class="govuk-link" href="tel:07700900123">07700 900 123</a>, else '
        '<a class="govuk-link" href="tel:+442079460000">+44 20 7946 0000</a> ext. 4'
    ) in page


def test_four_answers_open_a_referral(browser: Client, riverside: factories.Acting) -> None:
    response = browser.post(NEW, answers(channel="telephone"))
    referral = opened(riverside)
    assert response.url == f"/referrals/{referral.reference}/opened/"
    assert (referral.pseudonym, referral.age_group, referral.nation) == (
        "Heron",
        "adult",
        "england",
    )
    assert referral.assigned_to_id == riverside.caseworker.user_id
    with riverside.context():
        assert agreed_terms(referral) is None
    assert events(riverside) == [("initial_contact", ""), ("indicators_identified", "")]


def test_the_offered_word_is_filled_in_and_others_stand_beside_it(browser: Client) -> None:
    field = browser.get(NEW, follow=True).context["form"].fields["pseudonym"]
    others = field.help_text.partition(" Or: ")[2].rstrip(".").split(", ")
    assert len({field.initial, *others}) == 4
    assert browser.post(NEW, answers(pseudonym=field.initial)).status_code == 302


def test_an_unclear_case_has_no_signs_yet(browser: Client, riverside: factories.Acting) -> None:
    browser.post(NEW, answers(unclear="on"))
    assert events(riverside) == [("initial_contact", "")]


def test_risks_are_recorded_and_the_screen_waits_for_every_urgent_answer(
    browser: Client, riverside: factories.Acting
) -> None:
    browser.post(NEW, answers(still_in_exploitation="yes", risks=["destitute"], danger="no"))
    assert events(riverside) == [
        ("initial_contact", ""),
        ("indicators_identified", ""),
        ("risk_flag_added", "still_in_exploitation"),
        ("risk_flag_added", "destitute"),
    ]
    assert opened(riverside).risks == ["destitute", "still_in_exploitation"]


def test_with_every_urgent_risk_answered_the_safety_screen_is_done(
    browser: Client, riverside: factories.Acting
) -> None:
    browser.post(
        NEW,
        answers(
            still_in_exploitation="no",
            trafficker_contact_within_week="no",
            suicide_or_self_harm_risk="yes",
        ),
    )
    assert events(riverside)[2:] == [
        ("risk_flag_added", "suicide_or_self_harm_risk"),
        ("immediate_safety_checked", ""),
    ]


def test_what_was_asked_first_is_kept_with_the_first_contact(
    browser: Client, riverside: factories.Acting
) -> None:
    browser.post(NEW, answers(danger="yes", free_to_talk="no"))
    with riverside.context():
        first = WaitEvent.objects.get(code="initial_contact")
    assert first.detail == "In danger now: yes. Alone and free to talk: no."


def test_answers_of_today_belong_to_the_call_and_of_an_earlier_day_to_now(
    browser: Client, riverside: factories.Acting
) -> None:
    before = noon(london_date(timezone.now() - timedelta(days=30)))
    browser.post(NEW, answers(**asked_at(before), still_in_exploitation="yes"))
    with riverside.context():
        at = dict(WaitEvent.objects.values_list("code", "happened_at"))
    assert at["initial_contact"] == at["indicators_identified"]
    assert at["initial_contact"] == before
    assert timezone.now() - at["risk_flag_added"] < timedelta(minutes=5)


def test_first_contact_long_ago_is_delayed_at_once_and_tells_nobody(
    browser: Client, riverside: factories.Acting
) -> None:
    browser.post(NEW, answers(**asked_at(timezone.now() - timedelta(days=30)), age_group="child"))
    with riverside.context():
        standing = DelayFlag.objects.standing()
        assert standing.filter(rule="child-la-referral", told="at_once").count() == 1
        assert OutboxMessage.objects.count() == 0


def test_a_limit_passed_an_hour_ago_tells_somebody(
    browser: Client, riverside: factories.Acting
) -> None:
    browser.post(NEW, answers(**asked_at(timezone.now() - timedelta(hours=25)), age_group="child"))
    with riverside.context():
        [flag] = DelayFlag.objects.standing().filter(told="at_once")
        assert [m.flag_id for m in OutboxMessage.objects.all()] == [flag.pk]


@pytest.mark.parametrize(
    "word", ["Sarah", "Heron Sarah", "Heron Heron", "Heron Birch Slate", "<b>"]
)
def test_a_word_that_is_not_offered_is_refused(
    browser: Client, riverside: factories.Acting, word: str
) -> None:
    assert errors(browser, pseudonym=word) == {"pseudonym": [REFUSAL]}
    with riverside.context():
        assert Referral.objects.count() == 0


def test_a_word_in_use_is_refused_until_its_referral_is_closed(
    browser: Client, riverside: factories.Acting
) -> None:
    now = timezone.now()
    referral = factories.referral(riverside, contact=now - timedelta(days=3), pseudonym="Heron")
    assert "pseudonym" in errors(browser)
    closed = factories.happening("closed", now - timedelta(days=1))
    factories.record(riverside, referral, closed, now=now)
    assert browser.post(NEW, answers()).status_code == 302


def test_another_organisations_words_are_free(browser: Client) -> None:
    assert browser.post(NEW, answers(pseudonym="plover")).status_code == 302


@pytest.mark.parametrize(
    "text",
    ["07700 900123", "+44 (0)7700 900 123", "ring 0207-946-0018", "07700-900123", "a@b.example"],
)
def test_a_number_or_address_is_not_kept(browser: Client, text: str) -> None:
    refused = errors(browser, call_back="yes", call_when=text)
    assert refused["call_when"][0].startswith("Do not enter a number here")


@pytest.mark.parametrize(
    "text", ["Mon-Fri 10:00-15:00", "9.30-12.30", "0900-1730", "after 8pm, not 13 April 2026"]
)
def test_days_and_hours_may_be_said(
    browser: Client, riverside: factories.Acting, text: str
) -> None:
    browser.post(NEW, answers(call_back="yes", call_when=text, voicemail_is_safe="on"))
    referral = opened(riverside)
    with riverside.context():
        terms = agreed_terms(referral)
    assert (terms.in_words, set(terms.safe)) == (text, {"telephone", "voicemail"})


def test_times_to_call_need_the_yes_to_a_call(browser: Client) -> None:
    assert errors(browser, call_when="mornings") == {
        "call_back": ["Choose yes if they agreed to be called back"]
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"pseudonym": "He\x00ron"},
        {"pseudonym": "x" * 100_000},
        {"call_back": "yes", "call_when": "x" * 100_000},
        {"nation": "atlantis"},
        {"age_group": "\x00"},
        {"risks": ["\x00", "destitute"]},
        {"still_in_exploitation": "maybe"},
        {"first_contact_0": "31", "first_contact_1": "2", "first_contact_2": "2026"},
        {"first_contact_0": "1", "first_contact_1": "1", "first_contact_2": "9999"},
        {"first_contact_0": "1\x00", "first_contact_1": "1", "first_contact_2": "2026"},
        {"key": "not a key"},
        {"key": ""},
    ],
)
def test_hostile_input_is_an_error_on_the_form(
    browser: Client, riverside: factories.Acting, wrong: dict[str, object]
) -> None:
    assert errors(browser, **wrong)
    with riverside.context():
        assert Referral.objects.count() == 0


def test_nothing_typed_is_lost_on_an_error(browser: Client) -> None:
    sent = answers(call_back="yes", call_when="mornings", nation="")
    page = browser.post(NEW, sent)
    assert page.text.startswith("<!DOCTYPE html>")
    assert "<title>Error: " in page.text
    assert 'value="mornings"' in page.text
    assert f'value="{sent["key"]}"' in page.text


def test_pressing_twice_makes_one_referral(browser: Client, riverside: factories.Acting) -> None:
    sent = answers()
    first, second = browser.post(NEW, sent), browser.post(NEW, sent)
    assert first.url == second.url == f"/referrals/{opened(riverside).reference}/opened/"
    assert len(events(riverside)) == 2


def test_a_second_request_follows_the_first(browser: Client, riverside: factories.Acting) -> None:
    earlier = factories.referral(
        riverside, contact=timezone.now() - timedelta(days=90), nation="wales", pseudonym="Slate"
    )
    address = f"{NEW}?follows={earlier.reference.lower()}"
    page = browser.get(address, follow=True)
    assert page.context["form"]["nation"].value() == "wales"
    browser.post(address, answers())
    with riverside.context():
        assert Referral.objects.get(follows=earlier).pseudonym == "Heron"


def test_who_asks_again_is_linked_with_the_first_request(
    browser: Client, riverside: factories.Acting
) -> None:
    contact = timezone.now() - timedelta(days=40)
    earlier = factories.referral(riverside, contact=contact, pseudonym="Slate")
    for _ in range(2):
        address = f"{NEW}?follows={earlier.reference}"
        browser.post(address, answers(key="5f0c2a52-7a0f-4a55-9f0a-0d8f3ab1c9de"))
    with riverside.context():
        made = Referral.objects.get(follows=earlier)
        [link] = Link.objects.all()
        assert (link.kind, link.referral, link.other) == ("same", earlier, made)
        end_link(link=link, by=riverside.caseworker, now=timezone.now())
        assert not Referral.objects.filter(follows=earlier).exists()


@pytest.mark.parametrize(
    ("relation", "ends"), [("child", ("Slate", "Heron")), ("parent", ("Heron", "Slate"))]
)
def test_somebody_of_a_family_is_logged_beside_the_other(
    browser: Client, riverside: factories.Acting, relation: str, ends: tuple[str, str]
) -> None:
    mother = factories.referral(
        riverside, contact=timezone.now() - timedelta(days=4), pseudonym="Heron"
    )
    address = f"{NEW}?beside={mother.reference}&as={relation}"
    assert "This person is linked with" in browser.get(address, follow=True).text
    browser.post(address, answers(pseudonym="Slate"))
    with riverside.context():
        [link] = Link.objects.all()
        kin = (link.referral.pseudonym, link.other.pseudonym)
        assert (link.kind, link.danger, kin) == ("child", "", ends)


def test_nobody_is_logged_beside_what_one_may_not_see(
    browser: Client, riverside: factories.Acting, northgate: factories.Acting
) -> None:
    with northgate.context():
        theirs = Referral.objects.get()
    for reference in (theirs.reference, "R-7777-7777", "x"):
        address = f"{NEW}?beside={reference}&as=child"
        assert browser.get(address).status_code == 404
        assert browser.post(address, answers()).status_code == 404
    with riverside.context():
        assert not Referral.objects.exists()


@pytest.mark.parametrize("follows", ["R-7777-7777", "x", "%00", "R-7777-7777%00", ""])
def test_following_what_is_not_there_is_not_found(browser: Client, follows: str) -> None:
    assert browser.get(f"{NEW}?follows={follows}").status_code == 404
    assert browser.post(f"{NEW}?follows={follows}", answers()).status_code == 404


def test_another_organisations_referral_cannot_be_followed(
    browser: Client, northgate: factories.Acting
) -> None:
    with northgate.context():
        theirs = Referral.objects.get()
    assert browser.post(f"{NEW}?follows={theirs.reference}", answers()).status_code == 404
    assert browser.get(f"/referrals/{theirs.reference}/opened/").status_code == 404


def test_the_saved_page_says_what_to_do_until_when_and_who_acts(
    browser: Client, riverside: factories.Acting
) -> None:
    response = browser.post(NEW, answers(age_group="child"), follow=True)
    reference = opened(riverside).reference
    page = response.text
    assert f'<h1 class="govuk-panel__title">{reference}</h1>' in page
    assert "Do these two things" in page
    assert "Local authority told" in page
    assert "Safety screen" in page
    assert re.search(r"tomorrow at \d\d:\d\d", page)
    assert "Heron" not in re.search(r"<title>(.*?)</title>", page, re.S)[1]


def test_the_administrator_logs_nothing(db: None) -> None:
    assert signed_in_client(factories.administrator().user).get(NEW).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_four_presses_at_once_make_one_referral() -> None:
    acting = factories.organisation("Riverside Support (fictitious)", "riverside")
    browsers = [signed_in_client(acting.caseworker.user) for _ in range(4)]
    sent, ready, urls = answers(), threading.Barrier(4), []

    def press(browser: Client) -> None:
        ready.wait()
        urls.append(browser.post(NEW, sent).url)
        connections.close_all()

    threads = [threading.Thread(target=press, args=[browser]) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with acting.context():
        [referral] = Referral.objects.all()
        assert Submission.objects.get().referral_id == referral.pk
    assert urls == [f"/referrals/{referral.reference}/opened/"] * 4


def test_a_form_opened_for_another_organisation_lands_nowhere(
    browser: Client, riverside: factories.Acting, northgate: factories.Acting
) -> None:
    act_for_both(riverside, northgate)
    browser.post("/act-for/", {"organisation": riverside.organisation.pk})
    form = browser.get(NEW, follow=True).context["form"]
    sent = answers(acting_for=form["acting_for"].value())
    browser.post("/act-for/", {"organisation": northgate.organisation.pk})
    refused = browser.post(NEW, sent)
    assert "opened this form for another organisation" in str(refused.context["form"].errors)
    browser.post("/act-for/", {"organisation": riverside.organisation.pk})
    assert browser.post(NEW, sent).status_code == 302
    assert opened(riverside).pseudonym == "Heron"
    assert opened(northgate).pseudonym == "Plover"


def test_a_key_that_another_organisation_used_is_refused(
    browser: Client, riverside: factories.Acting, northgate: factories.Acting
) -> None:
    act_for_both(riverside, northgate)
    sent = answers()
    browser.post("/act-for/", {"organisation": riverside.organisation.pk})
    browser.post(NEW, sent)
    browser.post("/act-for/", {"organisation": northgate.organisation.pk})
    refused = browser.post(NEW, sent)
    assert "sent already" in str(refused.context["form"].errors)


def act_for_both(riverside: factories.Acting, northgate: factories.Acting) -> None:
    with purpose("nrm_register"):
        Membership.objects.create(
            user=riverside.caseworker.user,
            organisation=northgate.organisation,
            role="caseworker",
            started_at=factories.LONG_AGO,
        )
