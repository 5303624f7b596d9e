"""The pictures of the guides: whose screen each shows, the way there, and which part of it.

They are taken of the demonstration at one fixed instant. A way that cannot be gone any more fails,
whether or not the picture is kept; `make guides` keeps them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import FloatRect, Locator

from nrm_tracker.ui.guides import FOLDER, PICTURES
from tests.conftest import NOW
from tests.journeys.person import Person

WIDTH = 860
MARGIN = 12
ASH, BAY, COVE, MOOR = (
    "caseworker@riverside.example",
    "manager@riverside.example",
    "lead@riverside.example",
    "administrator@register-desk.example",
)
# As the page does it when the sign-in is about to end.
KEEP = """async () => {
  const form = document.querySelector("main form[method=post]");
  const url = document.querySelector("[data-session]").dataset.keep;
  await fetch(`${url}?path=${location.pathname}`, { method: "POST", body: new FormData(form) });
}"""
REFERENCES = Mapping[str, str]  # by the word for the person
Part = FloatRect
Way = Callable[[Person, REFERENCES], Part]


@dataclass(frozen=True)
class Picture:
    who: str
    way: Way
    width: int
    folder: Path


WAYS: dict[str, Picture] = {}


def shows(
    who: str = ASH, *, width: int = WIDTH, folder: Path = FOLDER / PICTURES
) -> Callable[[Way], Way]:
    """The picture is called as its function is."""

    def keep(way: Way) -> Way:
        WAYS[way.__name__.replace("_", "-")] = Picture(who, way, width, folder)
        return way

    return keep


def cut(person: Person, first: Locator, last: Locator | None = None, *, most: int = 620) -> Part:
    """The page's column from the top of one thing to the bottom of another."""
    page = person.page
    page.evaluate("window.scrollTo(0, 0)")
    column = page.locator("main .govuk-grid-column-two-thirds, main").last.bounding_box()
    top, bottom = first.bounding_box(), (last or first).bounding_box()
    assert column
    assert top
    assert bottom
    height = bottom["y"] + bottom["height"] - top["y"]
    return {
        "x": max(0, column["x"] - MARGIN),
        "y": top["y"] - MARGIN,
        "width": column["width"] + 2 * MARGIN,
        "height": min(height, most) + 2 * MARGIN,
    }


def from_the_top(person: Person, *, most: int = 620) -> Part:
    main = person.page.locator("main")
    return cut(person, main.locator(".govuk-caption-l, h1").first, main, most=most)


def opens_person(person: Person, references: REFERENCES, word: str, page: str = "") -> None:
    person.opens(f"/referrals/{references[word]}/{page}")


@shows(BAY, width=1280, folder=FOLDER.parent)
def delays(person: Person, references: REFERENCES) -> Part:
    """Of the README. It comes first, before anybody is added to the demonstration."""
    person.opens("/delays/")
    heading = person.page.get_by_role("heading", name="How long people waited to enter")
    part = cut(person, person.page.locator("h1"), heading, most=2000)
    return {"x": 0, "y": 0, "width": 1280, "height": part["y"] + part["height"] - 60}


@shows(BAY)
def dashboard(person: Person, references: REFERENCES) -> Part:
    person.opens("/delays/")
    return from_the_top(person)


@shows()
def today(person: Person, references: REFERENCES) -> Part:
    person.opens("/today/")
    return from_the_top(person)


@shows()
def referral(person: Person, references: REFERENCES) -> Part:
    opens_person(person, references, "Lapwing")
    button = person.page.get_by_role("button", name="Record what happened")
    return cut(person, person.page.locator(".govuk-caption-l"), button, most=1000)


@shows()
def log_first(person: Person, references: REFERENCES) -> Part:
    person.opens("/referrals/new/")
    person.chooses("Is the person in danger now?", "No")
    person.chooses("Are they alone and free to talk?", "Yes")
    word = person.page.get_by_label("A word for the person")
    return cut(person, person.page.locator("h1"), word, most=660)


@shows()
def log_saved(person: Person, references: REFERENCES) -> Part:
    person.opens("/referrals/new/")
    person.chooses("Are they under 18?", "No")
    person.chooses("Where are they?", "England")
    person.presses("Save the referral")
    buttons = person.page.locator("main .govuk-button-group")
    return cut(person, person.page.locator(".govuk-panel"), buttons)


@shows()
def interrupted(person: Person, references: REFERENCES) -> Part:
    opens_person(person, references, "Heron", "record/rang/")
    person.picks("Which organisation did you ring?", "Northgate Trust (fictitious)")
    person.chooses("What did they answer?", "They have no capacity")
    person.page.evaluate(KEEP)
    opens_person(person, references, "Heron", "record/rang/")
    answers = person.page.get_by_role("group", name="What did they answer?")
    return cut(person, person.page.locator(".app-draft"), answers, most=400)


@shows()
def record(person: Person, references: REFERENCES) -> Part:
    opens_person(person, references, "Siskin", "record/")
    return from_the_top(person)


@shows()
def recorded(person: Person, references: REFERENCES) -> Part:
    opens_person(person, references, "Siskin", "record/rang/")
    person.picks("Which organisation did you ring?", "Northgate Trust (fictitious)")
    person.chooses("What did they answer?", "They put the person on a waiting list")
    person.presses("Record what happened")
    alert = person.page.locator(".moj-alert").first
    return cut(person, alert, person.page.locator("h1"))


@shows()
def delay(person: Person, references: REFERENCES) -> Part:
    opens_person(person, references, "Dunlin")
    return cut(person, person.page.locator(".app-delay").first)


@shows()
def take_up(person: Person, references: REFERENCES) -> Part:
    opens_person(person, references, "Dunlin")
    person.presses("Say what is being done")
    person.chooses("Why does it take so long?", "An organisation has no capacity")
    person.types("What is being done?", "Asked two more organisations; one answers on Monday.")
    person.dates("When will you look again?", (NOW + timedelta(days=7)).date())
    button = person.page.get_by_role("button", name="Take this up")
    return cut(person, person.page.locator(".govuk-caption-l"), button, most=1000)


@shows()
def why(person: Person, references: REFERENCES) -> Part:
    opens_person(person, references, "Fieldfare")
    person.follows("Why this date?")
    return from_the_top(person, most=560)


@shows()
def readiness(person: Person, references: REFERENCES) -> Part:
    opens_person(person, references, "Lapwing", "home-office/")
    heading = person.page.get_by_role("heading", name="sections settled")
    return cut(person, heading, person.page.locator(".govuk-task-list"), most=520)


@shows()
def draft(person: Person, references: REFERENCES) -> Part:
    opens_person(person, references, "Lapwing", "home-office/")
    return cut(person, person.page.locator(".app-card"))


@shows()
def after(person: Person, references: REFERENCES) -> Part:
    opens_person(person, references, "Turnstone")
    heading = person.page.get_by_role("heading", name="After submission")
    following = person.page.get_by_role("heading", name="Appointments and tasks")
    part = cut(person, heading, following, most=700)
    part["height"] -= 60
    return part


@shows()
def wrote(person: Person, references: REFERENCES) -> Part:
    opens_person(person, references, "Turnstone", "record/wrote/")
    return from_the_top(person, most=700)


@shows()
def contact(person: Person, references: REFERENCES) -> Part:
    opens_person(person, references, "Heron", "contact/")
    return from_the_top(person)


@shows()
def who(person: Person, references: REFERENCES) -> Part:
    opens_person(person, references, "Heron", "person/")
    return from_the_top(person, most=360)


@shows()
def proof(person: Person, references: REFERENCES) -> Part:
    opens_person(person, references, "Heron", "proof/")
    person.follows("P-")
    return cut(person, person.page.locator(".app-sheet"), most=570)


@shows()
def harm(person: Person, references: REFERENCES) -> Part:
    opens_person(person, references, "Dunlin", "harm/new/")
    person.chooses("What kind of harm?", "Lost a safe place to stay")
    return from_the_top(person)


@shows()
def summary(person: Person, references: REFERENCES) -> Part:
    opens_person(person, references, "Lapwing", "summary/")
    return cut(person, person.page.locator(".app-sheet"), most=760)


@shows()
def sheet(person: Person, references: REFERENCES) -> Part:
    person.opens("/referrals/new/sheet/")
    return cut(person, person.page.locator(".app-sheet"), most=760)


@shows()
def leave(person: Person, references: REFERENCES) -> Part:
    person.opens("/today/")
    return {"x": 0, "y": 0, "width": WIDTH, "height": 170}


@shows(COVE)
def decide(person: Person, references: REFERENCES) -> Part:
    person.opens("/harm/")
    person.follows(references["Dunlin"])
    return from_the_top(person, most=740)


@shows(MOOR)
def register(person: Person, references: REFERENCES) -> Part:
    person.opens("/organisations/millbrook/")
    return from_the_top(person)
