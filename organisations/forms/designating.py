"""What the Home Office decided, and that somebody applied."""

from typing import Any

from django import forms

from nrm_tracker.ui.forms import DateField, RadioField, YesNo
from organisations.forms.base import RegisterForm
from organisations.models import Designation

# What each step is called on its page.
STEP_WORDS: dict[str, tuple[str, str]] = {
    Designation.Status.ACTIVE: ("Record a designation", "Record the designation"),
    Designation.Status.SUSPENDED: ("Record a suspension", "Record the suspension"),
    Designation.Status.WITHDRAWN: ("Record a withdrawal", "Record the withdrawal"),
}


class DesignationForm(RegisterForm):
    """What the Home Office decided, from when, since when we know, and how."""

    effective_from = DateField(label="From which date?", what="the date from which it applies")
    known_from = DateField(
        label="When did we learn of it?", what="the date on which we learnt of it", past=True
    )
    cause = RadioField(
        label="Why?",
        choices=Designation.Cause.choices,
        error_messages={"required": "Choose why, or that it was not said"},
    )
    told_by = RadioField(
        label="How do we know?",
        choices=Designation.ToldBy.choices,
        error_messages={"required": "Choose how we know"},
    )
    scope = forms.CharField(
        label="Scope",
        help_text="Whom it may refer, if the decision limits it.",
        max_length=500,
        required=False,
    )
    reason = forms.CharField(
        label="Reason",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Enter the reason that was given, or “none given”"},
    )
    source = forms.CharField(
        label="Evidence",
        help_text="A link to the decision, or what the letter is and who holds it.",
        max_length=500,
        error_messages={"required": "Enter where the decision can be seen"},
    )


class ApplicationForm(RegisterForm):
    submit_label = "Record the application"

    submitted_on = DateField(
        label="When was the application sent?", what="the date of the application", past=True
    )
    source = forms.CharField(
        label="Evidence",
        help_text="A link, or what the letter is and who holds it.",
        max_length=500,
        error_messages={"required": "Enter how we know of the application"},
    )
    may_be_named = YesNo(label="Did the applicant agree to be named as waiting for a decision?")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["may_be_named"] = cleaned.get("may_be_named") == "yes"
        return cleaned
