"""What is asked about an application to become a First Responder Organisation."""

from collections.abc import Iterable
from typing import Any

from django import forms

from nrm_tracker.ui.forms import DateField, GovukForm, RadioField, YesNo
from organisations.forms.base import RegisterForm
from organisations.models import ChecklistEntry, Correspondence
from organisations.stages import FOLLOWS, Stage

NOBODY = "Write nothing about a person whom you help."
# What recording each stage is called.
STAGE_WORDS: dict[str, str] = {
    Stage.INTEREST: "Record an expression of interest",
    Stage.SUBMITTED: "Record that the application was sent",
    Stage.ACKNOWLEDGED: "Record that the Home Office acknowledged it",
    Stage.CONSIDERED: "Record that it is under consideration",
    Stage.ASKED: "Record that further information was requested",
    Stage.ANSWERED: "Record that further information was sent",
    Stage.PAUSED: "Record that the Home Office paused it",
    Stage.APPROVED: "Record the decision: approved",
    Stage.REFUSED: "Record the decision: not approved",
    Stage.WITHDRAWN: "Record that the application was withdrawn",
    Stage.LAPSED: "Record that the application lapsed",
}


class StageForm(GovukForm):
    """When it happened, since when we know, and how."""

    submit_label = "Record it"

    happened_on = DateField(
        label="When did it happen?", what="the date on which it happened", past=True
    )
    known_on = DateField(
        label="When did you learn of it?", what="the date on which you learnt of it", past=True
    )
    words = forms.CharField(
        label="What should be known about it?",
        help_text=f"For example: what was asked for. {NOBODY}",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    source = forms.CharField(
        label="Evidence",
        help_text="A link, or what the letter is and who holds it.",
        max_length=500,
        error_messages={"required": "Enter where this can be seen"},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        happened, known = cleaned.get("happened_on"), cleaned.get("known_on")
        if happened and known and known < happened:
            self.add_error("known_on", "Enter a date on or after the day on which it happened")
        return cleaned


class CorrectStageForm(StageForm):
    submit_label = "Correct it"

    stage = RadioField(
        label="What happened?",
        choices=[(value, Stage(value).label) for value in (*FOLLOWS, Stage.NOT_SO)],
        error_messages={"required": "Choose what happened"},
    )

    field_order = ["stage", "happened_on", "known_on", "words", "source"]

    def __init__(self, *args: Any, only: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        may = {*only, Stage.NOT_SO}
        self.fields["stage"].choices = [  # type: ignore[attr-defined]
            (value, label) for value, label in Stage.choices if value in may
        ]


class CorrespondenceForm(GovukForm):
    """Something said with the Home Office."""

    submit_label = "Add to the log"

    on = DateField(label="On which day?", what="the day", past=True)
    direction = RadioField(
        label="From whom to whom?",
        choices=Correspondence.Direction.choices,
        error_messages={"required": "Choose from whom to whom"},
    )
    channel = RadioField(
        label="How?",
        choices=Correspondence.Channel.choices,
        error_messages={"required": "Choose how"},
    )
    gist = forms.CharField(
        label="What was said, in short?",
        help_text=f"And where the letter or e-mail is. {NOBODY}",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Enter what was said"},
    )


class MessageForm(GovukForm):
    submit_label = "Send"

    text = forms.CharField(
        label="Your message",
        help_text=f"It cannot be changed or deleted once it is sent. {NOBODY}",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Enter your message"},
    )


class NamingForm(GovukForm):
    submit_label = "Save"

    given = YesNo(
        label="May the applicant be named in public, with how long it has waited?",
        help_text="Without this it is counted, and not named. It may be taken back at any time, "
        "which counts at once; what somebody read before stays known to them.",
        error_messages={"required": "Choose whether it may be named"},
    )
    on = DateField(label="Since when?", what="the date of the decision", past=True)
    told = forms.CharField(
        label="How do we know?",
        help_text="For example: a decision of the trustees, and who holds it.",
        max_length=300,
        error_messages={"required": "Enter how we know"},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["given"] = cleaned.get("given") == "yes"
        return cleaned


class ChecklistForm(RegisterForm):
    submit_label = "Save"

    state = RadioField(
        label="How far are you with it?",
        choices=ChecklistEntry.State.choices,
        error_messages={"required": "Choose how far you are"},
    )
    words = forms.CharField(
        label="What do you have, and what is missing?",
        help_text=NOBODY,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
    )
    evidence = forms.CharField(
        label="Evidence",
        help_text="A link, or what the paper is and who holds it.",
        max_length=500,
        required=False,
    )


class CriterionForm(GovukForm):
    submit_label = "Add"

    title = forms.CharField(
        label="What is it about?",
        max_length=200,
        error_messages={"required": "Enter what it is about"},
    )
    words = forms.CharField(
        label="What should an applicant have?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Enter what an applicant should have"},
    )


class RoundForm(GovukForm):
    submit_label = "Record the round"

    name = forms.CharField(
        label="What is it called?",
        max_length=200,
        error_messages={"required": "Enter what it is called"},
    )
    opens_on = DateField(label="From which date?", what="the date from which it is open")
    closes_on = DateField(
        label="Until which date?",
        help_text="Leave it empty where none is published.",
        what="the date until which it is open",
        required=False,
    )
    criteria = forms.CharField(
        label="Criteria, as they were published",
        help_text="Leave it empty where none are published.",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        required=False,
    )
    source = forms.CharField(
        label="Where is it published?",
        max_length=500,
        error_messages={"required": "Enter where it is published"},
    )
    known_on = DateField(
        label="When did we learn of it?", what="the date on which we learnt of it", past=True
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        opens, closes = cleaned.get("opens_on"), cleaned.get("closes_on")
        if opens and closes and closes < opens:
            self.add_error("closes_on", "Enter a date on or after the first day")
        return cleaned
