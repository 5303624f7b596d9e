"""Consent in its layers: asked of an adult, each layer apart, and each may stay open."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from crispy_forms_gds.layout import Field
from django import forms

from nrm_tracker.ui.forms import RadioField
from organisations.lawful_basis import LawfulBasis, SpecialCondition
from referrals.actions import Happening
from referrals.catalogue import ConsentType, EventCode, Given
from referrals.forms.base import ReferralForm
from referrals.forms.events import RecordForm, said_how

ANSWERS = (
    ("", "Not discussed"),
    (EventCode.CONSENT_RECORDED, "Consents"),
    (EventCode.CONSENT_REFUSED, "Does not consent"),
    (EventCode.CONSENT_UNDECIDED, "Undecided"),
    (EventCode.CONSENT_WITHDRAWN, "Withdraws consent"),
)
CONSENTS: Mapping[str, ConsentType] = {f"consent_{kind.value}": kind for kind in ConsentType}


class ConsentForm(RecordForm):
    """What the person said to each layer, at one instant, and how they said it."""

    nrm_explained = forms.BooleanField(
        label="I explained the NRM, and that it is their choice", required=False
    )
    given = said_how()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, kind in CONSENTS.items():
            self.fields[name] = RadioField(
                label=kind.label, choices=ANSWERS, required=False, initial=""
            )

    def layout(self) -> list[Any]:
        return [
            Field.checkbox("nrm_explained", small=True),
            *(Field.radios(name, inline=True, small=True) for name in CONSENTS),
            Field.radios("given", inline=True, small=True),
            "happened_at",
            "detail",
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("nrm_explained") and not any(cleaned.get(name) for name in CONSENTS):
            self.add_error("consent_nrm", "Choose what they said to at least one of these")
        return cleaned

    def happenings(self) -> list[Happening]:
        first, *others = consents_of(self)
        return [replace(first, detail=self.cleaned_data["detail"]), *others]


def consents_of(form: RecordForm) -> list[Happening]:
    """What a form with the questions of consent says of it."""
    said = form.cleaned_data
    explained = [form.happening(EventCode.NRM_EXPLAINED)] if said["nrm_explained"] else []
    return explained + [
        form.happening(said[name], consent_type=kind, given=said["given"])
        for name, kind in CONSENTS.items()
        if said.get(name)
    ]


CHILD = "child"
WHO = (
    (CHILD, "The child"),
    (Given.PARENT, "A person with parental responsibility"),
    (Given.LOCAL_AUTHORITY, "The local authority that is responsible"),
)
YES = "yes"


class ChildSharingForm(RecordForm):
    """Whether what is recorded about a child may be given on, such as in a proof of wait."""

    submit_label = "Record what was said"

    who = RadioField(
        label="Who said so?", choices=WHO, error_messages={"required": "Choose who said so"}
    )
    answer = RadioField(
        label="Did they agree?",
        choices=[(YES, "Yes"), ("no", "No, or not any more")],
        error_messages={"required": "Choose whether they agreed"},
    )

    field_order = ["who", "answer", "happened_at", "detail"]

    def happenings(self) -> list[Happening]:
        said, agreed = self.cleaned_data, self.cleaned_data["answer"] == YES
        if said["who"] == CHILD:
            code = EventCode.CONSENT_RECORDED if agreed else EventCode.CONSENT_REFUSED
            facts = {"consent_type": ConsentType.SHARING}
        else:
            code = EventCode.SHARING_AGREED_FOR if agreed else EventCode.SHARING_REFUSED_FOR
            facts = {"given": said["who"]}
        return [self.happening(code, detail=said["detail"], **facts)]


class BasisForm(ReferralForm):
    """The lawful basis of one record. It is not the person's consent to anything."""

    submit_label = "Save"

    lawful_basis = RadioField(
        label="Lawful basis",
        choices=[("", "As usual in this organisation"), *LawfulBasis.choices],
        required=False,
    )
    special_condition = RadioField(
        label="Condition for special category data",
        choices=[("", "As usual in this organisation"), *SpecialCondition.choices],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("lawful_basis", "special_condition"):
            self.fields[name].initial = getattr(self.referral, name)
