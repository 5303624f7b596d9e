"""Who somebody is. Nothing that is sealed is filled in."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from crispy_forms_gds.layout import Field, Fieldset, Size
from django import forms
from django.core.exceptions import ValidationError

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.forms import DateField
from referrals.actions import WhyLook
from referrals.errors import NotAPseudonym
from referrals.forms.base import ActingForm, ReferralForm
from referrals.identity import Identity
from referrals.pseudonyms import read_word

KEEP = "Leave this empty to keep what is recorded. Write none to remove it."
REACHED_BY = ("telephone", "email", "address")
NONE = "none"


class ShowForm(ActingForm):
    """Ask to see who somebody is. The responsible caseworker need not say why."""

    submit_label = "Show who this is"

    reason = forms.ChoiceField(
        label="Why do you need to see it?",
        choices=[("", "Choose a reason"), *WhyLook.choices],
        error_messages={"required": "Choose why you need to see who this person is"},
    )

    def __init__(self, *args: Any, responsible: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        reason.required = not responsible
        reason.help_text = "It stands in the record of who has looked, with your name."
        if responsible:
            reason.label = "Why do you need to see it? (optional: you are responsible)"


class KeepingForm(ReferralForm):
    """A form some of whose boxes stand empty although something is recorded."""

    keeping: tuple[str, ...] = ()

    def said(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        return "" if text.casefold() == NONE and name in self.keeping else text

    @property
    def kept(self) -> set[str]:
        """Those left empty: what is recorded stays."""
        return {name for name in self.keeping if not self.cleaned_data[name]}


class IdentityForm(KeepingForm):
    submit_label = "Save who this is"
    keeping = REACHED_BY

    given_names = forms.CharField(label="Given names", max_length=200, required=False)
    family_name = forms.CharField(label="Family name", max_length=200, required=False)
    aliases = forms.CharField(
        label="Other names",
        help_text="Also those that an exploiter gave them, or that stand in papers.",
        max_length=300,
        required=False,
    )
    born_on = DateField(
        label="Date of birth",
        help_text="It says when they turn 18.",
        what="the date of birth",
        past=True,
        required=False,
    )
    birth_is_estimated = forms.BooleanField(label="This date is an estimate", required=False)
    age = forms.IntegerField(
        label="Or, where no date is known: how old are they, about?",
        help_text="Counted as if they turned that age today, so that nobody is taken for an adult "
        "too early.",
        min_value=0,
        max_value=120,
        required=False,
    )
    nationality = forms.CharField(label="Nationality", max_length=100, required=False)
    languages = forms.CharField(label="Languages", max_length=200, required=False)
    telephone = forms.CharField(label="Telephone number", max_length=100, required=False)
    email = forms.CharField(label="Email address", max_length=200, required=False)
    address = forms.CharField(
        label="Address",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in REACHED_BY:
            self.fields[name].help_text = KEEP

    def layout(self) -> Sequence[Any]:
        return [
            "given_names",
            "family_name",
            "aliases",
            "born_on",
            Field.checkbox("birth_is_estimated", small=True),
            Field.text("age", field_width=3),
            "nationality",
            "languages",
            Fieldset(*REACHED_BY, legend="Where they can be reached", legend_size=Size.MEDIUM),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("age") is not None and cleaned.get("born_on"):
            self.add_error("age", "Enter a date of birth or an age, not both")
        return cleaned

    @property
    def birthday(self) -> date | None:
        """The date of birth, or the latest one that goes with an age."""
        given: date | None = self.cleaned_data["born_on"]
        age: int | None = self.cleaned_data["age"]
        if age is None or self.now is None:
            return given
        return _years_before(london_date(self.now), age)

    @property
    def is_estimated(self) -> bool:
        return self.cleaned_data["birth_is_estimated"] or self.cleaned_data["age"] is not None

    def identity(self) -> Identity:
        texts = {field.name: self.cleaned_data[field.name] for field in fields(Identity)}
        born = self.birthday
        texts |= {name: self.said(name) for name in REACHED_BY}
        return Identity(**texts | {"born_on": born.isoformat() if born else ""})


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


class WordForm(ReferralForm):
    submit_label = "Change the word"

    pseudonym = forms.CharField(
        label="Another word for the person",
        max_length=40,
        error_messages={"required": "Enter one of the offered words"},
    )

    def __init__(self, *args: Any, words: Sequence[str], taken: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taken = taken
        self.fields["pseudonym"].help_text = f"For example: {', '.join(words)}."

    def clean_pseudonym(self) -> str:
        try:
            word = read_word(self.cleaned_data["pseudonym"])
        except NotAPseudonym as refused:
            raise ValidationError(str(refused)) from refused
        if word in self.taken:
            raise ValidationError("Somebody has this word already. Use another one.")
        return word
