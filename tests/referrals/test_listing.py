"""The worklist: what each filter chooses, pages that lose nobody, and headings that say it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from referrals.actions import take_up_delay
from referrals.forms.filters import WorklistForm
from referrals.models import Delay, Referral, TakenUp
from referrals.pages import listing as pages
from referrals.pages.listing import Listing, listing
from tests import factories
from tests.conftest import NOW, Lasting
from tests.support import signed_in_client

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def opened(acting: factories.Acting, word: str, since: timedelta, **facts: Any) -> Referral:
    contact = NOW - since
    events = [factories.happening("immediate_safety_checked", contact), *facts.pop("events", [])]
    return factories.referral(
        acting, contact=contact, now=NOW, pseudonym=word, events=events, **facts
    )


@pytest.fixture(scope="module")
def lasting_world(lasting: Lasting) -> Iterator[list[factories.Acting]]:
    with lasting(seven_people) as made:
        yield made


@pytest.fixture
def here(lasting_world: list[factories.Acting], db: None) -> factories.Acting:
    return lasting_world[0]


@pytest.fixture
def northgate(lasting_world: list[factories.Acting], db: None) -> factories.Acting:
    return lasting_world[1]


@pytest.fixture
def harbour(db: None) -> factories.Acting:
    return factories.organisation("Harbour Project (fictitious)", "harbour")


def seven_people() -> list[factories.Acting]:
    """Of Riverside, each unlike the others, and their like at Northgate."""
    riverside = factories.organisation("Riverside Support (fictitious)", "riverside")
    northgate = factories.organisation("Northgate Trust (fictitious)", "northgate")
    for acting in (northgate, riverside):
        happening = factories.happening
        opened(acting, "Heron", 61 * DAY, own_reference="RS-7")
        known = opened(acting, "Larch", 40 * DAY, nation="wales")
        risk = happening("risk_flag_added", NOW - 20 * DAY, risk="pregnant")
        opened(acting, "Slate", 20 * DAY, events=[risk], nation="scotland")
        opened(acting, "Puffin", 2 * DAY, age_group="not_sure")
        sent = happening("referral_submitted", NOW - 30 * DAY, submitted_by=acting.organisation)
        opened(acting, "Tweed", 35 * DAY, events=[sent])
        opened(acting, "Quartz", 90 * DAY, events=[happening("closed", NOW - 50 * DAY)])
        no = happening("consent_refused", NOW - 3 * DAY, consent_type="nrm")
        opened(acting, "Elm", 3 * DAY, events=[no])
        with acting.context():
            Referral.objects.filter(pseudonym="Elm").update(
                assigned_to=None, next_deadline_at=None, assessment_failed_at=NOW
            )
            take_up_delay(
                delay=Delay.objects.get(referral=known, rule="entry-wait"),
                reason=TakenUp.Reason.FRO_CAPACITY,
                action="Rang two more.",
                review_on=(NOW + 5 * DAY).date(),
                by=acting.caseworker,
                now=NOW,
            )
    return [riverside, northgate]


def found(acting: factories.Acting, **filters: str) -> tuple[str, Listing]:
    with acting.context():
        form = WorklistForm(filters, membership=acting.caseworker)
        assert form.is_valid(), form.errors
        result = listing(acting.caseworker, chosen=form.cleaned_data, now=NOW)
        return form.in_words(result.number), result


def names(acting: factories.Acting, **filters: str) -> list[str]:
    heading, result = found(acting, **filters)
    assert heading.startswith(f"{result.number} ")
    return [row.pseudonym for row in result.rows]


OPEN = ["Heron", "Larch", "Tweed", "Slate", "Elm", "Puffin"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, OPEN),
        ({"state": "open"}, OPEN),
        ({"state": "closed"}, ["Quartz"]),
        ({"state": "all"}, ["Quartz", *OPEN]),
        ({"submitted": "yes"}, ["Tweed"]),
        ({"state": "open", "submitted": "no"}, ["Heron", "Larch", "Slate", "Elm", "Puffin"]),
        ({"clock": "none"}, ["Elm"]),
        ({"failed": "1"}, ["Elm"]),
        ({"attention": "owned"}, ["Larch"]),
        ({"attention": "owned", "ringing": "1"}, ["Larch"]),
        ({"attention": "new", "ringing": "1"}, ["Heron", "Slate", "Puffin"]),
        ({"attention": "needed", "ringing": "1", "rule": "entry-wait"}, ["Heron"]),
        ({"attention": "due"}, []),
        ({"severity": "critical"}, ["Heron", "Puffin"]),
        ({"stage": "entry"}, ["Heron", "Larch", "Slate"]),
        ({"stage": "decision"}, []),
        ({"rule": "entry-wait-at-risk"}, ["Slate"]),
        ({"cause": "fro_capacity"}, ["Larch"]),
        ({"waits_on": "home_office"}, ["Tweed"]),
        ({"nation": "wales"}, ["Larch"]),
        ({"nation": "wales", "risk": "1"}, []),
        ({"risk": "1"}, ["Slate"]),
        ({"age": "child"}, ["Puffin"]),
        ({"age": "adult"}, ["Heron", "Larch", "Tweed", "Slate", "Elm"]),
        ({"caseworker": "none"}, ["Elm"]),
        ({"caseworker": "me"}, ["Heron", "Larch", "Tweed", "Slate", "Puffin"]),
        ({"since": "2026-10"}, ["Larch", "Tweed"]),
        ({"since": "2026-08"}, ["Quartz"]),
        ({"due_within_days": "1"}, ["Puffin"]),
    ],
)
def test_each_filter_chooses(
    here: factories.Acting, filters: dict[str, str], expected: list[str]
) -> None:
    assert names(here, **filters) == expected


def test_a_reference_is_found_however_it_is_typed(here: factories.Acting) -> None:
    reference = reference_of(here, "Slate")
    for typed in (
        reference,
        reference.lower(),
        reference.replace("-", " "),
        reference[:1] + reference[2:],
    ):
        assert called(here, typed) == [reference]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("heron", ["Heron"]), ("Her", []), ("rs-7", ["Heron"]), ("quartz", ["Quartz"])],
)
def test_one_is_found_by_word_or_own_reference(
    here: factories.Acting, typed: str, expected: list[str]
) -> None:
    assert called(here, typed) == [reference_of(here, word) for word in expected]


def test_what_is_searched_for_stands_in_no_address(browser: Client, here: factories.Acting) -> None:
    reference = reference_of(here, "Slate")
    assert browser.post("/referrals/", {"q": "slate"}).url == f"/referrals/{reference}/"
    opened(here, "Slate", DAY)
    several = browser.post("/referrals/", {"q": "slate"})
    assert several.url.startswith(f"/referrals/?found={reference}%2CR-")
    page = browser.get(several.url).text
    assert "2 referrals, found" in page
    unknown = browser.post("/referrals/", {"q": "nobody"})
    assert "Nobody of yours is found by this" in unknown.text
    assert 'value="nobody"' in unknown.text


def reference_of(acting: factories.Acting, word: str) -> str:
    with acting.context():
        return Referral.objects.filter(pseudonym=word).order_by("id")[0].reference


def called(acting: factories.Acting, typed: str) -> list[str]:
    with acting.context():
        return pages.references_of(typed, membership=acting.caseworker)


def test_another_organisations_reference_is_not_found(
    here: factories.Acting, northgate: factories.Acting
) -> None:
    with northgate.context():
        theirs = Referral.objects.get(pseudonym="Slate").reference
    assert called(here, theirs) == []
    assert names(here, found=theirs) == []
    assert names(here, after=theirs) == OPEN


def test_a_person_of_another_organisation_is_no_caseworker_here(
    here: factories.Acting, northgate: factories.Acting
) -> None:
    theirs = str(northgate.caseworker.user_id)
    with here.context():
        form = WorklistForm({"caseworker": theirs}, membership=here.caseworker)
        assert not form.is_valid()


@pytest.mark.parametrize(
    ("filters", "heading"),
    [
        ({}, "6 open referrals"),
        ({"nation": "wales"}, "1 open referral, Wales"),
        ({"risk": "1", "nation": "england"}, "0 open referrals, England, at risk"),
        (
            {"attention": "new", "ringing": "1"},
            "3 referrals, a delay that nobody has taken up, asking for somebody now",
        ),
        ({"since": "2026-10"}, "2 referrals, first contact in October 2026"),
        ({"rule": "entry-wait"}, "2 referrals, delayed: Way in"),
        ({"due_within_days": "5"}, "1 open referral, next limit within 5 days"),
        ({"found": "R-2222-2222"}, "0 referrals, found"),
    ],
)
def test_the_heading_repeats_the_number_and_the_filter(
    here: factories.Acting, filters: dict[str, str], heading: str
) -> None:
    assert found(here, **filters)[0] == heading


def test_a_row_says_how_long_and_what_is_worst(here: factories.Acting) -> None:
    rows = {row.pseudonym: row for row in found(here, state="all")[1].rows}
    assert (rows["Heron"].waited, rows["Heron"].delay, rows["Heron"].severity) == (
        "61 days",
        "Way in: 61 of 56 days",
        "critical",
    )
    assert rows["Heron"].attention == "Nobody has taken this up"
    assert rows["Larch"].attention == "Taken up"
    assert (rows["Slate"].about, rows["Slate"].responsible) == (
        "at risk: pregnant",
        "Ash Caseworker",
    )
    assert (rows["Tweed"].waited, rows["Tweed"].severity) == ("5 days", "info")
    assert rows["Tweed"].attention == ""
    assert rows["Puffin"].about == "Might be a child"
    assert (rows["Quartz"].waited, rows["Quartz"].about) == ("40 days", "closed")
    assert rows["Elm"].responsible == "Nobody"


def test_a_row_shows_the_delay_that_was_asked_for(here: factories.Acting) -> None:
    [row] = found(here, rule="lost-contact", found=reference_of(here, "Heron"))[1].rows
    assert row.delay == "Contact: 61 of 28 days"


@pytest.fixture
def pages_of_two(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(pages, "PAGE", 2)
    return


@pytest.mark.usefixtures("pages_of_two")
def test_pages_follow_one_another_and_lose_nobody(here: factories.Acting) -> None:
    seen, after = [], ""
    while True:
        result = found(here, after=after)[1]
        assert result.number == 6
        assert result.more_before == bool(after)
        seen.append([row.pseudonym for row in result.rows])
        if not result.more_after:
            break
        after = result.last
    assert seen == [OPEN[:2], OPEN[2:4], OPEN[4:]]
    back = found(here, before=result.first)[1]
    assert [row.pseudonym for row in back.rows] == OPEN[2:4]
    assert (back.more_before, back.more_after) == (True, True)
    first = found(here, before=back.first)[1]
    assert [row.pseudonym for row in first.rows] == OPEN[:2]
    assert (first.more_before, first.more_after) == (False, True)


@pytest.mark.usefixtures("pages_of_two")
def test_people_of_the_same_instant_are_all_paged_through(harbour: factories.Acting) -> None:
    for word in ("Ash 1", "Ash 2", "Ash 3", "Ash 4", "Ash 5"):
        opened(harbour, word, 5 * DAY)
    seen: list[str] = []
    for _ in range(3):
        rows = found(harbour, after=after_last(harbour, seen))[1].rows
        seen += [row.pseudonym for row in rows]
    assert seen == ["Ash 1", "Ash 2", "Ash 3", "Ash 4", "Ash 5"]


def after_last(acting: factories.Acting, seen: list[str]) -> str:
    with acting.context():
        return Referral.objects.get(pseudonym=seen[-1]).reference if seen else ""


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow_with_the_rows(
    harbour: factories.Acting, django_assert_num_queries: Any, number: int
) -> None:
    for n in range(number):
        opened(harbour, f"Heron {n}", 61 * DAY)
    with harbour.context():
        form = WorklistForm({"attention": "new"}, membership=harbour.caseworker)
        assert form.is_valid()
        with django_assert_num_queries(LISTING):
            result = listing(harbour.caseworker, chosen=form.cleaned_data, now=NOW)
    assert len(result.rows) == number


LISTING = 11


@pytest.fixture
def browser(here: factories.Acting) -> Client:
    return signed_in_client(here.caseworker.user)


@pytest.mark.parametrize(
    "query",
    [
        "nation=mars",
        "found=%00",
        "found=" + "x" * 5000,
        "found=heron",
        "since=2026-13",
        "since=0000-01",
        "since=%D9%A2%D9%A0%D9%A2%D9%A6-01",
        "since=2026-4",
        "due_within_days=-1",
        "due_within_days=99999999999999999999",
        "after=R-7777-777%00",
        "after=x",
        "caseworker=%00",
        "caseworker=1e9",
        "state=%00",
        "attention=nobody",
    ],
)
def test_a_filter_that_is_not_there_is_an_error_and_lists_nobody(
    browser: Client, query: str
) -> None:
    page = browser.get(f"/referrals/?{query}")
    assert page.status_code == 200
    assert "<title>Error: " in page.text
    assert "Heron" not in page.text


@pytest.mark.parametrize("query", ["", "page=2", "nation=&found=", "state=open", "nation=wales"])
def test_what_fits_is_shown_and_nobody_elses(
    browser: Client, northgate: factories.Acting, query: str
) -> None:
    page = browser.get(f"/referrals/?{query}").text
    assert "Larch" in page
    with northgate.context():
        assert not [r for r in Referral.objects.all() if r.reference in page]


def test_a_filter_that_a_link_brought_is_kept_and_the_page_is_not(browser: Client) -> None:
    page = browser.get("/referrals/?clock=none&ringing=&after=").text
    assert 'name="clock" value="none"' in page
    assert 'name="ringing"' not in page
    assert 'name="after"' not in page


@pytest.mark.usefixtures("pages_of_two")
def test_the_next_page_keeps_the_filters(browser: Client) -> None:
    page = browser.get("/referrals/?age=adult&nation=").text
    assert 'href="?age=adult&amp;after=R-' in page


def test_a_list_that_fits_nobody_says_so(browser: Client) -> None:
    assert "No referral fits" in browser.get("/referrals/?found=R-2222-2222").text


def test_risks_stand_from_being_added_until_removed_or_housed(
    harbour: factories.Acting,
) -> None:
    happening = factories.happening
    risks = ("destitute", "street_homeless", "pregnant", "detained")
    events = [happening("risk_flag_added", NOW - 5 * DAY, risk=risk) for risk in risks]
    events.append(happening("risk_flag_removed", NOW - 4 * DAY, risk="detained"))
    referral = opened(harbour, "Heron", 9 * DAY, events=events)
    assert referral.risks == ["destitute", "pregnant", "street_homeless"]
    housed = happening("emergency_support_started", NOW - DAY, outcome="housed")
    factories.record(harbour, referral, housed, now=NOW)
    with harbour.context():
        assert Referral.objects.get().risks == ["pregnant"]
