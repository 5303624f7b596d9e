"""The worklist's filters. They stand in the address; other pages link here with them.

Each narrows the list, and all of them together; one left empty does not.

- `state`: open, closed, all. Left out: open, unless the list is asked for by delay, month or text.
- `submitted`: yes, no. `clock`: none (open, not submitted, and nothing measures the wait).
- `attention` (new, owned, due, needed: new or due), `severity`, `rule`, `stage`, `cause`,
  `waits_on`, `ringing` (1: told at once or on the Today list): judged together, of one delay.
  A `stage` leaves out what is only measured.
- `nation`, `age` (child: or might be one; adult), `risk` (1), `since` (YYYY-MM, first contact).
- `asked_since`, `asked_until`: YYYY-MM, first contact. `counted`: whom a figure counts, by its code
  (see referrals.ways), of those that the other filters choose.
- `caseworker`: me, none, or the id of a user.
- `closed_as`: why it was closed, a code, `left` (before entry: see LEFT) or `unsaid`;
  `closed_since`, `closed_until`: YYYY-MM. `contact`: lost (open, and out of contact now).
- `due_within_days`: the next limit. `failed` (1): could not be assessed.
- `found`: references, with commas between: what `FindForm` found. The words themselves are sent by
  POST, and stand in no address.
- `after`, `before`: the reference at which a page begins or ends.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any, cast

from crispy_forms_gds.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError

from nrm_tracker.ui.forms import GovukForm
from nrm_tracker.ui.words import count
from organisations.models import Membership, Nation
from referrals.catalogue import CLOSE_REASONS, Severity
from referrals.models import Attention, TakenUp
from referrals.references import read_reference
from referrals.stages import Stage
from referrals.thresholds import all_thresholds
from referrals.ways.groups import IN_WORDS

Choices = Iterable[tuple[str, str]]
DELAY_FILTERS = ("attention", "severity", "rule", "stage", "cause", "waits_on", "ringing")
CLOSED_FILTERS = ("closed_as", "closed_since", "closed_until")
ASKED_FILTERS = ("since", "asked_since", "asked_until")
BEYOND_OPEN = (*DELAY_FILTERS, *CLOSED_FILTERS, *ASKED_FILTERS, "counted", "found")
MONTHS = {*CLOSED_FILTERS[1:], *ASKED_FILTERS}
MOST_FOUND = 20
NEEDED = "needed"
YES_NO = (("yes", "Submitted"), ("no", "Not submitted yet"))
WAITS_ON = (
    ("us", "Us"),
    ("fro", "Another organisation"),
    ("local_authority", "The local authority"),
    ("support", "The support provider"),
    ("home_office", "The Home Office"),
)
UNSAID, LEFT_EARLY = "unsaid", "left"
CLOSED_AS = (
    *((each.value, each.label) for each in CLOSE_REASONS),
    (LEFT_EARLY, "Left before entry, for whatever reason"),
    (UNSAID, "No reason is recorded"),
)
ATTENTION = ((NEEDED, "Needs somebody: new or due for review"), *Attention.choices)


PHRASES: dict[str, str] = {
    "found": "found",
    "submitted": "{}",
    "clock": "{}",
    "attention": "{}",
    "ringing": "{}",
    "severity": "{}",
    "stage": "delayed at: {}",
    "rule": "delayed: {}",
    "cause": "because: {}",
    "waits_on": "waiting for: {}",
    "nation": "{}",
    "age": "{}",
    "risk": "{}",
    "caseworker": "responsible: {}",
    "since": "first contact in {}",
    "asked_since": "first contact in or after {}",
    "asked_until": "first contact in or before {}",
    "counted": "{}",
    "closed_as": "because: {}",
    "closed_since": "closed in or after {}",
    "closed_until": "closed in or before {}",
    "contact": "{}",
    "due_within_days": "next limit within {} days",
    "failed": "{}",
}


SAID: dict[str, dict[str, str]] = {
    "submitted": {"yes": "NRM referral submitted", "no": "NRM referral not submitted yet"},
    "attention": {
        "new": "a delay that nobody has taken up",
        "owned": "a delay that is taken up",
        "due": "a delay due for review",
        NEEDED: "a delay that needs somebody",
    },
    "severity": {str(code): str(label).lower() for code, label in Severity.choices},
    "age": {"child": "children, or might be", "adult": "adults"},
    "risk": {"1": "at risk"},
}


def pick(label: str, choices: Choices, *, any_: str = "Any") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", any_), *choices])


def carried(choices: Choices) -> forms.ChoiceField:
    """A filter that a link brings along and no box shows."""
    field = pick("", choices)
    field.widget = forms.HiddenInput()
    return field


class MonthField(forms.CharField):
    """A month as YYYY-MM, cleaned to itself."""

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        year, _, month = text.partition("-")
        plain = year.isdecimal() and month.isdecimal() and len(text) == len("2026-04")
        if text and not (text.isascii() and plain and 1 <= int(month) <= 12 and int(year) >= 1900):
            raise ValidationError("Enter the month like 2026-04")
        return text


class FindForm(GovukForm):
    """Somebody is asked for by name of some sort."""

    submit_label = "Find"
    q = forms.CharField(
        label="Find one",
        help_text="A reference, your own reference, the word for the person, or their name: whole "
        "parts of it, in any order. It is noted that you looked for a name, not which one.",
        max_length=60,
        error_messages={"required": "Enter a reference, a word or a name"},
    )


class WorklistForm(GovukForm):
    """Which referrals to list."""

    method = "get"
    submit_label = "Apply filters"

    state = pick("State", [("closed", "Closed"), ("all", "Open and closed")], any_="Open")
    attention = pick("Delays", ATTENTION)
    severity = pick("How late", Severity.choices)
    stage = pick("Stage", Stage.choices)
    rule = pick("Threshold", [])
    cause = pick("Why", TakenUp.Reason.choices)
    waits_on = pick("Who can end it", WAITS_ON)
    nation = pick("Nation", Nation.choices)
    age = pick("Age", [("child", "Children, or might be"), ("adult", "Adults")])
    risk = pick("At risk", [("1", "At risk")], any_="Everybody")
    caseworker = pick("Responsible", [("me", "Me"), ("none", "Nobody")], any_="Anybody")
    submitted = pick("NRM referral", YES_NO)
    closed_as = pick("Closed because", CLOSED_AS)
    since = MonthField(
        label="Month of first contact", help_text="For example, 2026-04.", required=False
    )
    ringing = carried([("1", "asking for somebody now")])
    clock = carried([("none", "no clock is running")])
    asked_since = MonthField(required=False, widget=forms.HiddenInput)
    asked_until = MonthField(required=False, widget=forms.HiddenInput)
    counted = carried(IN_WORDS.items())
    closed_since = MonthField(required=False, widget=forms.HiddenInput)
    closed_until = MonthField(required=False, widget=forms.HiddenInput)
    contact = carried([("lost", "out of contact now")])
    failed = carried([("1", "could not be assessed")])
    due_within_days = forms.IntegerField(
        min_value=1, max_value=60, required=False, widget=forms.HiddenInput
    )
    found = forms.CharField(max_length=300, required=False, widget=forms.HiddenInput)
    after = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)
    before = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, str], *, membership: Membership, **kwargs: Any) -> None:
        chosen = {name: data[name] for name in data if (name, data[name]) != ("state", "open")}
        self.open_asked = len(chosen) < len(data)
        super().__init__(chosen, **kwargs)
        rules = {threshold.code: threshold.title for threshold in all_thresholds()}
        self._offer("rule", rules.items())
        self._offer("caseworker", _colleagues(membership))

    def _offer(self, name: str, more: Choices) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [*cast(Choices, field.choices), *more]

    def layout(self) -> list[str]:
        """Every box, and what a link brought along; where the page begins is not kept."""
        return [
            bound.name
            for bound in self
            if not bound.is_hidden or (bound.value() and bound.name not in {"after", "before"})
        ]

    @cached_property
    def helper(self) -> FormHelper:
        """Shows no hidden input that the layout leaves out: addresses stay short."""
        helper = super().helper
        helper.render_hidden_fields = False
        return helper

    def kept(self) -> dict[str, str]:
        """The filters as an address has them, in the order of the form: what a saved view keeps.
        Neither where a page begins nor whom somebody found."""
        given = {**self.data, "state": "open"} if self.open_asked else self.data
        names = [name for name in self.fields if name not in {"after", "before", "found"}]
        return {name: given[name] for name in names if given.get(name)}

    def filters_in_words(self) -> str:
        """ "open, England, at risk"."""
        state = {"open": "open", "closed": "closed", "all": "open and closed"}
        return ", ".join([state[self.cleaned_data["state"]], *self._phrases()])

    def in_words(self, number: int) -> str:
        """The filters as the list's heading: "12 open referrals, England, at risk"."""
        state = {"open": "open ", "closed": "closed ", "all": ""}[self.cleaned_data["state"]]
        return ", ".join([f"{count(number, f'{state}referral')}", *self._phrases()])

    def _phrases(self) -> list[str]:
        return [self.phrase(name, value) for name in PHRASES if (value := self.cleaned_data[name])]

    def phrase(self, name: str, value: Any) -> str:
        """One filter in words: "responsible: Ash Caseworker"."""
        return PHRASES[name].format(self._said(name, value))

    def _said(self, name: str, value: Any) -> str:
        if name in SAID and value in SAID[name]:
            return SAID[name][value]
        field = self.fields[name]
        if name in MONTHS:
            return f"{date.fromisoformat(f'{value}-01'):%B %Y}"
        if not isinstance(field, forms.ChoiceField):
            return str(value)
        return str(dict(cast(Choices, field.choices))[value])

    def clean_found(self) -> list[str]:
        given = [read_reference(text) for text in self.cleaned_data["found"].split(",") if text]
        if not all(given) or len(given) > MOST_FOUND:
            raise ValidationError("This list is not there. Search again.")
        return given

    def clean_after(self) -> str:
        return self._reference("after")

    def clean_before(self) -> str:
        return self._reference("before")

    def _reference(self, name: str) -> str:
        given = self.cleaned_data[name]
        if given and not read_reference(given):
            raise ValidationError("This page of the list is not there. Start again at the first.")
        return read_reference(given)

    def clean(self) -> dict[str, Any]:
        """`state` is settled here: the word that the address left out."""
        cleaned = super().clean()
        if not cleaned.get("state"):
            beyond = any(cleaned.get(name) for name in BEYOND_OPEN) and not self.open_asked
            cleaned["state"] = "all" if beyond else "open"
        return cleaned


def _colleagues(membership: Membership) -> list[tuple[str, str]]:
    """Those of the past too: they may still be responsible."""
    rows = (
        Membership.objects.visible_to(membership)
        .order_by("user__name", "user_id")
        .values_list("user_id", "user__name")
        .distinct()
    )
    return [(str(pk), name) for pk, name in rows]
