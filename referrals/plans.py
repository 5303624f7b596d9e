"""How far a plan for a delay is carried by somebody's word that it still holds."""

from datetime import date, timedelta

AT_MOST = timedelta(days=28)  # as long as a risk, or what was agreed about contact, stays confirmed
WRITTEN_ANEW_AFTER = timedelta(days=84)


def looked_at_again(*, written_on: date, first_review_on: date, spoke_on: date) -> date:
    """The London date on which to look again, of a plan that holds by a conversation of that day.

    As far ahead as whoever wrote the plan looked, but no further than four weeks, and never beyond
    twelve weeks from its writing: a plan is then written anew.
    """
    interval = min(first_review_on - written_on, AT_MOST)
    return min(spoke_on + interval, written_on + WRITTEN_ANEW_AFTER)
