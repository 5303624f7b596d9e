"""What an import did, or would do, in one sentence."""

from nrm_tracker.ui.words import count
from referrals.actions.importing import Difference

NAMED = 5


def summary(difference: Difference, *, done: bool) -> str:
    new, more, there = len(difference.new), len(difference.lacking), difference.complete
    parts = [
        count(new, "new referral"),
        count(difference.events, "new event"),
        *([f"{count(more, 'referral')} here already with events added"] if more else []),
        *([f"{count(there, 'referral')} here already"] if there else []),
    ]
    words = f"{'Imported' if done else 'To import'}: {', '.join(parts)}."
    if differing := difference.differing:
        named = ", ".join(differing[:NAMED]) + (" and others" if len(differing) > NAMED else "")
        words += (
            f" Other facts of {count(len(differing), 'referral')} differ from the list and stay "
            f"as they are: {named}."
        )
    return words
