"""Who can see this survivor soonest: who is listed, in which order, and why the others are not."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from time import perf_counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nrm_tracker.calendars import london_date
from nrm_tracker.database import purpose
from organisations.actions import Said, say_capacity
from organisations.capacity import Slots
from organisations.models import Capacity, ContactRoute, Membership, Organisation
from referrals.actions import ask_to_take, write_page
from referrals.candidates import Candidate, candidates
from referrals.errors import CannotBeAsked
from referrals.fitting import fit
from referrals.models import Referral, SafeContact
from referrals.needs import Needs, Sought
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting, happening, referral
from tests.referrals.casework import caseworker

pytestmark = pytest.mark.django_db
TODAY = london_date(NOW)  # Monday 23 November 2026
DAY = timedelta(days=1)
DECEMBER = date(2026, 12, 1)
ANYBODY = Slots(number=2, cohort="adult")


def fro(name: str, **facts: object) -> Acting:
    return factories.organisation(name, name.lower(), **({"age_groups": ["adult"]} | facts))


def says(
    acting: Acting,
    *,
    state: str = "open",
    free: date | None = None,
    slots: Sequence[Slots] = (ANYBODY,),
    days_ago: int = 0,
    **said: object,
) -> None:
    said = {"since": TODAY - 20 * DAY, "weekly": tuple(slots), "next_free_on": free} | said
    with acting.context(acting.manager):
        say_capacity(
            said=Said(state=state, **said),
            version=0,
            by=acting.manager,
            now=NOW - days_ago * DAY,
        )


def hers(acting: Acting, *, language: str = "Tigrinya", **facts: object) -> Referral:
    contact = NOW - 4 * DAY
    agreed = happening("consent_recorded", contact, consent_type="sharing")
    made = referral(acting, contact=contact, events=[agreed], **facts)
    with acting.context():
        SafeContact.objects.create(
            referral=made,
            agreed_at=contact,
            recorded_at=contact,
            recorded_by=acting.organisation,
            interpreter=language,
            version=1,
        )
    return made


def found(
    acting: Acting, of: Referral, *, waiting: Iterable[int] = (), sought: Sought | None = None
) -> list[Candidate]:
    with acting.context():
        return candidates(
            of,
            own=acting.organisation.pk,
            waiting=set(waiting),
            now=NOW,
            sought=sought or Sought(),
        )


def names(rows: Iterable[Candidate]) -> list[str]:
    return [str(each.organisation) for each in rows if not each.why_not]


def reasons(rows: Iterable[Candidate]) -> dict[str, str]:
    return {str(each.organisation): each.why_not for each in rows if each.why_not}


# The order


def test_by_next_free_appointment_then_by_needs_then_by_name(northgate: Acting) -> None:
    """Each stands where one thing puts it, against its name."""
    tigrinya = replace(ANYBODY, language="Tigrinya")
    says(fro("Zinnia"), free=DECEMBER - DAY, slots=())  # the first free, though nothing is known
    says(fro("Yarrow"), free=DECEMBER, slots=[tigrinya])  # the same day as the next three: speaks
    says(fro("Willow"), free=DECEMBER)  # with an interpreter, and it is known that it takes adults
    says(fro("Violet", age_groups=[]), free=DECEMBER)  # not known whether
    says(fro("Tansy"), free=DECEMBER + DAY, slots=[tigrinya])
    says(fro("Sorrel"), free=DECEMBER + DAY, slots=[tigrinya])  # the same in all but its name
    says(fro("Rowan"), free=None, slots=[tigrinya])  # not known when: last
    says(fro("Privet"), free=TODAY - DAY, slots=[tigrinya], days_ago=3)  # has passed: not known
    fro("Oak")  # never said anything
    assert names(found(northgate, hers(northgate))) == [
        "Zinnia",
        "Yarrow",
        "Willow",
        "Violet",
        "Sorrel",
        "Tansy",
        "Privet",
        "Rowan",
        "Oak",
    ]


def test_today_is_the_soonest(northgate: Acting) -> None:
    says(fro("Aspen"), free=TODAY + DAY)
    says(fro("Birch"), free=TODAY)
    assert names(found(northgate, hers(northgate))) == ["Birch", "Aspen"]


def test_each_says_in_a_line_why_it_stands_there(northgate: Acting) -> None:
    says(
        fro("Aspen", access="step-free"),
        free=DECEMBER,
        slots=[replace(ANYBODY, language="Tigrinya")],
        days_ago=3,
    )
    says(
        fro("Birch", genders=["women"], age_groups=[]),
        state="limited",
        cause="staff",
        words="Two posts are vacant",
        free=DECEMBER + DAY,
        slots=[Slots(number=1, cohort="child")],
        days_ago=9,
    )
    says(fro("Cedar", languages="Amharic, tigrinya"), free=TODAY - DAY, slots=(), days_ago=4)
    fro("Dogwood")
    lines = {str(each.organisation): each for each in found(northgate, hers(northgate))}
    assert {name: each.why_here for name, each in lines.items()} == {
        "Aspen": "Next free appointment Tuesday 1 December. Takes adults in England. "
        "Speaks Tigrinya. Updated 3 days ago.",
        "Birch": "Next free appointment Wednesday 2 December. Limited room (Too few staff: "
        "\u2068Two posts are vacant\u2069). Not known whether it takes adults. Takes only women "
        "and girls. Names no weekly interviews for adults there. Not known whether it has somebody "
        "for Tigrinya. Updated 9 days ago.",
        "Cedar": "Next free appointment: the one given, Sunday 22 November, has passed. "
        "Takes adults in England. Speaks Tigrinya. Updated 4 days ago.",
        "Dogwood": "It has not said how much room it has. Takes adults in England. Not known "
        "whether it has somebody for Tigrinya.",
    }
    assert {name: each.stale for name, each in lines.items() if each.stale} == {
        "Birch": "Stale: last updated 9 days ago"
    }


# Who is excluded, and why


def test_who_cannot_be_asked_and_why(northgate: Acting) -> None:
    says(fro("Aspen"), free=DECEMBER)
    says(
        fro("Birch", telephone="01632 960123"),
        state="paused",
        cause="leave",
        until=DECEMBER,
        slots=(),
        days_ago=9,
    )
    fro("Cedar", nations=["scotland"])
    fro("Dogwood", age_groups=["child"], genders=["women"])
    waiting = fro("Elder")
    nobody = fro("Fir")
    factories.organisation("Gorse", "gorse", designated=False)
    with purpose("nrm_register"):
        Membership.objects.filter(organisation=nobody.organisation).update(ended_at=NOW)
        ContactRoute.objects.create(
            organisation=nobody.organisation, kind="web", value="fir.example", recorded_at=NOW
        )
    rows = found(northgate, hers(northgate), waiting=[waiting.organisation.pk])
    assert names(rows) == ["Aspen"]
    assert list(reasons(rows)) == ["Birch", "Cedar", "Dogwood", "Elder", "Fir", "Gorse"]
    assert reasons(rows) == {
        "Birch": "Paused since Tuesday 3 November, expected until Tuesday 1 December. Leave or "
        "illness. Updated 9 days ago",
        "Cedar": "It takes nobody in England",
        "Dogwood": "It takes no adults",
        "Elder": "It was asked, and has not answered yet",
        "Fir": "Nobody there uses this product",
        "Gorse": "It is not designated",
    }
    assert [str(each.organisation) for each in rows if each.why_not and each.ring] == [
        "Birch",
        "Fir",
    ]


def test_a_pause_counts_until_it_is_said_to_be_over(northgate: Acting) -> None:
    aspen = fro("Aspen")
    ended = {"cause": "staff", "until": TODAY - 2 * DAY, "slots": ()}
    says(aspen, state="paused", days_ago=10, **ended)
    rows = found(northgate, hers(northgate))
    assert reasons(rows) == {
        "Aspen": "Paused since Tuesday 3 November, expected until Saturday 21 November, which has "
        "passed. Too few staff. Updated 10 days ago"
    }
    assert [each.ring for each in rows] == [False]  # no way of contact is known


def test_who_is_paused_cannot_be_asked_past_the_page_either(northgate: Acting) -> None:
    aspen = fro("Aspen")
    says(aspen, state="paused", cause="staff", slots=())
    of = hers(northgate)
    with northgate.context(), pytest.raises(CannotBeAsked):
        ask_to_take(
            referral=of, organisations=[aspen.organisation], by=northgate.caseworker, now=NOW
        )


NEEDS = Needs(nation="england", age_group="adult")


@pytest.mark.parametrize(
    ("scope", "needs", "outside", "open_"),
    [
        # what is not known excludes nobody
        ({"nations": []}, {}, "", ["Not known whether it takes people in England"]),
        ({"age_groups": []}, {}, "", ["Not known whether it takes adults"]),
        ({}, {"gender": "men"}, "", ["Not known whether it takes men and boys"]),
        (
            {},
            {"exploitation": "servitude"},
            "",
            ["Not known whether it takes people exploited as servants in a household"],
        ),
        ({"genders": ["women"]}, {}, "", ["Takes only women and girls"]),
        (
            {"exploitation": ["labour", "other"]},
            {},
            "",
            [
                "Takes only people exploited at work or for money and people exploited in another "
                "way"
            ],
        ),
        ({"genders": ["women", "men", "other"]}, {}, "", []),
        # who may be a child is taken for neither
        (
            {},
            {"age_group": "not_sure"},
            "",
            ["Not known whether it takes somebody who might be a child"],
        ),
        ({"age_groups": ["adult", "child"]}, {"age_group": "not_sure"}, "", []),
        # what is known does
        ({"nations": ["wales"]}, {}, "It takes nobody in England", []),
        ({"age_groups": ["child"]}, {}, "It takes no adults", []),
        ({}, {"age_group": "child"}, "It takes no children", []),
        ({"genders": ["women"]}, {"gender": "men"}, "It does not take men and boys", []),
        (
            {"exploitation": ["labour"]},
            {"exploitation": "sexual"},
            "It does not take people exploited sexually",
            [],
        ),
        ({"genders": ["women"]}, {"gender": "women"}, "", []),
        # what somebody needs to take part
        (
            {},
            {"support": True},
            "",
            ["Not known whether it has what they need to take part"],
        ),
        ({"access": "step-free"}, {"support": True}, "", []),
    ],
)
def test_whom_an_organisation_takes_by_its_entry(
    scope: dict[str, object], needs: dict[str, object], outside: str, open_: list[str]
) -> None:
    row = Organisation(**({"nations": ["england"], "age_groups": ["adult"]} | scope))
    verdict = fit(row, replace(NEEDS, **needs), slots=())
    assert (verdict.outside, list(verdict.open)) == (outside, open_)


@pytest.mark.parametrize(
    ("text", "slots", "is_met", "words"),
    [
        ("Amharic and Tigrinya", [], True, "Speaks Tigrinya"),
        ("", [replace(ANYBODY, language="tigrinya")], True, "Speaks Tigrinya"),
        ("", [ANYBODY], False, "With an interpreter for Tigrinya"),
        ("Tigre", [], False, "Not known whether it has somebody for Tigrinya"),
        (
            "",
            [replace(ANYBODY, language="Arabic")],
            False,
            "Not known whether it has somebody for Tigrinya",
        ),
        (  # the interviews for others do not count
            "",
            [ANYBODY, replace(ANYBODY, nation="wales", language="Tigrinya")],
            False,
            "With an interpreter for Tigrinya",
        ),
    ],
)
def test_the_language_that_is_offered(
    text: str, slots: list[Slots], is_met: bool, words: str
) -> None:
    row = Organisation(nations=["england"], age_groups=["adult"], languages=text)
    verdict = fit(row, replace(NEEDS, language="Tigrinya"), slots=slots)
    assert words in (verdict.met if is_met else verdict.open)


def test_what_they_need_to_take_part_is_read_from_the_intake(northgate: Acting) -> None:
    fro("Aspen")
    of = hers(northgate, language="")
    with northgate.context():
        write_page(
            referral=of,
            page="speaking",
            answers={"taking_part": "yes", "taking_part_words": "canary-step-free"},
            state="in_progress",
            by=northgate.caseworker,
            now=NOW,
        )
    [aspen] = found(northgate, of)
    assert "Not known whether it has what they need to take part" in aspen.why_here
    assert "canary" not in aspen.why_here


# Nothing of them leaves; and it is quick


def test_looking_writes_nothing(northgate: Acting) -> None:
    fro("Aspen")
    of = hers(northgate)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found(northgate, of, sought=Sought(gender="men"))
    written = [q["sql"] for q in asked if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert written == []


def many(number: int) -> None:
    """So many that fit, with rows as their managers would have made them."""
    for n in range(number):
        acting = fro(f"Org{n:02}", telephone="01632 960123", languages="Arabic, Amharic")
        says(acting, free=TODAY + (n % 9) * DAY, slots=[ANYBODY, ANYBODY], days_ago=n % 12)


def test_the_same_number_of_queries_for_one_and_for_many(northgate: Acting) -> None:
    of, counts = hers(northgate), []
    for number in (1, 12):
        many_more = number - Capacity.objects.count()
        many(many_more) if not counts else _more(many_more)
        with CaptureQueriesContext(connection) as asked:
            rows = found(northgate, of)
        assert len(names(rows)) == number
        counts.append(len(asked))
    assert counts == [10, 10]


def _more(number: int) -> None:
    for n in range(number):
        says(fro(f"More{n}"), free=DECEMBER)


def test_sixty_are_ranked_well_within_the_third_of_a_second(northgate: Acting) -> None:
    many(60)
    of = hers(northgate)
    found(northgate, of)
    took = []
    for _ in range(5):
        began = perf_counter()
        rows = found(northgate, of)
        took.append(perf_counter() - began)
    assert len(names(rows)) == 60
    assert min(took) < 0.3, took


# The page


@pytest.mark.usefixtures("at_now")
def test_the_page_lists_them_and_a_second_look_narrows_it(northgate: Acting) -> None:
    says(fro("Aspen", genders=["women"], takes="Women <over> 18"), free=DECEMBER, days_ago=9)
    says(fro("Birch", genders=["women", "men", "other"]), free=DECEMBER + DAY)
    says(fro("Cedar", telephone="01632 960123"), state="paused", cause="staff", slots=())
    of = hers(northgate)
    ash, url = caseworker(northgate), f"/referrals/{of.reference}/hand-over/"
    page = ash.get(url, follow=True)
    shown = page.text
    assert shown.index("Aspen") < shown.index("Birch")
    assert "Stale: last updated 9 days ago. Next free appointment Tuesday 1 December." in shown
    assert "Women &lt;over&gt; 18" in shown
    assert "Paused since Tuesday 3 November. Too few staff. Updated today." in shown
    assert 'href="/organisations/cedar/#contact"' in shown
    narrowed = ash.post(page.request["PATH_INFO"], {"gender": "men"})
    rows = narrowed.context["page"]
    assert [str(each.organisation) for each in rows.possible] == ["Birch"]
    assert reasons(rows.excluded)["Aspen"] == "It does not take men and boys"
    assert narrowed.context["form"].is_bound is False
    assert "men" not in narrowed.request["QUERY_STRING"]
