"""What an import did, or would do, in one sentence."""

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.words import count
from referrals.actions.importing import Difference

NAMED = 5


def summary(difference: Difference, *, done: bool) -> str:
    new, added, there = len(difference.new), len(difference.lacking), difference.complete
    parts = [
        count(new, "new referral"),
        count(difference.events, "new event"),
        *([f"{count(added, 'referral')} here already with events added"] if added else []),
        *([f"{count(there, 'referral')} here already"] if there else []),
    ]
    words = f"{'Imported' if done else 'To import'}: {', '.join(parts)}."
    if differing := difference.differing:
        named = ", ".join(differing[:NAMED]) + (" and others" if len(differing) > NAMED else "")
        words += (
            f" Other facts of {count(len(differing), 'referral')} differ from the list and stay "
            f"as they are: {named}."
        )
    if gone := difference.handed_over:
        each = [
            f"{reference} was handed over on {day.day} {day:%B %Y}"
            for reference, at in list(gone.items())[:NAMED]
            for day in [london_date(at)]
        ]
        more = " and others" if len(gone) > NAMED else ""
        words += f" Not opened again: {', '.join(each)}{more}."
    return words
