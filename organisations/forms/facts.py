"""The facts of an organisation: as the register keeps them, and as it keeps its own."""

from collections.abc import Sequence
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from nrm_tracker.ui.forms import RadioField, YesNo
from nrm_tracker.ui.parts import Difference
from nrm_tracker.ui.words import DAYS
from organisations.domains import NotADomain, domain
from organisations.forms.base import YES_NO, RegisterForm
from organisations.lawful_basis import LawfulBasis, SpecialCondition
from organisations.models import Nation, Organisation
from organisations.models.organisation import monday_to_friday
from organisations.scope import Kind


class HoursForm(RegisterForm):
    """When an organisation is open, and who is on call when it is not."""

    on_call = forms.CharField(
        label="Who is on call out of hours?",
        help_text="A role and how to reach it: no private number. Shown to whoever needs it then.",
        max_length=200,
        required=False,
    )
    always_open = forms.BooleanField(label="It answers day and night", required=False)
    open_days = forms.TypedMultipleChoiceField(
        label="On which days is it open?",
        help_text="It is taken to be closed on bank holidays.",
        choices=list(enumerate(DAYS, start=1)),
        coerce=int,
        initial=monday_to_friday,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    opens_at = forms.TimeField(label="Opens at", initial=time(9))
    closes_at = forms.TimeField(label="Closes at", initial=time(17))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", "Enter a closing time after the opening time")
        return cleaned


HOURS = ("on_call", "always_open", "open_days", "opens_at", "closes_at")


class OwnOrganisationForm(HoursForm):
    """What an organisation says of itself."""

    submit_label = "Save"

    lawful_basis = RadioField(
        label="On what lawful basis do you keep these records?",
        help_text="Your own decision under data protection law. A person's consent to the NRM is "
        "something else: it is theirs, and is recorded for each of them.",
        choices=[*LawfulBasis.choices, ("", "Not decided yet")],
        required=False,
    )
    special_condition = RadioField(
        label="Under which condition for special category data?",
        choices=[*SpecialCondition.choices, ("", "Not decided yet")],
        required=False,
    )

    field_order = [*HOURS, "lawful_basis", "special_condition"]


class Domains(forms.CharField):
    """E-mail domains, separated by spaces or commas."""

    def clean(self, value: Any) -> list[str]:
        found = []
        for word in super().clean(value).replace(",", " ").split():
            try:
                found.append(domain(word.lstrip("@")))
            except NotADomain as wrong:
                raise ValidationError(
                    f"“{word}” is not a domain. Enter domains like example.org.uk"
                ) from wrong
        return found


class FactsForm(HoursForm):
    """What the register says of an organisation."""

    submit_label = "Save"

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(
        label="Name",
        max_length=200,
        error_messages={"required": "Enter the organisation's name"},
    )
    kind = forms.ChoiceField(
        label="Of what kind is it?", choices=[("", "Not known"), *Kind.choices], required=False
    )
    is_statutory = YesNo(label="Is it a public authority?")
    duty_to_notify = YesNo(
        label="Does it have the Duty to Notify?",
        help_text="Bodies named in section 52 of the Modern Slavery Act 2015, and Home Office "
        "commands; not every public authority.",
    )
    nations = forms.MultipleChoiceField(
        label="Where does it take people?",
        help_text="Leave it empty where that is not known.",
        choices=Nation.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    takes = forms.CharField(
        label="Whom can it take?",
        help_text="For example: women over 18 who were exploited sexually.",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    email_domains = Domains(
        label="E-mail domains",
        help_text="Those of its staff, separated by spaces. Only who has an address there can be "
        "invited; a part of a domain (like mail.example.org.uk) stands for itself.",
        required=False,
    )
    telephone = forms.CharField(
        label="Telephone for referrals", help_text="A public number.", max_length=40, required=False
    )
    field_order = [
        "name",
        "kind",
        "is_statutory",
        "duty_to_notify",
        "nations",
        "takes",
        "email_domains",
        "telephone",
        *HOURS,
    ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in ("is_statutory", "duty_to_notify"):
            cleaned[name] = cleaned.get(name) == "yes"
        return cleaned


def differences(form: HoursForm, organisation: Organisation) -> list[Difference]:
    """Where what was typed is not what is saved by now."""
    facts = own_facts_of if isinstance(form, OwnOrganisationForm) else facts_of
    theirs = facts(organisation)
    return [
        Difference(str(form.fields[name].label), yours=_words(yours), theirs=_words(theirs[name]))
        for name, yours in facts(Organisation(**_columns(form))).items()
        if name != "version" and yours != theirs[name]
    ]


def _columns(form: HoursForm) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name != "version"}


def _words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def facts_of(organisation: Organisation) -> dict[str, Any]:
    """What `FactsForm` shows at first."""
    return {
        "version": organisation.version,
        "name": organisation.name,
        "kind": organisation.kind,
        "is_statutory": YES_NO[organisation.is_statutory],
        "duty_to_notify": YES_NO[organisation.duty_to_notify],
        "nations": organisation.nations,
        "takes": organisation.takes,
        "email_domains": " ".join(organisation.email_domains),
        "telephone": organisation.telephone,
        **_as_kept(organisation, HOURS),
    }


def own_facts_of(organisation: Organisation) -> dict[str, Any]:
    """What `OwnOrganisationForm` shows at first."""
    names = (*HOURS, "lawful_basis", "special_condition")
    return {"version": organisation.version, **_as_kept(organisation, names)}


def _as_kept(organisation: Organisation, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(organisation, name) for name in names}
