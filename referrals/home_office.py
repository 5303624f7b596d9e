"""What the Home Office's form for an NRM referral asks, in its order and in our own words.

A mirror to prepare with, not the form: only what it requires stands here, and of its lists of
answers only those that a caseworker prepares. When the form changes, change EDITION with it.
Under consent and support the Duty to Notify branches off; nothing of it is prepared here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from referrals.models import WrittenPage

Page = WrittenPage.Page
EDITION = "the Home Office's online form as of 21 April 2026, and its prompt sheet of 27 April 2026"
SOURCE = "github.com/UKHomeOffice/modern-slavery, commit 54dfce7f"

EVERYBODY, CHILD, ADULT, SUPPORTED = "everybody", "child", "adult", "supported"

LAST_CONTACT = (
    "within the last week",
    "the last month",
    "the last 3 months",
    "the last 6 months",
    "6 to 12 months ago",
    "over a year ago",
    "not sure",
)
TYPES = (
    "forced to work",
    "wages taken",
    "forced to commit fraud",
    "prostitution",
    "child exploitation",
    "taken somewhere",
    "forced to commit a crime",
    "organs removed",
    "unpaid household work",
    "other",
)
YES_NO = ("yes", "no")
YES_NO_NOT_SURE = ("yes", "no", "not sure")


@dataclass(frozen=True, slots=True)
class Needed:
    """An answer that the form does not go on without. `of` whom it is asked."""

    code: str
    words: str
    options: tuple[str, ...] = ()
    of: str = EVERYBODY


@dataclass(frozen=True, slots=True)
class Whom:
    """What decides which answers are needed: a child is not asked for consent, and who does not
    want support need not say how a provider reaches them."""

    child: bool
    supported: bool

    @property
    def groups(self) -> frozenset[str]:
        own = {CHILD} if self.child else {ADULT}
        return frozenset({EVERYBODY, *own, *({SUPPORTED} if self.supported else ())})


SECTIONS: Mapping[str, tuple[Needed, ...]] = {
    Page.FIRST_RESPONDER: (
        Needed("work_email", "Your work e-mail address: a link to the form is sent to it"),
        Needed("own_reference", "Your own reference. It is not sent to the Home Office"),
        Needed("organisation", "Your organisation, as it stands in the form's list"),
        Needed("your_nation", "The nation in which you work"),
    ),
    Page.AGE: (
        Needed("under_18", "Whether they are under 18 now", YES_NO_NOT_SURE),
        Needed("la_name", "The local authority that was told about the child", of=CHILD),
        Needed("la_contact", "Its telephone number and e-mail address", of=CHILD),
        Needed(
            "under_18_then", "Whether they were under 18 when exploited", YES_NO_NOT_SURE, ADULT
        ),
    ),
    Page.BACKGROUND: (
        Needed("birthplace", "Where they were born"),
        Needed("family", "Their family"),
        Needed("education", "Their education"),
        Needed("employment", "The work they have done"),
    ),
    Page.EXPLOITATION: (
        Needed("several", "Whether there was more than one situation of exploitation"),
        Needed("when", "When it took place, in words; of each situation its kind, if several"),
        Needed("start", "How it started"),
        Needed("taken", "Whether the exploiter took them somewhere; if so, the journey"),
        Needed("made_to_do", "What they had to do"),
        Needed("conditions", "How they had to live"),
        Needed("treatment", "How they were treated"),
        Needed("still_in", "Whether they are still in it", YES_NO),
        Needed("leaving", "If still in it, what keeps them there; if not, how and why they left"),
        Needed("last_contact", "When an exploiter was last in contact", LAST_CONTACT),
        Needed("reported", "Whether it was reported before; if not, what prevented it"),
    ),
    Page.INSIGHT: (
        Needed("indicators", "Whether you saw signs of modern slavery; if so, which"),
        Needed("conversations", "Where and how you spoke: who was there, breaks, how they seemed"),
        Needed("insight", "What you make of it as a professional"),
        Needed("credibility", "Whether anything makes you doubt the account; if so, what"),
        Needed("involved", "Whether other professionals are involved; if so, who"),
    ),
    Page.PLACES: (
        Needed("where", "Where it happened", ("the UK", "overseas", "both")),
        Needed("towns", "The towns, if in the UK; the countries, if overseas"),
        Needed("town_now", "The town in which they are now: it decides which police force is told"),
        Needed("region_now", "The region in which they are now"),
    ),
    Page.EXPLOITERS: (
        Needed("who", "Who exploited them"),
        Needed("whereabouts", "Whether you know where the exploiters are; if so, where"),
        Needed("types", "The types of exploitation, at least one", TYPES),
        Needed("others", "Whether there may be other victims", YES_NO_NOT_SURE),
        Needed("again", "Whether you fear that it happens again; if so, why"),
        Needed("crime", "Whether there is a crime reference; if so, which police force and number"),
        Needed("cooperation", "Whether they are willing to help an investigation", YES_NO),
    ),
    Page.CONSENT: (
        Needed(
            "nrm",
            "Their consent, and that the Home Office's privacy notice was explained",
            of=ADULT,
        ),
        Needed("support", "Whether they want support", YES_NO, ADULT),
        Needed(
            "reached",
            "How a support provider reaches them: a number, another one and whose, or why none",
            of=SUPPORTED,
        ),
    ),
    Page.NOTIFICATION: (),
    Page.PERSONAL: (
        Needed("first_name", "First name"),
        Needed("last_name", "Last name"),
        Needed(
            "gender",
            "Gender",
            ("female", "male", "they do not identify as male or female"),
        ),
        Needed("children", "Whether they have children; if so, how many"),
        Needed("nationality", "Nationality"),
        Needed("interpreter", "Whether they need an interpreter; if so, for which language"),
        Needed("communication", "Whether they need other help with communication; if so, which"),
        Needed("other_numbers", "Whether they have a Home Office reference; if so, which"),
    ),
    Page.DECISION: (
        Needed("who_hears", "Who gets the decision: they, or somebody else", of=ADULT),
        Needed(
            "safe_address",
            "An address, by e-mail or post, to which it is safe to write; or the other person's "
            "name and address, and the permission",
            of=ADULT,
        ),
        Needed("yourself", "Your own name, role and telephone number"),
        Needed("deputy", "An e-mail address for when you are away"),
    ),
    Page.EVIDENCE: (
        Needed("evidence", "Of each file that you send: what it is, and its date; or none"),
        Needed("declaration", "That all is correct, and that they were told how data are used"),
    ),
}
HINTS: Mapping[str, str] = {
    Page.BACKGROUND: "Only what they have told you: do not ask for it. The form requires an answer "
    "to each of these; “not known” is one.",
    Page.EXPLOITATION: "Use what they have told somebody already. Nobody has to tell it again for "
    "a form.",
    Page.PERSONAL: "Names, date of birth and addresses stand under who this is. Do not repeat them "
    "here.",
    Page.DECISION: "Never an address where they were exploited.",
}


def needed(section: str, whom: Whom) -> tuple[Needed, ...]:
    """The answers that a section requires of this person; none: it does not apply."""
    return tuple(each for each in SECTIONS[section] if each.of in whom.groups)


def sections_of(whom: Whom) -> Iterator[tuple[str, tuple[Needed, ...]]]:
    """The sections in the form's order, each with what it requires of this person."""
    return ((section, needed(section, whom)) for section in SECTIONS)
