"""Whom an organisation takes, how it is reached, and what the public says of the register."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.validators import EmailValidator, URLValidator

from nrm_tracker.ui.forms import DateField, GovukForm, RadioField
from organisations.bulk import Line, NotSuchAFile, read_lines
from organisations.forms.base import RegisterForm
from organisations.models import ContactRoute, Designation, ErrorReport, Organisation
from organisations.models.error_report import LONGEST
from organisations.scope import SCOPE, Exploitation, Gender, Known, Takes

LARGEST = 1024 * 1024
NOT_KNOWN = "Leave it empty where that is not known."


class ScopeForm(RegisterForm):
    submit_label = "Save"

    age_groups = forms.MultipleChoiceField(
        label="Adults, children",
        help_text=NOT_KNOWN,
        choices=Takes.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    genders = forms.MultipleChoiceField(
        label="Women, men",
        help_text=NOT_KNOWN,
        choices=Gender.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    exploitation = forms.MultipleChoiceField(
        label="Which exploitation?",
        help_text=NOT_KNOWN,
        choices=Exploitation.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    client_group = forms.CharField(
        label="A particular group",
        help_text="For example: migrant domestic workers.",
        max_length=500,
        required=False,
    )
    languages = forms.CharField(
        label="Languages",
        help_text="Those in which its own staff speak with people.",
        max_length=300,
        required=False,
    )
    access = forms.CharField(
        label="Access",
        help_text="For example: step-free, sign language, by video.",
        max_length=300,
        required=False,
    )
    self_referral = RadioField(
        label="May people ask it for help themselves?",
        choices=[*Known.choices, ("", "Not known")],
        required=False,
    )


def scope_of(organisation: Organisation) -> dict[str, Any]:
    """What `ScopeForm` shows at first."""
    names = ("version", *(name for name in SCOPE if name in ScopeForm.base_fields))
    return {name: getattr(organisation, name) for name in names}


class RouteForm(GovukForm):
    """A public way of reaching an organisation."""

    submit_label = "Add"

    kind = RadioField(
        label="What is it?",
        choices=ContactRoute.Kind.choices,
        error_messages={"required": "Choose what it is"},
    )
    value = forms.CharField(
        label="The number or address",
        help_text="One that is published: nobody's own number.",
        max_length=300,
        error_messages={"required": "Enter the number or address"},
    )
    note = forms.CharField(
        label="For whom, and when is it answered?", max_length=300, required=False
    )
    source = forms.CharField(
        label="Where is it published?",
        max_length=300,
        error_messages={"required": "Enter where it is published"},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if (kind := cleaned.get("kind")) in CHECKS and cleaned.get("value"):
            check, problem = CHECKS[kind]
            try:
                check(cleaned["value"])
            except forms.ValidationError:
                self.add_error("value", problem)
        return cleaned


CHECKS: dict[str, tuple[Callable[[str], None], str]] = {
    ContactRoute.Kind.WEB: (
        URLValidator(schemes=["https", "http"]),
        "Enter the whole address, like https://example.org.uk/help",
    ),
    ContactRoute.Kind.EMAIL: (
        EmailValidator(),
        "Enter an e-mail address like help@example.org.uk",
    ),
}


class AliasForm(GovukForm):
    submit_label = "Add"

    name = forms.CharField(
        label="Another name",
        max_length=200,
        error_messages={"required": "Enter the other name"},
    )
    used_in = forms.CharField(
        label="Where is it used?",
        help_text="For example: in the NRM statistics.",
        max_length=200,
        required=False,
    )


class SuccessorForm(RegisterForm):
    submit_label = "Save"

    successor = forms.ModelChoiceField(
        label="Which organisation took over from it?",
        queryset=Organisation.objects.none(),
        empty_label="None is known",
        required=False,
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Organisation.objects.responders().exclude(pk=organisation.pk).order_by("name")
        self.fields["successor"].queryset = others  # type: ignore[attr-defined]


class SettleForm(RegisterForm):
    submit_label = "Record that it is not designated"

    evidence = forms.CharField(
        label="Evidence",
        help_text="A link, or what the letter is and who holds it.",
        max_length=500,
        error_messages={"required": "Enter how we know"},
    )


class BulkForm(GovukForm):
    """A list as a file; after the preview the same text again, out of sight."""

    submit_label = "Show the differences"

    file = forms.FileField(label="The list, as a CSV file", required=False, allow_empty_file=True)
    text = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    source = forms.CharField(
        label="Where is the list from?",
        help_text="A link, or what the letter is and who holds it.",
        max_length=500,
        error_messages={"required": "Enter where the list is from"},
    )
    told_by = RadioField(
        label="How do we know?",
        choices=Designation.ToldBy.choices,
        error_messages={"required": "Choose how we know"},
    )
    known_from = DateField(
        label="When did we learn of it?", what="the date on which we learnt of it", past=True
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        text = self._text(cleaned)
        if text is None:
            return cleaned
        try:
            cleaned["lines"] = read_lines(text)
        except NotSuchAFile as refused:
            for problem in refused.problems[:20]:
                self.add_error("file", problem)
        cleaned["text"] = text
        return cleaned

    def _text(self, cleaned: dict[str, Any]) -> str | None:
        file = cleaned.get("file")
        if file is None and cleaned.get("text"):
            return str(cleaned["text"])
        if file is None or not file.size:
            self.add_error("file", "Choose the file with the list")
            return None
        if file.size > LARGEST:
            self.add_error("file", "This file is larger than 1 MB. Split it")
            return None
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            self.add_error("file", "Save the file as CSV in UTF-8, and choose it again")
            return None

    def lines(self) -> list[Line]:
        return list(self.cleaned_data["lines"])


class MistakeForm(GovukForm):
    """What the public says is wrong. No name and no address is asked for."""

    submit_label = "Send"

    about = RadioField(
        label="What is wrong?",
        choices=ErrorReport.About.choices,
        error_messages={"required": "Choose what is wrong"},
    )
    words = forms.CharField(
        label="What should it say?",
        help_text="Say where that can be seen, if you know. Write nothing about a person, "
        "and nothing about yourself: nobody can answer you here.",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": "Enter what it should say",
            "max_length": f"Write at most {LONGEST:,} letters",
        },
    )
