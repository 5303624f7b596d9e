"""The day of a caseworker: notes, tasks and appointments."""

from collections.abc import Sequence
from typing import Any, cast

from crispy_forms_gds.layout import Field
from django import forms
from django.core.exceptions import ValidationError

from nrm_tracker.ui.forms import DateField, RadioField, WhenField
from organisations.models import Membership
from referrals.actions import Answer, Meeting
from referrals.catalogue import Precision
from referrals.forms.base import KeyedForm, ReferralForm
from referrals.forms.colleagues import CaseworkerField
from referrals.models import Appointment, Note

NO_NAMES = "No names, numbers or addresses."
Interpreter, Outcome, Purpose = (
    Appointment.Interpreter,
    Appointment.Outcome,
    Appointment.Purpose,
)


class NoteForm(ReferralForm):
    submit_label = "Add the note"

    words = forms.CharField(
        label="Add a note",
        help_text="Facts, not opinion: this can be disclosed in court.",
        max_length=4000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Write the note"},
    )


class NoteBesides(NoteForm):
    """On the page of the referral, where its button is not the first one."""

    secondary = True


class WithdrawNoteForm(ReferralForm):
    submit_label = "Strike it through"
    warning = True

    why = RadioField(
        label="What is wrong with it?",
        choices=Note.Why.choices,
        error_messages={"required": "Choose what is wrong with the note"},
    )


class TaskForm(KeyedForm):
    """About a referral, or the organisation's own."""

    submit_label = "Add the task"

    words = forms.CharField(
        label="What is to be done?",
        help_text=NO_NAMES,
        max_length=200,
        error_messages={"required": "Enter what is to be done"},
    )
    due_on = DateField(
        label="By when? (optional)", what="the day by which it is to be done", required=False
    )
    caseworker = CaseworkerField(
        label="Who is to do it?", error_messages={"required": "Choose who is to do it"}
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(CaseworkerField, self.fields["caseworker"])
        field.offer(membership, empty="Choose a person")
        field.initial = str(membership.user_id)


class AppointmentForm(ReferralForm):
    submit_label = "Make the appointment"

    purpose = RadioField(
        label="What is it for?",
        choices=Purpose.choices,
        initial=Purpose.REFERRAL_MEETING,
        error_messages={"required": "Choose what it is for"},
    )
    at = WhenField(label="When is it?", what="when it is", past=False)
    place = forms.CharField(
        label="With whom, and where? (optional)",
        help_text=f"For example: two workers, our office. {NO_NAMES}",
        max_length=200,
        required=False,
    )
    interpreter = RadioField(
        label="Interpreter",
        choices=Interpreter.choices,
        initial=Interpreter.NOT_NEEDED,
        error_messages={"required": "Choose how it stands with an interpreter"},
    )
    language = forms.CharField(
        label="Which language?",
        help_text="If an interpreter is needed.",
        max_length=60,
        required=False,
    )

    def layout(self) -> Sequence[Any]:
        return [
            Field.radios("purpose", inline=True, small=True),
            "at",
            "place",
            Field.radios("interpreter", small=True),
            "language",
        ]

    def clean_at(self) -> Any:
        when = self.cleaned_data["at"]
        if when.precision == Precision.DAY:
            raise ValidationError("Enter the time too, like 14:30")
        return when

    def clean(self) -> dict[str, Any]:
        return with_language(self, super().clean())

    def meeting(self) -> Meeting:
        said = self.cleaned_data
        return Meeting(
            at=said["at"].at,
            purpose=said["purpose"],
            place=said["place"],
            interpreter=said["interpreter"],
            language=said["language"],
        )


class AnswerForm(ReferralForm):
    """What is newly known of an appointment."""

    submit_label = "Save"

    outcome = RadioField(
        label="What came of it?", choices=[*Outcome.choices, ("", "Not yet known")], required=False
    )
    account_completed = forms.BooleanField(label="The account-taking is completed", required=False)
    interpreter = RadioField(label="Interpreter", choices=Interpreter.choices)
    language = forms.CharField(label="Which language?", max_length=60, required=False)

    def __init__(self, *args: Any, appointment: Appointment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(
            outcome="", interpreter=appointment.interpreter, language=appointment.language
        )
        if appointment.purpose != Purpose.REFERRAL_MEETING:
            del self.fields["account_completed"]

    def layout(self) -> Sequence[Any]:
        completed = (
            [Field.checkbox("account_completed", small=True)]
            if "account_completed" in self.fields
            else []
        )
        return ["outcome", *completed, Field.radios("interpreter", small=True), "language"]

    def clean(self) -> dict[str, Any]:
        cleaned = with_language(self, super().clean())
        if cleaned.get("account_completed") and cleaned.get("outcome") != Outcome.HELD:
            self.add_error("account_completed", "Tick this only where the meeting was held")
        return cleaned

    def answer(self) -> Answer:
        said = self.cleaned_data
        return Answer(
            interpreter=said["interpreter"],
            language=said["language"],
            outcome=said["outcome"],
            account_completed=said.get("account_completed", False),
        )


def with_language(form: forms.Form, cleaned: dict[str, Any]) -> dict[str, Any]:
    """An interpreter has a language."""
    if cleaned.get("interpreter") == Interpreter.NOT_NEEDED:
        cleaned["language"] = ""
    elif not cleaned.get("language"):
        form.add_error("language", "Enter the language")
    return cleaned
