"""What the intake asks, page by page, and why each is asked. What nobody uses is not asked.

What stands elsewhere is not asked again: age, nation, risks, consent, safe contact with the
interpreter and the worker, and who the person is.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from referrals.models import WrittenPage

Page = WrittenPage.Page
Choices = tuple[tuple[str, str], ...]
SAID, NOT_ASKED = "said", "not_asked"
VICTIM = "children_victim"
YES_NO: Choices = (("yes", "Yes"), ("no", "No"))
OWN_WORDS: Choices = ((SAID, "They said"),)
OPEN: Choices = (
    ("declined", "They would rather not say"),
    ("unknown", "They do not know"),
    (NOT_ASKED, "Not asked"),
)
PLACES: Choices = (
    ("own", "A place of their own"),
    ("friends", "With friends or family"),
    ("asylum", "Asylum accommodation or a hotel"),
    ("shelter", "A refuge, a safe house or a hostel"),
    ("exploiter", "With the exploiter, or where they work"),
    ("street", "On the street, or moving about"),
    ("custody", "In detention, prison or hospital"),
)


CHILDREN_OF: Choices = (
    ("under_5", "Children under 5"),
    ("5_to_11", "Children of 5 to 11"),
    ("12_to_15", "Children of 12 to 15"),
    ("16_or_17", "Children of 16 or 17"),
    ("grown_up", "Children of 18 or over"),
)
MOST = 20


@dataclass(frozen=True, slots=True)
class Question:
    """`words` heads the box for words beside the choice; "" where there is none. `numbers`: how
    many of what, where the answer is the first of the choices."""

    code: str
    label: str
    why: str
    words: str = ""
    choices: Choices = YES_NO
    numbers: Choices = ()

    @property
    def box(self) -> str:
        return f"{self.code}_words"

    @property
    def answers(self) -> Choices:
        return (*self.choices, *OPEN)

    @property
    def counts(self) -> dict[str, str]:
        """The boxes for numbers, with their labels."""
        return {f"{self.code}_{code}": label for code, label in self.numbers}


INTAKE: Mapping[str, tuple[Question, ...]] = {
    Page.SPEAKING: (
        Question(
            "communication",
            "Do they want help with communication, besides an interpreter?",
            "The Home Office form asks for it, and letters go out in a form that they can use.",
            "Which help? For example large print, signing, or somebody who reads letters aloud",
        ),
        Question(
            "taking_part",
            "Do they need anything to take part in a meeting?",
            "So that the first meeting works, and is not a second one.",
            "What? For example step-free access, breaks, fares, childcare, a time of day",
        ),
    ),
    Page.SAFETY: (
        Question(
            "feels_safe",
            "Do they feel safe where they are now?",
            "It decides what is done first, before any form.",
            "What would make it safer?",
        ),
        Question(
            "health",
            "Do they have a health need that cannot wait?",
            "So that a doctor comes before a meeting.",
            "What is needed, and by when?",
        ),
        Question(
            "doctor",
            "Are they registered with a doctor?",
            "Whoever is not is helped to register: it is free for everybody.",
        ),
    ),
    Page.STAYING: (
        Question(
            "sleeping",
            "Where do they sleep?",
            "It says whether emergency accommodation is to be asked for.",
            "How long can they stay there?",
            PLACES,
        ),
        Question(
            "town",
            "Which town or borough is it in?",
            "The Home Office form needs it: it decides which police force is told.",
            "Town or borough. No address: that stands under who this is",
            OWN_WORDS,
        ),
    ),
    Page.FIRST_NEEDS: (
        Question(
            "first_need",
            "What do they need first?",
            "What they name comes first, not what a form names.",
            "In their words",
            OWN_WORDS,
        ),
        Question(
            "money",
            "Do they have money for food and fares this week?",
            "It decides on emergency help, and whether they can come to a meeting.",
        ),
    ),
    Page.HELPERS: (
        Question(
            "helpers",
            "Does somebody else help them already?",
            "So that nobody asks them twice. The Home Office form asks for it.",
            "Which organisations or professionals, and with what?",
        ),
        Question(
            "may_speak",
            "May we speak with those who help them?",
            "Nobody is spoken with unless they agree.",
            "With whom, and about what?",
        ),
    ),
    Page.LEGAL: (
        Question(
            "adviser",
            "Do they have a legal adviser?",
            "Whoever has none is offered one before the NRM referral.",
            "Which firm or organisation?",
        ),
        Question(
            "legal_dates",
            "Is there a date that an adviser must know of?",
            "A hearing, a removal date or a criminal case may come before the NRM decision.",
            "Which date, and what is it for?",
        ),
    ),
    Page.CHILDREN: (
        Question(
            "children",
            "Do they have children?",
            "The Home Office form asks how many. What is known is enough: leave a number empty.",
            "Where are they, and who looks after them?",
            numbers=CHILDREN_OF,
        ),
        Question(
            "children_here",
            "Are the children with them?",
            "It decides where they can stay together, and when a meeting can be.",
            choices=(
                ("all", "All of them"),
                ("some", "Some of them"),
                ("none", "None of them"),
            ),
        ),
        Question(
            VICTIM,
            "May one of the children be a victim of modern slavery too, or be in danger?",
            "Such a child has a referral and waits of their own, and the local authority is told "
            "first.",
            "Which of them, and what makes you think so?",
        ),
        Question(
            "care",
            "Do they care for somebody here every day?",
            "Meetings are planned around it.",
            "For whom, and at what times?",
        ),
    ),
    Page.WISHES: (
        Question(
            "wishes",
            "What do they want from us?",
            "It is what we do; and what we cannot do is said early.",
            "In their words",
            OWN_WORDS,
        ),
        Question(
            "worries",
            "Is anything about the NRM a worry to them?",
            "It is spoken about before they are asked whether they consent.",
            "What is it?",
        ),
    ),
}
