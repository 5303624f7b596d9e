"""The fields of an event: when, and what that one code asks. Shared by all forms that record."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from crispy_forms_gds.choices import Choice
from django import forms
from django.db.models import QuerySet

from nrm_tracker.calendars import LONDON, london_date
from nrm_tracker.ui.forms import DateField, RadioField, WhenField
from nrm_tracker.ui.words import apart
from organisations.models import Organisation
from referrals.actions import Calling, Happening, PlanAnswer, Same
from referrals.catalogue import (
    EVERY_DAYS,
    OUTCOMES_OF,
    OWN_WORD,
    ConsentType,
    EventCode,
    Precision,
    Risk,
)
from referrals.doors import ASKED, NOTE_ASKS, OUTCOME_ASKS, REASON_NEEDED, asks, needs
from referrals.errors import ActionRefused, AskedFirst
from referrals.forms.base import NOTE_HINT, NOTE_LABEL, ReferralForm
from referrals.pages.linked import Linked

WHEN_HINT = "Leave this empty if it was just now. A time alone means today."
WHY_NOT_HINT = (
    "For example: the person's choice, not available in this case, or not our role. "
    "Facts, not opinion: this can be disclosed in court."
)
APART = (
    "One may be a danger to the other. Tick this only if it happened for each apart. Your note is "
    "not written on theirs."
)
LETTER_DATE = "Enter the date on the letter"
EVERY_LABEL = "In touch at least every how many days?"
EVERY_HINT = (
    f"From {EVERY_DAYS[0]} to {EVERY_DAYS[-1]}. Where a risk shortens the limit to seven days, "
    "what is agreed can bring it forward, not put it off."
)
NO_OUTCOME = ("", "It does not say")
NO_OUTCOMES: dict[str, tuple[str, str]] = {
    EventCode.ICTG_REFERRED: ("", "Referred"),
    EventCode.WITHDRAWN_FROM_NRM: ("", "Not recorded"),
}


def note() -> forms.CharField:
    return forms.CharField(
        label=NOTE_LABEL,
        help_text=NOTE_HINT,
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
    )


def moment(*, required: bool = False, hint: str = WHEN_HINT) -> WhenField:
    return WhenField(
        label="When was it?",
        what="when it happened",
        help_text=hint,
        about=True,
        today=True,
        precision="precision",
        required=required,
    )


def every_days(**kwargs: Any) -> forms.IntegerField:
    least, most = EVERY_DAYS[0], EVERY_DAYS[-1]
    wrong = f"Enter a number of days from {least} to {most}"
    return forms.IntegerField(
        min_value=least,
        max_value=most,
        widget=forms.NumberInput({"inputmode": "numeric", "min": None, "max": None}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
        **kwargs,
    )


def said_how() -> RadioField:
    return RadioField(
        label="How did they say so?",
        choices=[*((each.value, each.label) for each in OWN_WORD), ("", "Not recorded")],
        initial="",
        required=False,
    )


def all_the_same() -> forms.CharField:
    return forms.CharField(
        label="Why is it recorded all the same?",
        help_text="It stands on the timeline beside the entry. No names, numbers or addresses.",
        required=False,
        max_length=200,
    )


def same_for(others: Sequence[Linked]) -> dict[str, forms.Field]:
    return {
        "same_for": forms.MultipleChoiceField(
            label="Did the same happen for them?",
            help_text="Each one ticked gets an entry on their own timeline. Consent, risks, safety "
            "and calling stay this person's: ask each alone.",
            choices=[
                Choice(
                    each.referral.reference,
                    f"{apart(each.referral.pseudonym)}, {each.referral.reference}: "
                    f"{each.relation.lower()}",
                    hint=APART if each.in_danger else "",
                )
                for each in others
            ],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        ),
        "same_note": forms.BooleanField(
            label="Write my note on theirs too: it says nothing that one must not learn of another",
            required=False,
        ),
    }


def register_choice(**kwargs: Any) -> "forms.ModelChoiceField[Organisation]":
    return forms.ModelChoiceField(
        queryset=responders(), empty_label="Choose an organisation", **kwargs
    )


def responders() -> QuerySet[Organisation]:
    return Organisation.objects.responders().order_by("name")


def within(typed: datetime, at: datetime) -> bool:
    """Whether an instant lies in the minute that was typed, by the clock on the wall."""
    written, clock = (each.astimezone(LONDON).replace(tzinfo=None) for each in (typed, at))
    return written == clock.replace(second=0, microsecond=0)


class HappeningForm(ReferralForm):
    """A form with a moment, left empty for now, and a note.

    What must come first (`not_before`) has come first: of a day without a time, and within the
    minute that was typed.
    """

    happened_at = moment()
    detail = note()
    all_the_same = all_the_same()  # there only once it was asked

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.not_before = self.referral.first_contact_at
        if self.add_prefix("all_the_same") not in self.data:
            del self.fields["all_the_same"]

    @property
    def because(self) -> str:
        """Why it is recorded all the same, where that was asked."""
        return str(self.cleaned_data.get("all_the_same", ""))

    def refuse(self, refused: ActionRefused) -> None:
        if isinstance(refused, AskedFirst):
            self.fields["all_the_same"] = all_the_same()
        super().refuse(refused)

    def moment(self) -> tuple[datetime, str]:
        """When it happened and how sure that is; the request's instant when left empty."""
        at, precision = self.cleaned_data["happened_at"], self.cleaned_data["precision"]
        if at is None:
            if self.now is None:
                raise TypeError("A form that records needs GovukForm(now=...)")
            return self.now, Precision.EXACT
        first = self.not_before
        that_day = precision == Precision.DAY and london_date(at) == london_date(first)
        return (max(at, first), precision) if that_day or within(at, first) else (at, precision)

    def happening(self, code: str, **facts: Any) -> Happening:
        at, precision = self.moment()
        return Happening(code=code, happened_at=at, precision=precision, **facts)


class RecordForm(HappeningForm):
    """Says what happened, in one or more events of one instant; also for `others`, linked people,
    of whom none is ticked at first."""

    submit_label = "Record what happened"

    def __init__(self, *args: Any, others: Sequence[Linked] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = {each.referral.reference: each for each in others}
        if others:
            self.fields |= same_for(others)

    @property
    def about_others(self) -> list[str]:
        """The fields about linked people, for a layout."""
        return [name for name in ("same_for", "same_note") if name in self.fields]

    def same(self) -> list[Same]:
        """Those for whom the same happened; where one may be a danger, without the note."""
        ticked = [self.others[each] for each in self.cleaned_data.get("same_for", ())]
        note = bool(self.cleaned_data.get("same_note"))
        return [Same(referral=e.referral, with_words=note and not e.in_danger) for e in ticked]

    def happenings(self) -> list[Happening]:
        raise NotImplementedError

    def calling(self) -> Calling | None:
        """What was newly agreed about calling the person, if anything was."""
        return None

    def plans(self) -> list[PlanAnswer]:
        """What was said of the plans for delays."""
        return []


class EventForm(RecordForm):
    """One event of one code, with the fields that this code asks and no others."""

    organisation = register_choice(label="Which organisation?")
    submitted_by = register_choice(
        label="Who submitted the NRM referral?",
        error_messages={"required": "Choose the organisation that submitted the NRM referral"},
    )
    consent_type = RadioField(label="Consent to what?", choices=ConsentType.choices)
    given = said_how()
    outcome = RadioField(label="What came of it?")
    dated_on = DateField(
        label="Date on the letter",
        what="the date on the letter",
        past=True,
        required=False,
        error_messages={"required": LETTER_DATE},
    )
    risk = RadioField(label="Which risk?", choices=Risk.choices)
    look_again_on = DateField(label="To be looked at again on", what="the date to look again")
    every_days = every_days(label=EVERY_LABEL, help_text=EVERY_HINT)

    field_order = [*ASKED, "happened_at", "detail"]

    def __init__(self, *args: Any, code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code = EventCode(code)
        for field in ASKED:
            if not asks(field, code):
                del self.fields[field]
            else:
                self.fields[field].required = needs(field, code)
        if "outcome" in self.fields:
            self._offer_outcomes()
        if code in NOTE_ASKS:
            words, hint = NOTE_ASKS[code]
            self.fields["detail"].label = words
            self.fields["detail"].help_text = f"{hint} {NOTE_HINT}".strip()
        if code in REASON_NEEDED:
            detail = self.fields["detail"]
            detail.required, detail.label, detail.help_text = True, "Why not?", WHY_NOT_HINT
            detail.error_messages["required"] = "Enter why no reconsideration is requested"

    def _offer_outcomes(self) -> None:
        offered = [(each.value, each.label) for each in OUTCOMES_OF[self.code]]
        if not self.fields["outcome"].required:
            offered.append(NO_OUTCOMES.get(self.code, NO_OUTCOME))
        field = self.fields["outcome"]
        field.label = OUTCOME_ASKS.get(self.code, field.label)
        if isinstance(field, forms.ChoiceField):
            field.choices = offered

    def said(self) -> Happening:
        """What the form says happened."""
        facts = {field: self.cleaned_data.get(field) for field in ASKED if field in self.fields}
        return self.happening(self.code, detail=self.cleaned_data["detail"], **facts)

    def happenings(self) -> list[Happening]:
        return [self.said()]
