"""A conversation with the person: what was said, agreed and noticed in it."""

from collections.abc import Sequence
from typing import Any

from crispy_forms_gds.layout import Field, Fieldset, Size
from django import forms
from django.utils.html import format_html

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.forms import RadioField
from referrals.actions import Calling, Happening, PlanAnswer
from referrals.catalogue import EventCode, Risk
from referrals.contact import Method, Terms, hours_in_words
from referrals.forms.consent import ANSWERS as CONSENT_ANSWERS
from referrals.forms.consent import CONSENTS, consents_of
from referrals.forms.events import RecordForm, every_days, said_how
from referrals.forms.interval import HOW_OFTEN, ask_how_often, interval_over
from referrals.in_touch import Interval
from referrals.pages.plans import Plan

HOLDS, HOLDS_NOT = "yes", "no"


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
