"""A change of a threshold: its limits, its words, what it rests on, from when, and why. What starts
and ends the wait is kept."""

from collections.abc import Sequence
from copy import deepcopy
from datetime import date
from typing import Any, cast

from crispy_forms_gds.layout import Fieldset, Size
from django import forms

from nrm_tracker.ui.forms import DateField, RadioField
from nrm_tracker.ui.moments import sentence
from referrals.actions import Proposal
from referrals.catalogue import Severity
from referrals.delays.threshold import SEVERITIES, Definition, LimitSpec
from referrals.forms.base import ActingForm
from referrals.models import Told
from referrals.pages.limits import BASIS_WORDS, UNITS, limits_in_words

AT_ONCE, ON_A_DAY = "at_once", "on_a_day"
LONGEST = 3650
TIMES = [(code, f"{UNITS[code]}s") for code in ("h", "cd", "wd")]
NEW = "new"  # the limit that may be added


class DraftForm(ActingForm):
    """Made from the definition that it starts from."""

    submit_label = "Save the draft"

    title = forms.CharField(label="Name of the threshold", max_length=200)
    to_do = forms.CharField(
        label="What is to be done about a delay?",
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
    )
    pause = forms.BooleanField(
        label="The clock stops while the survivor has asked for time", required=False
    )
    basis = RadioField(label="What does it rest on?", choices=list(BASIS_WORDS.items()))
    source = forms.CharField(
        label="Where does it come from?",
        help_text="Name what says so, and where it can be read.",
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )
    when = RadioField(
        label="From when?",
        choices=[
            (AT_ONCE, "As soon as it is approved"),
            (ON_A_DAY, "From the beginning of a day, in the United Kingdom"),
        ],
        error_messages={"required": "Choose from when it counts"},
    )
    effective_on = DateField(
        label="If from a day: which?", what="the day from which it counts", required=False
    )
    reason = forms.CharField(
        label="Why should it change?",
        help_text="Everybody who may read the thresholds will read this beside the change.",
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Say why it should change"},
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    def __init__(self, *args: Any, definition: Definition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.definition = definition
        for name in ("title", "to_do", "basis", "source"):
            self.fields[name].initial = definition[name]
        self.fields["pause"].initial = definition.get("pause", False)
        self.groups: list[tuple[str, list[str]]] = []
        for number, limit in enumerate(definition["limits"]):
            self._add_limit(number, limit)
        if _counts_time(definition["limits"][0]):
            self._add_another()

    def layout(self) -> Sequence[Any]:
        sets = [
            Fieldset(*names, legend=legend, legend_size=Size.MEDIUM)
            for legend, names in self.groups
        ]
        words = ["pause", "title", "to_do", "basis", "source", "when", "effective_on", "reason"]
        return [*sets, *words, "revision"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        unsaid = not cleaned.get("effective_on") and "effective_on" not in self.errors
        if cleaned.get("when") == ON_A_DAY and unsaid:
            self.add_error("effective_on", "Enter the day from which it counts")
        if not self.errors:
            self._check_limits()
        return cleaned

    def proposal(self) -> Proposal:
        """What was typed, on top of all that a form does not change."""
        given, made = self.cleaned_data, cast(Definition, deepcopy(dict(self.definition)))
        made["title"], made["to_do"] = given["title"], given["to_do"]
        made["basis"], made["source"] = given["basis"], given["source"]
        if given["pause"] != self.definition.get("pause", False):
            made["pause"] = given["pause"]
        made["limits"] = self._limits()
        day: date | None = given["effective_on"] if given["when"] == ON_A_DAY else None
        return Proposal(definition=made, effective_on=day, reason=given["reason"])

    def _add_limit(self, number: int, limit: LimitSpec) -> None:
        names = [f"limit_{number}_n"]
        self.fields[names[0]] = _number(_question(limit), initial=limit["n"])
        if _counts_time(limit) and "agreed" not in limit:  # an agreement is in days
            names.append(f"limit_{number}_unit")
            self.fields[names[-1]] = _pick("Counted in", TIMES, limit["unit"])
        if "before" in limit:
            names.append(f"limit_{number}_before")
            self.fields[names[-1]] = _number(
                "Told how many days before the end of that day?", initial=limit["before"]
            )
        names += self._add_weight(number, limit["severity"], limit["told"])
        if len(self.definition["limits"]) > 1:
            names.append(f"limit_{number}_gone")
            self.fields[names[-1]] = forms.BooleanField(
                label="Do without this limit", required=False
            )
        self.groups.append((f"Limit: {limits_in_words([limit])}", names))

    def _add_another(self) -> None:
        names = [f"limit_{NEW}_n", f"limit_{NEW}_unit"]
        self.fields[names[0]] = _number("How many?", required=False)
        self.fields[names[0]].help_text = "Leave this empty if there shall be none."
        self.fields[names[1]] = _pick("Counted in", TIMES, "cd")
        names += self._add_weight(NEW, "amber", "list")
        self.groups.append(("Another limit", names))

    def _add_weight(self, number: int | str, severity: str, told: str) -> list[str]:
        names = [f"limit_{number}_severity", f"limit_{number}_told"]
        self.fields[names[0]] = _pick("What is a wait beyond it?", Severity.choices, severity)
        self.fields[names[1]] = _pick("Who is told?", Told.choices, told)
        return names

    def _limits(self) -> list[LimitSpec]:
        given = self.cleaned_data
        made: list[LimitSpec] = []
        for number, limit in enumerate(self.definition["limits"]):
            if not given.get(f"limit_{number}_gone"):
                made.append(cast(LimitSpec, {**limit, **self._typed(number)}))
        if given.get(f"limit_{NEW}_n"):
            made.append(cast(LimitSpec, self._typed(NEW)))
            made.sort(key=lambda limit: SEVERITIES.index(limit["severity"]))
        return made

    def _typed(self, number: int | str) -> dict[str, Any]:
        start = f"limit_{number}_"
        return {
            name.removeprefix(start): value
            for name, value in self.cleaned_data.items()
            if name.startswith(start) and not name.endswith("_gone")
        }

    def _check_limits(self) -> None:
        limits = self._limits()
        if not limits:
            self.add_error(None, "Keep one limit at least. A rule without limits guards nobody.")
        told_apart = [(limit["severity"], str(limit.get("when"))) for limit in limits]
        if len(set(told_apart)) < len(told_apart):
            self.add_error(None, "Two limits have one severity. Give each its own.")
        if any(limit.get("before", 0) >= limit["n"] for limit in limits):
            self.add_error(None, "Enter fewer days before the end than the limit has.")


def _counts_time(limit: LimitSpec) -> bool:
    """Whether its unit is a free choice: answers and birthdays have one of their own."""
    return limit["unit"] != "declines" and not {"to_birthday", "before"} & limit.keys()


def _question(limit: LimitSpec) -> str:
    if limit["unit"] == "declines":
        return "How many answers?"
    if limit.get("to_birthday"):
        return "How many days before the 18th birthday?"
    return "End of which day?" if "before" in limit else "How many?"


def _number(label: str, *, initial: int | None = None, required: bool = True) -> forms.IntegerField:
    whole = f"Enter a whole number from 1 to {LONGEST} for “{label}”"
    return forms.IntegerField(
        label=label,
        initial=initial,
        required=required,
        min_value=1,
        max_value=LONGEST,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), whole),
    )


def _pick(label: str, choices: Sequence[tuple[str, str]], initial: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[(value, sentence(str(words))) for value, words in choices],
        initial=initial,
        error_messages=dict.fromkeys(("required", "invalid_choice"), f"Choose “{label}” anew"),
    )
