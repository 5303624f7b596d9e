"""Invented content for the design page: long names, right-to-left names, empty and error states."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.http import QueryDict

from nrm_tracker.ui.forms import DateField, GovukForm, RadioField, WhenField, YesNoNotAsked
from nrm_tracker.ui.parts import Bar, Difference, Entry, Line, Part, Point, Step

NOW = datetime(2026, 4, 18, 9, 12, tzinfo=UTC)
LONG = "The Invented Society for the Support of Survivors in Wrexham, Llanfairpwll and the Borders"
ARABIC = "منظمة الأمل الخيالية"
MONTHS = ("May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar", "Apr")
MEDIANS = (12, 14, 13, 19, 22, 20, 26, 31, 30, 38, 41, None)
SLOWEST = (40, 44, 51, 49, 60, 58, 66, 71, 84, 83, 90, None)


class SpecimenForm(GovukForm):
    submit_label = "Record what happened"

    organisation = forms.ChoiceField(
        label="Which organisation did you ring?",
        choices=[("", "Choose one"), ("a", LONG), ("b", ARABIC)],
        error_messages={"required": "Choose the organisation that you rang"},
    )
    answer = RadioField(
        label="What did they answer?",
        choices=[("accepted", "They accept the referral"), ("no_capacity", "No capacity")],
        error_messages={"required": "Choose what they answered"},
    )
    danger = YesNoNotAsked(label="Is the person in danger now?", help_text="Ask only when safe.")
    happened_at = WhenField(
        label="When was it?",
        what="the date of the call",
        help_text="For example, 27 3 2026 at 14:30",
        about=True,
        precision="precision",
    )
    dated_on = DateField(
        label="What date is on the letter?", what="the date on the letter", past=True
    )
    risks = forms.MultipleChoiceField(
        label="Which risks apply?",
        choices=[("destitute", "Destitute"), ("street", "Sleeping rough")],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose the risks that apply"},
    )
    number = forms.IntegerField(label="How many people are waiting there?")
    detail = forms.CharField(label="Anything to remember?", widget=forms.Textarea({"rows": 3}))
    version = forms.IntegerField(widget=forms.HiddenInput, initial=3)


class SpecimenFilters(GovukForm):
    method = "get"
    submit_label = "Apply filters"

    nation = forms.ChoiceField(
        label="Nation", required=False, choices=[("", "All"), ("wales", "Wales")]
    )


def everything(data: QueryDict | None) -> dict[str, Any]:
    """What `design.html` shows; with a query the form is bound, so that its errors are seen."""
    return {
        "form": SpecimenForm(data, now=NOW, cancel_url="/"),
        "filters_form": SpecimenFilters(),
        "now": NOW,
        "soon": NOW + timedelta(days=3),
        "ago": NOW - timedelta(minutes=6),
        "before": NOW - timedelta(days=61),
        "long": LONG,
        "arabic": ARABIC,
        "lines": [
            Line("Responsible", LONG, url="#"),
            Line("Organisation", ARABIC),
            Line("Reference", "R-7KQ2-M9XD"),
        ],
        "steps": [
            Step("Where they stay", "#", "In progress", "light-blue", hint=LONG),
            Step(ARABIC, "#", "Not started", "blue"),
            Step("Children", "#", "Nothing more to ask"),
        ],
        "entries": _entries(),
        "differences": [Difference("Detail", "Rang at noon", ARABIC)],
        "bars": [
            Bar("Waiting for an organisation's capacity", 34, url="#capacity"),
            Bar("Referral meeting", 17, url="#meeting"),
            Bar(LONG, 5, url="#long"),
        ],
        "parts": [
            Part("An organisation's capacity or answer", 34, "fro"),
            Part("An interpreter", 17, "interpreter"),
            Part("Time the survivor asked for", 12, "survivor"),
            Part("The local authority", 5, "local_authority"),
            Part("Legal advice", 3, "legal_advice"),
            Part("The Home Office's decision", 8, "home_office"),
            Part("Another organisation, which was responsible", 6, "before"),
            Part("Us", 3, "us"),
        ],
        "points": [Point(m, a, b) for m, a, b in zip(MONTHS, MEDIANS, SLOWEST, strict=True)],
    }


def _entries() -> list[Entry]:
    return [
        Entry(
            title=f"No capacity: {LONG}",
            at=NOW - timedelta(days=4),
            byline="recorded 15 April by you",
            text="They expect room in May.",
            url="#correct",
        ),
        Entry(
            title=f"Asked for help: {ARABIC}",
            at=NOW - timedelta(days=60),
            byline="recorded by Sam Rivers",
            text="By telephone.",
            replaced=True,
            about="about then",
        ),
    ]
