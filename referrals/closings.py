"""Why a referral was closed, where only words say so."""

from referrals.catalogue import CLOSE_REASONS

# The words that closing wrote before its reason was a code.
FORMER = {
    "Entered the NRM and the work here is done": "entered",
    "Did not consent to an NRM referral": "did_not_consent",
    "Left before entry": "left_before_entry",
    "Out of contact": "out_of_contact",
    "Another organisation supports them now": "supported_elsewhere",
    "No signs of modern slavery after all": "not_modern_slavery",
    "Recorded twice": "recorded_twice",
}


def closed_in_words(words: str) -> tuple[str, str]:
    """The reason that the words begin with, and the rest of them; "" and the words where none is.

    A reason is its code, or its words now or before, with a full stop where more follows.
    """
    known = FORMER | {str(each.label): each.value for each in CLOSE_REASONS}
    known |= {each.value: each.value for each in CLOSE_REASONS}
    for label in sorted(known, key=len, reverse=True):
        head, rest = words[: len(label)], words[len(label) :]
        if head.casefold() == label.casefold() and rest[:1] in ("", "."):
            return known[label], rest.removeprefix(".").strip()
    return "", words
