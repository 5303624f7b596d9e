"""How often somebody wants to be in touch: asked where one speaks with them."""

from django import forms

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.forms import GovukForm
from referrals.forms.events import EVERY_HINT
from referrals.in_touch import Interval, in_words

HOW_OFTEN = "How often do they want to be in touch? At least every how many days?"
NOT_SPOKEN = "Leave it empty if you did not speak about this."


def interval_over() -> forms.BooleanField:
    return forms.BooleanField(label="They no longer want to agree how often", required=False)


def ask_how_often(form: GovukForm, standing: Interval | None) -> None:
    """Beside the question: what stands agreed, and that it can end."""
    hint = f"{EVERY_HINT} {NOT_SPOKEN}"
    if standing and form.now:
        hint = f"{in_words(standing, today=london_date(form.now))}. {hint}"
    else:
        del form.fields["interval_over"]
    form.fields["every_days"].help_text = hint
