"""The doors to recording what happened."""

from collections.abc import Mapping, Sequence
from typing import Any

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.layout import Field, Fieldset, Size
from django import forms
from django.utils.html import format_html

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.forms import DateField, RadioField
from nrm_tracker.ui.words import day_in_words
from organisations.models import Organisation
from referrals.actions import Calling, Happening, PlanAnswer
from referrals.catalogue import EventCode, Outcome, Risk
from referrals.contact import Method, Terms, hours_in_words
from referrals.doors import needs
from referrals.forms.consent import ANSWERS as CONSENT_ANSWERS
from referrals.forms.consent import CONSENTS, consents_of
from referrals.forms.events import LETTER_DATE, RecordForm, every_days, responders, said_how
from referrals.forms.interval import HOW_OFTEN, ask_how_often, interval_over
from referrals.in_touch import Interval
from referrals.models import WaitEvent
from referrals.pages.plans import Plan

EARLIER = "earlier:"  # an answer to the approach with this id, not a new one
NO_ANSWER = "no_answer"
HOLDS, HOLDS_NOT = "yes", "no"
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


class SpokeForm(RecordForm):
    nrm_explained = forms.BooleanField(
        label="I explained the NRM, and that it is their choice", required=False
    )
    risks = forms.MultipleChoiceField(
        label="Risks now",
        help_text="Those recorded are ticked. Untick what is over, tick what is new.",
        choices=Risk.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    risks_before = forms.CharField(widget=forms.HiddenInput, required=False)
    safety_checked = forms.BooleanField(
        label="I asked about every urgent risk: the safety screen is complete", required=False
    )
    call_back = RadioField(
        label="May we call them?",
        choices=[("yes", "Yes"), ("no", "No: do not call"), ("", "We did not speak about this")],
        required=False,
        initial="",
    )
    call_when = forms.CharField(
        label="When is it safe to call?",
        help_text="Days and hours, such as Monday to Friday 10:00 to 15:00. No number.",
        required=False,
        max_length=200,
    )
    voicemail_is_safe = forms.BooleanField(label="A voicemail is safe", required=False)
    every_days = every_days(label=HOW_OFTEN, required=False)
    interval_over = interval_over()

    def __init__(
        self,
        *args: Any,
        present: Sequence[Risk] = (),
        asked: bool = True,
        watching: Sequence[Plan] = (),
        interval: Interval | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.interval = interval
        self.present, self.asked = set(present), asked
        self.watching = watching
        ask_how_often(self, interval)
        self.watched = {f"plan_{plan.taken_up}": plan for plan in watching if plan.if_it_holds}
        self.fields |= {name: _holds(plan) for name, plan in self.watched.items()}
        self.fields["risks"].initial = list(present)
        self.fields["risks_before"].initial = ",".join(present)
        if asked:
            for name, kind in CONSENTS.items():
                self.fields[name] = forms.ChoiceField(
                    label=kind.label, choices=CONSENT_ANSWERS, required=False
                )
            self.fields["given"] = said_how()

    def layout(self) -> Sequence[Any]:
        how = Field.radios("given", inline=True, small=True)
        consent = (
            [Fieldset("nrm_explained", *CONSENTS, how, legend="Consent", legend_size=Size.MEDIUM)]
            if self.asked
            else []
        )
        calling = Fieldset(
            "call_back",
            "call_when",
            "voicemail_is_safe",
            legend="Calling them",
            legend_size=Size.MEDIUM,
        )
        over = [Field.checkbox("interval_over", small=True)] if self.interval else []
        often = Fieldset(
            Field.text("every_days", field_width=2),
            *over,
            legend="Being in touch",
            legend_size=Size.MEDIUM,
        )
        explained = [] if self.asked else ["nrm_explained"]
        watched = (
            [Fieldset(*self.watched, legend="What you are watching", legend_size=Size.MEDIUM)]
            if self.watched
            else []
        )
        return [
            *explained,
            *consent,
            "risks",
            "safety_checked",
            calling,
            often,
            *watched,
            "happened_at",
            "detail",
            *self.about_others,
        ]

    def happenings(self) -> list[Happening]:
        said = self.cleaned_data
        found = [self.happening(EventCode.CONTACT_MADE, detail=said["detail"])]
        found += consents_of(self)
        found += self._risks_changed()
        if said["safety_checked"]:
            found.append(self.happening(EventCode.IMMEDIATE_SAFETY_CHECKED))
        return found + self._interval()

    def _interval(self) -> list[Happening]:
        """What was newly agreed about how often, if anything was."""
        if self.cleaned_data.get("interval_over"):
            return [self.happening(EventCode.CONTACT_INTERVAL_WITHDRAWN)]
        if days := self.cleaned_data["every_days"]:
            return [self.happening(EventCode.CONTACT_INTERVAL_AGREED, every_days=days)]
        return []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("interval_over") and cleaned.get("every_days"):
            self.add_error("every_days", "Enter the days, or say that nothing is agreed: not both")
        return cleaned

    def _risks_changed(self) -> list[Happening]:
        """What was ticked and unticked, against the boxes as they were shown."""
        ticked = set(self.cleaned_data["risks"])
        shown = set(self.cleaned_data["risks_before"].split(","))
        added = [risk for risk in Risk if risk in ticked - shown - self.present]
        over = [risk for risk in Risk if risk in (shown - ticked) & self.present]
        return [
            *(self.happening(EventCode.RISK_FLAG_ADDED, risk=risk) for risk in added),
            *(self.happening(EventCode.RISK_FLAG_REMOVED, risk=risk) for risk in over),
        ]

    @property
    def outworn(self) -> list[Plan]:
        """Plans that no word carries any further."""
        return [plan for plan in self.watching if not plan.if_it_holds]

    def calling(self) -> Calling | None:
        said = self.cleaned_data
        if not said["call_back"]:
            return None
        may_call = said["call_back"] == "yes"
        return Calling(
            may_call=may_call,
            when=said["call_when"] if may_call else "",
            voicemail_is_safe=said["voicemail_is_safe"],
            agreed_at=self.moment()[0],
        )

    def plans(self) -> list[PlanAnswer]:
        said = {name: self.cleaned_data[name] for name in self.watched}
        spoke_on = london_date(self.moment()[0])
        return [
            PlanAnswer(
                taken_up=self.watched[name].taken_up, holds=answer == HOLDS, spoke_on=spoke_on
            )
            for name, answer in said.items()
            if answer
        ]


def calling_of(terms: Terms) -> dict[str, Any]:
    """What stands agreed about calling, as the fields of "I spoke" hold it."""
    safe, unsafe = Method.TELEPHONE in terms.safe, Method.TELEPHONE in terms.unsafe
    return {
        "call_back": "yes" if safe else "no" if unsafe else "",
        "call_when": hours_in_words(terms) if safe else "",
        "voicemail_is_safe": Method.VOICEMAIL in terms.safe,
    }


def _holds(plan: Plan) -> RadioField:
    """The question whether a plan holds; not answered, nothing changes."""
    return RadioField(
        label=f"{plan.words}. Does this plan still hold?",
        help_text=format_html(
            "“<bdi>{}</bdi>” <bdi>{}</bdi>. To be looked at again by {}.",
            plan.doing,
            plan.by,
            plan.review_on,
        ),
        choices=[
            (HOLDS, f"Yes: look again by {plan.if_it_holds}"),
            (HOLDS_NOT, "No: somebody must look at it again"),
            ("", "I do not say: leave it as it is"),
        ],
        required=False,
        initial="",
    )


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
