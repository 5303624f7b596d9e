"""A person's waits stand still, and go on again."""

from datetime import timedelta
from typing import Any

from django import forms

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.forms import DateField, RadioField, WhenField
from nrm_tracker.ui.words import day_in_words
from referrals.actions import Happening
from referrals.catalogue import EventCode, Outcome
from referrals.forms.events import HappeningForm, RecordForm, moment, note

AT_MOST = timedelta(days=28)  # a house limit watches pauses from then on
ENDED, STAYS = "ended", "stays"


def look_again(*, required: bool) -> DateField:
    return DateField(
        label="When will you look again?",
        what="the date to look again",
        help_text="The day on which you expect it to end, or ask again at the next contact.",
        required=required,
    )


def check_ahead(form: HappeningForm, *, needed: bool) -> None:
    """A day to look again lies ahead, and within the time that a pause may last."""
    day, now = form.cleaned_data.get("look_again_on"), form.now
    if "look_again_on" in form.errors or now is None:
        return
    today = london_date(now)
    if day is None and needed:
        form.add_error("look_again_on", "Enter the date to look again")
    elif day is not None and not today < day <= today + AT_MOST:
        last = day_in_words(today + AT_MOST, today=today)
        form.add_error("look_again_on", f"Enter a day after today, {last} at the latest")


class PauseForm(RecordForm):
    submit_label = "Save the pause"

    kind = RadioField(
        label="Why do the waits stand still?",
        choices=[(o.value, o.label) for o in (Outcome.SURVIVOR_ASKED, Outcome.SAFEGUARDING_HOLD)],
        error_messages={"required": "Choose who wants the pause"},
    )
    detail = forms.CharField(
        label="What is the reason?",
        help_text="Facts, not opinion: this can be disclosed in court. No names.",
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "Enter the reason for the pause"},
    )
    happened_at = moment(hint="Since when? Leave this empty if it begins now.")
    look_again_on = look_again(required=False)
    ended_at = WhenField(
        label="If it is over already: when did it end?",
        what="when the pause ended",
        precision="ended_precision",
        today=True,
        required=False,
    )

    field_order = ["kind", "detail", "happened_at", "look_again_on", "ended_at"]

    def __init__(self, *args: Any, may_hold: bool, **kwargs: Any) -> None:
        """Who may not hold records the survivor's wish alone."""
        super().__init__(*args, **kwargs)
        self.may_hold = may_hold
        self.fields["happened_at"].label = "When did it begin?"
        if not may_hold:
            del self.fields["kind"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        ended = cleaned.get("ended_at")
        check_ahead(self, needed=ended is None and "ended_at" not in self.errors)
        if ended and "happened_at" in cleaned and ended < self.moment()[0]:
            self.add_error("ended_at", "Enter a time after the pause began")
        return cleaned

    def happenings(self) -> list[Happening]:
        said = self.cleaned_data
        ended = said["ended_at"]
        started = self.happening(
            EventCode.PAUSE_STARTED,
            outcome=said.get("kind") or Outcome.SURVIVOR_ASKED,
            look_again_on=None if ended else said["look_again_on"],
            detail=said["detail"],
        )
        if ended is None:
            return [started]
        over = Happening(
            code=EventCode.PAUSE_ENDED, happened_at=ended, precision=said["ended_precision"]
        )
        return [started, over]


class GoOnForm(HappeningForm):
    submit_label = "Save"

    what = RadioField(
        label="Does the wait go on?",
        choices=[
            (ENDED, "Yes: the pause is over, and the clocks run again"),
            (STAYS, "Not yet: look again later"),
        ],
        error_messages={"required": "Choose whether the wait goes on"},
    )
    happened_at = moment(hint="Leave this empty if it was just now.")
    look_again_on = look_again(required=False)
    detail = note()

    field_order = ["what", "happened_at", "look_again_on", "detail"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["happened_at"].label = "If the pause is over: when did it end?"
        self.fields["look_again_on"].label = "If not: when will you look again?"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("what") == STAYS:
            check_ahead(self, needed=True)
        return cleaned

    @property
    def is_over(self) -> bool:
        return bool(self.cleaned_data["what"] == ENDED)

    def ended(self) -> Happening:
        return self.happening(EventCode.PAUSE_ENDED, detail=self.cleaned_data["detail"])
