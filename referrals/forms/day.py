"""The day of a caseworker: notes, tasks, appointments, who is responsible, and cover."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from crispy_forms_gds.layout import Field
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.forms import DateField, RadioField, WhenField
from organisations.models import Membership
from organisations.roles import Permission
from referrals.actions import Answer, Meeting
from referrals.catalogue import Precision
from referrals.colleagues import caseworkers_of
from referrals.forms.base import KeyedForm, ReferralForm
from referrals.models import Appointment, Note, Referral

NO_NAMES = "No names, numbers or addresses."
MOST_CHOSEN = 100
CONTACT, SHARE_OUT = "contact", "share_out"
Interpreter, Outcome, Purpose = (
    Appointment.Interpreter,
    Appointment.Outcome,
    Appointment.Purpose,
)


class CaseworkerField(forms.ChoiceField):
    """Somebody who does casework here: cleaned to the id of the person, None where left open."""

    def offer(self, membership: Membership, *, empty: str) -> None:
        people = caseworkers_of(membership.organisation_id)
        self.choices = [("", empty), *((str(pk), name) for pk, name in people.items())]

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        return int(chosen) if chosen else None


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


class CaseworkerForm(ReferralForm):
    submit_label = "Change the caseworker"

    caseworker = CaseworkerField(
        label="Who is the caseworker from now on?",
        help_text="They see it on their page Today. Open tasks of the former one go along.",
        error_messages={"required": "Choose the caseworker"},
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(CaseworkerField, self.fields["caseworker"])
        field.offer(membership, empty="Choose a person")


class ChosenForm(KeyedForm):
    """Do one thing with many referrals, each on the version on which it was chosen."""

    submit_label = "Do this with all of them"

    do = RadioField(
        label="What do you want to record?",
        choices=[
            (CONTACT, "I spoke with each of them"),
            (SHARE_OUT, "They get another caseworker"),
        ],
        error_messages={"required": "Choose what to do"},
    )
    happened_at = WhenField(
        label="If you spoke with them: when?",
        what="when you spoke with them",
        help_text="Leave this empty if it was just now. A time alone means today.",
        about=True,
        today=True,
        precision="precision",
        required=False,
    )
    caseworker = CaseworkerField(label="If they get another caseworker: who?", required=False)
    versions = forms.CharField(widget=forms.HiddenInput, max_length=4000)

    def __init__(
        self,
        *args: Any,
        membership: Membership,
        chosen: Sequence[Referral],
        versions: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        field = cast(CaseworkerField, self.fields["caseworker"])
        field.offer(membership, empty="Choose a person")
        self.chosen = {referral.reference: referral for referral in chosen}
        self.fields["versions"].initial = versions

    def clean_versions(self) -> dict[int, int]:
        """By the ids of the referrals; as they stood when they were chosen."""
        given = dict(read_chosen(self.cleaned_data["versions"].split(",")))
        if set(given) != set(self.chosen):
            raise ValidationError("The list has changed. Choose them again from the list.")
        return {self.chosen[reference].pk: version for reference, version in given.items()}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("do") == SHARE_OUT and not cleaned.get("caseworker"):
            self.add_error("caseworker", "Choose the caseworker")
        return cleaned

    def moment(self) -> tuple[datetime, str]:
        if self.cleaned_data["happened_at"]:
            return self.cleaned_data["happened_at"], self.cleaned_data["precision"]
        if self.now is None:
            raise TypeError("ChosenForm needs now=...")
        return self.now, Precision.EXACT

    def open_anew(self) -> None:
        """The same answers on the referrals as they now are: pressing again sends them."""
        sent = cast(QueryDict, self.data).copy()
        sent["versions"] = ",".join(f"{each}:{r.version}" for each, r in self.chosen.items())
        self.data = sent


def read_chosen(texts: Sequence[str]) -> list[tuple[str, int]]:
    """References with the version each was seen on, from "R-2222-2222:3"; others left out."""
    parts = (text.partition(":") for text in texts)
    return [
        (reference, int(version))
        for reference, _, version in parts
        if reference and version.isascii() and version.isdigit() and len(version) < 10
    ]


class CoverForm(KeyedForm):
    submit_label = "Arrange the cover"

    away = CaseworkerField(label="Who is away?", error_messages={"required": "Choose who is away"})
    covered_by = CaseworkerField(
        label="Who covers?", error_messages={"required": "Choose who covers"}
    )
    first_on = DateField(label="First day away", what="the first day away")
    last_on = DateField(label="Last day away", what="the last day away")

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("away", "covered_by"):
            field = cast(CaseworkerField, self.fields[name])
            field.offer(membership, empty="Choose a person")
        if not membership.can(Permission.ARRANGE_COVER):
            self.fields["away"].help_text = "One of the two is you."
            self.fields["away"].initial = str(membership.user_id)
        if self.now:
            self.fields["first_on"].initial = london_date(self.now)
