"""The phone call in progress: the questions in the order in which they help, and no more."""

import re
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from crispy_forms_gds.layout import Field
from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.forms import RadioField, WhenField, YesNo, YesNoNotAsked
from nrm_tracker.ui.moments import When
from organisations.models import Nation
from referrals.actions import Beside, Calling, Happening, Opening
from referrals.catalogue import TIGHTENING_RISKS, URGENT_RISKS, AgeGroup, EventCode, Precision, Risk
from referrals.errors import NotAPseudonym
from referrals.forms.base import KeyedForm, OwnForm
from referrals.models import Referral, Submission
from referrals.pseudonyms import read_word

AGES = (
    (AgeGroup.CHILD, "Yes"),
    (AgeGroup.NOT_SURE, "They might be (treated as a child)"),
    (AgeGroup.ADULT, "No"),
)
# Seven digits, written in one go or in groups: a telephone number, which times of day are not.
NUMBER = re.compile(r"(?:\d[ ()]*){7,}|\d{3,6}[-.]\d{5,}|\d{3,}(?:[-.]\d{3,}){2,}|@")
NO_NUMBER = "Do not enter a number here, or an address: say only which days and hours are safe."


def urgent(risk: Risk) -> YesNoNotAsked:
    return YesNoNotAsked(label=f"{risk.label}?", initial="not_asked", required=False)


class InDanger:
    """Beside the first question: whom to ring. It stands there before anything is saved."""

    def render(self, form: "OpeningForm", _context: Any, **_: Any) -> str:
        page = {"danger": form.whom_to_call}
        return render_to_string("referrals/danger.html", page)


class OpeningForm(OwnForm, KeyedForm):
    """Log a referral. Only age and nation must be answered: everything else may wait."""

    submit_label = "Save the referral"

    danger = YesNo(label="Is the person in danger now?", required=False)
    free_to_talk = YesNo(
        label="Are they alone and free to talk?",
        help_text="If not: ask only what can be answered by yes or no, and agree when to speak.",
        required=False,
    )
    pseudonym = forms.CharField(
        label="A word for the person",
        help_text="Stands on every page in place of a name. Never a real name.",
        max_length=40,
        error_messages={"required": "Enter one of the offered words"},
    )
    age_group = RadioField(
        label="Are they under 18?",
        choices=AGES,
        error_messages={"required": "Choose whether they are under 18, or might be"},
    )
    nation = RadioField(
        label="Where are they?",
        choices=Nation.choices,
        error_messages={"required": "Choose the nation in which the person is"},
    )
    made_contact = RadioField(
        label="Who is in touch?", choices=Referral.Contact.choices, required=False
    )
    channel = RadioField(label="How?", choices=Referral.Channel.choices, required=False)
    first_contact = WhenField(
        label="When did they first ask for help?",
        help_text="Leave this empty if it is now. A time alone means today.",
        what="when they first asked for help",
        about=True,
        today=True,
        required=False,
    )
    unclear = forms.BooleanField(
        label="The signs of modern slavery are not clear yet", required=False
    )
    still_in_exploitation = urgent(Risk.STILL_IN_EXPLOITATION)
    trafficker_contact_within_week = urgent(Risk.TRAFFICKER_CONTACT_WITHIN_WEEK)
    suicide_or_self_harm_risk = urgent(Risk.SUICIDE_OR_SELF_HARM_RISK)
    risks = forms.MultipleChoiceField(
        label="Is anything else known?",
        choices=[(risk.value, risk.label) for risk in TIGHTENING_RISKS if risk not in URGENT_RISKS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    call_back = YesNoNotAsked(label="May we call back?", initial="not_asked", required=False)
    call_when = forms.CharField(
        label="When is it safe to call?",
        help_text="Days and hours only. No number or address is kept here.",
        max_length=200,
        required=False,
    )
    voicemail_is_safe = forms.BooleanField(label="Voicemail is safe", required=False)

    def __init__(
        self, *args: Any, words: Sequence[str], whom_to_call: object, **kwargs: Any
    ) -> None:
        """`words` are offered for the person, the first one filled in; on paper there are none."""
        super().__init__(*args, **kwargs)
        self.whom_to_call = whom_to_call
        if words:
            word = self.fields["pseudonym"]
            word.initial = words[0]
            word.help_text = f"{word.help_text} Or: {', '.join(words[1:])}."

    def layout(self) -> Sequence[Any]:
        return [
            _inline("danger"),
            InDanger(),
            _inline("free_to_talk"),
            Field.text("pseudonym", field_width=20),
            _inline("age_group"),
            _inline("nation"),
            _inline("made_contact"),
            _inline("channel"),
            "first_contact",
            Field.checkbox("unclear", small=True),
            *(_inline(risk.value) for risk in URGENT_RISKS),
            Field.checkboxes("risks", small=True),
            _inline("call_back"),
            "call_when",
            Field.checkbox("voicemail_is_safe", small=True),
        ]

    def clean_pseudonym(self) -> str:
        try:
            return read_word(self.cleaned_data["pseudonym"])
        except NotAPseudonym as refused:
            raise ValidationError(str(refused)) from refused

    def clean_call_when(self) -> str:
        said: str = self.cleaned_data["call_when"]
        if NUMBER.search(said):
            raise ValidationError(NO_NUMBER)
        return said

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self._is_in_use(cleaned.get("pseudonym"), key=cleaned.get("key")):
            self.add_error("pseudonym", "Somebody has this word already. Use another one.")
        agreed = cleaned.get("call_when") or cleaned.get("voicemail_is_safe")
        if agreed and cleaned.get("call_back") != "yes":
            self.add_error("call_back", "Choose yes if they agreed to be called back")
        return cleaned

    def _is_in_use(self, word: str | None, *, key: UUID | None) -> bool:
        """Whether another open referral has the word; one that this very form made has not."""
        if not word or not key:
            return False
        sent = Submission.objects.visible_to(self.membership).filter(key=key)
        made = sent.filter(referral__isnull=False).values("referral")
        others = Referral.objects.visible_to(self.membership).open().exclude(pk__in=made)
        return others.filter(pseudonym=word).exists()

    def opening(self, *, follows: Referral | None, beside: Beside | None) -> Opening:
        """The answers as an action takes them, with the events that they imply."""
        answers = self.cleaned_data
        return Opening(
            pseudonym=answers["pseudonym"],
            age_group=answers["age_group"],
            nation=answers["nation"],
            happenings=list(self._happenings()),
            assigned_to=self.membership.user_id,
            made_contact=answers["made_contact"],
            channel=answers["channel"],
            calling=self._calling(),
            follows=follows,
            beside=beside,
        )

    def _calling(self) -> Calling | None:
        answers = self.cleaned_data
        if answers["call_back"] not in {"yes", "no"}:
            return None
        return Calling(
            may_call=answers["call_back"] == "yes",
            when=answers["call_when"],
            voicemail_is_safe=answers["voicemail_is_safe"],
            agreed_at=self._call().at,
        )

    def _happenings(self) -> Iterator[Happening]:
        """First contact and, by the same call, what was found out in it.

        Answers belong to the instant of first contact where that was on the day of the call; to
        the call where the person first asked for help on an earlier day, or at an unknown time.
        """
        call = self._call()
        first = self.cleaned_data["first_contact"] or call
        at, precision = first.at, first.precision
        yield Happening(
            code=EventCode.INITIAL_CONTACT,
            happened_at=at,
            precision=precision,
            detail=self._first_words(),
        )
        if not self.cleaned_data["unclear"]:
            yield Happening(
                code=EventCode.INDICATORS_IDENTIFIED, happened_at=at, precision=precision
            )
        if precision == Precision.DAY or london_date(at) != london_date(call.at):
            at, precision = call.at, call.precision
        for risk in self._risks():
            yield Happening(
                code=EventCode.RISK_FLAG_ADDED, happened_at=at, precision=precision, risk=risk
            )
        if all(self.cleaned_data[risk] in {"yes", "no"} for risk in URGENT_RISKS):
            yield Happening(
                code=EventCode.IMMEDIATE_SAFETY_CHECKED, happened_at=at, precision=precision
            )

    def _risks(self) -> list[str]:
        said_yes = [risk.value for risk in URGENT_RISKS if self.cleaned_data[risk] == "yes"]
        return [*said_yes, *self.cleaned_data["risks"]]

    def _first_words(self) -> str:
        """What was answered to the two questions that come before everything else."""
        asked = ("danger", "In danger now"), ("free_to_talk", "Alone and free to talk")
        said = [(words, self.cleaned_data[name]) for name, words in asked]
        return " ".join(f"{words}: {answer}." for words, answer in said if answer)

    def _call(self) -> When:
        """When these answers were given."""
        if self.now is None:
            raise TypeError("A form that opens a referral needs GovukForm(now=...)")
        return When(self.now, Precision.EXACT)


def _inline(name: str) -> Field:
    return Field.radios(name, inline=True, small=True)
