"""Say what is being done about a delay, or that it is none: what was waited for has happened."""

from collections.abc import Sequence
from typing import Any

from django import forms

from nrm_tracker.ui.forms import DateField, RadioField
from organisations.models import Organisation
from referrals.actions import Happening
from referrals.catalogue import CONSENT_CODES, OUTCOMES_OF, EventCode
from referrals.delays import Threshold
from referrals.doors import asks, needs
from referrals.forms.base import ReferralForm
from referrals.forms.events import LETTER_DATE, HappeningForm, moment, register_choice
from referrals.models import TakenUp, WaitEvent

# Consent to what, and how many days, must be said; a reconsideration is recorded as its letter.
NOT_OFFERED = (
    EventCode.INITIAL_CONTACT,
    EventCode.CONTACT_INTERVAL_AGREED,
    *CONSENT_CODES,
    "rg_reconsidered:positive",
)
EXTRAS = ("submitted_by", "organisation", "outcome", "dated_on")


class TakeUpForm(ReferralForm):
    submit_label = "Take this up"

    reason = RadioField(
        label="Why does it take so long?",
        choices=TakenUp.Reason.choices,
        error_messages={"required": "Choose why it takes so long"},
    )
    doing = forms.CharField(
        label="What is being done?",
        help_text="Facts, not opinion: this can be disclosed in court. No names or numbers.",
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "Enter what is being done"},
    )
    review_on = DateField(label="When will you look again?", what="the date to look again")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "reason" in cleaned:
            cleaned["reason"] = TakenUp.Reason(cleaned["reason"])
        return cleaned


def end_events(threshold: Threshold) -> list[str]:
    """What may have ended a wait of this rule, as keys: a code, or a code and its detail."""
    groups = (
        threshold.same_organisation,
        threshold.ends,
        threshold.dated_ends,
        threshold.birthday_ends,
        threshold.until_next,
    )
    keys = dict.fromkeys(key for group in groups for key in group)
    return [key for key in keys if key not in NOT_OFFERED]


class AlreadyHappenedForm(HappeningForm):
    """What ended the wait, and when. Asks what else the chosen event needs, no more."""

    submit_label = "Record it"

    code = RadioField(label="What happened?", error_messages={"required": "Choose what happened"})
    happened_at = moment(required=True, hint="A time alone means today.")
    submitted_by = register_choice(
        label="If the NRM referral was submitted: by whom?", required=False
    )
    organisation = register_choice(label="If an organisation accepted: which one?", required=False)
    outcome = RadioField(label="If something came of it: what?", required=False)
    dated_on = DateField(
        label="Date on the letter", what="the date on the letter", past=True, required=False
    )

    field_order = [
        "code",
        "happened_at",
        "submitted_by",
        "organisation",
        "outcome",
        "dated_on",
        "detail",
    ]
    missing = {
        "submitted_by": "Choose the organisation that submitted the NRM referral",
        "organisation": "Choose the organisation",
        "outcome": "Choose what came of it",
        "dated_on": LETTER_DATE,
    }

    def __init__(
        self, *args: Any, threshold: Threshold, started_by: WaitEvent, own: Organisation, **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.threshold, self.started_by = threshold, started_by
        self.not_before = started_by.happened_at
        self.keys = end_events(threshold)
        self._offer("code", [(key, EventCode(_code(key)).label) for key in self.keys])
        for field in EXTRAS:
            if not any(self._asks(field, key) for key in self.keys):
                del self.fields[field]
        outcomes = (each for key in self.keys for each in OUTCOMES_OF.get(_code(key), ()))
        self._offer("outcome", [(each.value, each.label) for each in dict.fromkeys(outcomes)])
        if len(self.keys) == 1:
            self.fields["code"].initial = self.keys[0]
        if "submitted_by" in self.fields:
            self.fields["submitted_by"].initial = own

    def _asks(self, field: str, key: str) -> bool:
        """Whether this answer asks more; the organisation that was asked is known already."""
        known = field == "organisation" and key in self.threshold.same_organisation
        return asks(field, _code(key)) and not known

    def _offer(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        field = self.fields.get(name)
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        key = cleaned.get("code", "")
        for field in filter(self.fields.__contains__, EXTRAS):
            given = cleaned.get(field)
            if not self._asks(field, key):
                cleaned[field] = None
                continue
            wrong = field == "outcome" and given and given not in OUTCOMES_OF[_code(key)]
            if wrong or (not given and needs(field, _code(key))):
                self.add_error(field, self.missing[field])
        return cleaned

    def said(self) -> Happening:
        key = self.cleaned_data["code"]
        code, _, detail = key.partition(":")
        given = {field: self.cleaned_data.get(field) for field in EXTRAS}
        facts: dict[str, Any] = {field: value for field, value in given.items() if value}
        if key in self.threshold.same_organisation:
            facts["organisation"] = self.started_by.organisation
        if detail:
            facts["consent_type" if code.startswith("consent_") else "outcome"] = detail
        return self.happening(code, detail=self.cleaned_data["detail"], **facts)


def _code(key: str) -> str:
    return key.partition(":")[0]
