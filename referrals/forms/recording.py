"""What an organisation or the Home Office said: two doors to recording what happened."""

from collections.abc import Mapping, Sequence
from typing import Any

from crispy_forms_gds.choices import Choice
from django import forms

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.forms import DateField, RadioField
from nrm_tracker.ui.words import day_in_words
from organisations.models import Organisation
from referrals.actions import Happening
from referrals.catalogue import EventCode, Outcome
from referrals.doors import needs
from referrals.forms.events import LETTER_DATE, RecordForm, responders
from referrals.models import WaitEvent

EARLIER = "earlier:"  # an answer to the approach with this id, not a new one
NO_ANSWER = "no_answer"
ANSWERS: Mapping[str, tuple[str, EventCode | None]] = {
    NO_ANSWER: ("No answer yet", None),
    "no_capacity": ("They have no capacity", EventCode.FRO_DECLINED_CAPACITY),
    "scope": ("This is outside what they take", EventCode.FRO_DECLINED_SCOPE),
    "other": ("They cannot, for another reason", EventCode.FRO_DECLINED_OTHER),
    "waitlisted": ("They put the person on a waiting list", EventCode.FRO_WAITLISTED),
    "accepted": ("They accept the referral", EventCode.FRO_ACCEPTED),
}
LETTERS = (
    ("referral_acknowledged", "They have the NRM referral"),
    ("allocated:sca", "Allocated to the Single Competent Authority"),
    ("allocated:ieca", "Allocated to the Immigration Enforcement Competent Authority"),
    ("allocated:devolved", "Allocated to the devolved panel of a local authority"),
    ("rg_decision:positive", "Reasonable Grounds decision: positive"),
    ("rg_decision:negative", "Reasonable Grounds decision: negative"),
    (
        "rg_decision:positive+cg_decision:positive",
        "Reasonable and Conclusive Grounds in one letter: both positive",
    ),
    (
        "rg_decision:positive+cg_decision:negative",
        "Reasonable and Conclusive Grounds in one letter: positive, then negative",
    ),
    ("cg_decision:positive", "Conclusive Grounds decision: positive"),
    ("cg_decision:negative", "Conclusive Grounds decision: negative"),
    ("reconsideration_decided:positive", "Reconsideration: the decision is now positive"),
    ("reconsideration_decided:negative", "Reconsideration: the decision stays negative"),
    ("public_order_disqualification", "Disqualified on grounds of public order (section 63)"),
)


def _letter(value: str, words: str, not_now: Mapping[str, str]) -> Any:
    """One answer; where it is not possible as things stand, with what to do first."""
    code = value.partition(":")[0]
    return Choice(value, words, hint=not_now[code]) if code in not_now else (value, words)


class RangForm(RecordForm):
    organisation = forms.ChoiceField(
        label="Which organisation did you ring?",
        error_messages={"required": "Choose the organisation that you rang"},
    )
    answer = RadioField(
        label="What did they answer?",
        choices=[(code, label) for code, (label, _) in ANSWERS.items()],
        error_messages={"required": "Choose what they answered"},
    )

    field_order = ["organisation", "answer", "happened_at", "detail"]

    def __init__(
        self, *args: Any, approaches: Sequence[WaitEvent] = (), rang: str = "", **kwargs: Any
    ) -> None:
        """`rang` is the id of the organisation that is chosen at first."""
        super().__init__(*args, **kwargs)
        self.approaches = {f"{EARLIER}{each.pk}": each for each in approaches}
        self.register = {str(each.pk): each for each in responders()}
        field = self.fields["organisation"]
        if isinstance(field, forms.ChoiceField):
            field.choices = self._choices()
        awaited = {str(each.organisation_id): value for value, each in self.approaches.items()}
        field.initial = awaited.get(rang, rang)

    def _choices(self) -> list[Any]:
        register = [(pk, organisation.name) for pk, organisation in self.register.items()]
        if not self.approaches or self.now is None:
            return [("", "Choose an organisation"), *register]
        today = london_date(self.now)
        waiting = [
            (
                value,
                f"{each.organisation}: they answered the approach of "
                f"{day_in_words(london_date(each.happened_at), today=today)}",
            )
            for value, each in self.approaches.items()
        ]
        return [
            ("", "Choose an organisation"),
            ("An answer to an earlier approach", waiting),
            ("A new approach", register),
        ]

    def happenings(self) -> list[Happening]:
        chosen, detail = self.cleaned_data["organisation"], self.cleaned_data["detail"]
        answer = ANSWERS[self.cleaned_data["answer"]][1]
        if earlier := self.approaches.get(chosen):
            code = answer or EventCode.FRO_NO_RESPONSE
            self.not_before = earlier.happened_at
            return [self.happening(code, organisation=earlier.organisation, detail=detail)]
        organisation: Organisation = self.register[chosen]
        approach = self.happening(EventCode.FRO_APPROACHED, organisation=organisation)
        if answer is None:
            return [self.happening(approach.code, organisation=organisation, detail=detail)]
        return [approach, self.happening(answer, organisation=organisation, detail=detail)]


class WroteForm(RecordForm):
    letter = RadioField(
        label="What does it say?",
        choices=LETTERS,
        error_messages={"required": "Choose what the letter says"},
    )
    dated_on = DateField(
        label="Date on the letter",
        what="the date on the letter",
        help_text="The time to ask for a reconsideration runs from this date.",
        past=True,
        required=False,
    )

    field_order = ["letter", "dated_on", "happened_at", "detail"]

    def __init__(self, *args: Any, not_now: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        """`not_now`: by code of an event, why it is not possible as things stand."""
        super().__init__(*args, **kwargs)
        self.fields["happened_at"].label = "When did it arrive?"
        field = self.fields["letter"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [_letter(value, words, not_now or {}) for value, words in LETTERS]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        code = cleaned.get("letter", "").partition(":")[0]
        dated = cleaned.get("dated_on") or "dated_on" in self.errors
        if needs("dated_on", code) and not dated:
            self.add_error("dated_on", LETTER_DATE)
        return cleaned

    def happenings(self) -> list[Happening]:
        said = [each.partition(":") for each in self.cleaned_data["letter"].split("+")]
        return [
            self.happening(
                code,
                outcome=Outcome(outcome) if outcome else "",
                dated_on=self.cleaned_data["dated_on"],
                detail=self.cleaned_data["detail"],
            )
            for code, _, outcome in said
        ]
