"""Bring a list, and say whose column is which."""

from typing import Any

from crispy_forms_gds.layout import Fieldset, Size
from django import forms
from django.core.files.uploadedfile import UploadedFile

from nrm_tracker.ui.forms import DateField, GovukForm, RadioField
from referrals.forms.base import ActingForm, OwnForm
from referrals.importing import EVENTS, REFERRALS, Records, is_workbook, read_csv, read_workbook
from referrals.importing.matching import suggested
from referrals.importing.tables import SIGNATURES
from referrals.importing.workbook import NOT_ONE
from referrals.models import TakenUp

LARGEST = 20 * 1024 * 1024
FIRST_BYTES = 8
LEAVE_OUT = ("", "Leave this column out")
TABLES = {REFERRALS.file: REFERRALS, EVENTS.file: EVENTS}


class ListField(forms.FileField):
    """A file of the list. Its content is judged by `referrals.importing`, not here."""

    def clean(self, data: Any, initial: Any = None) -> "UploadedFile[bytes] | None":
        file: UploadedFile[bytes] | None = super().clean(data, initial)
        if file and (file.size or 0) > LARGEST:
            raise forms.ValidationError(
                f"This file is larger than {LARGEST // 1024 // 1024} MB. Import it at the shell, "
                "or split the list by person"
            )
        return file


def _list_field(label: str, holds: str, *, missing: str) -> ListField:
    return ListField(
        label=label,
        help_text=holds,
        required=False,
        allow_empty_file=True,
        max_length=200,
        error_messages={
            "required": missing,
            "invalid": missing,
            "max_length": "The name of this file is too long. Give it a shorter one",
        },
    )


class ImportForm(OwnForm):
    """One workbook, or both CSV files."""

    submit_label = "Look through it"

    referrals = _list_field(
        "The list",
        "An Excel workbook (.xlsx) with two sheets; or a CSV file with one row for each person.",
        missing="Choose the file with your list",
    )
    events = _list_field(
        "What happened",
        "Only beside a CSV file: one row for each thing that happened.",
        missing="Choose the file with what happened",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, second = cleaned.get("referrals"), cleaned.get("events")
        if first is None and "referrals" not in self.errors:
            self.add_error("referrals", "Choose the file with your list")
        elif first and second is None and "events" not in self.errors:
            self._ask_for_more(first)
        return cleaned

    def _ask_for_more(self, first: "UploadedFile[bytes]") -> None:
        """One file alone is a workbook, or one of two CSV files, or nothing that we can read."""
        start = first.read(FIRST_BYTES)
        first.seek(0)
        if is_workbook(start):
            return
        if not start or start.startswith(SIGNATURES):
            self.add_error("referrals", NOT_ONE)
        else:
            self.add_error("events", "Choose the file with what happened")

    def tables(self) -> tuple[Records, Records]:
        first = self.cleaned_data["referrals"].read()
        if is_workbook(first):
            return read_workbook(first)
        events = self.cleaned_data["events"].read()
        return read_csv(first, REFERRALS.file), read_csv(events, EVENTS.file)


class MatchForm(GovukForm):
    """Which heading of theirs is which of our columns."""

    submit_label = "Look through it like this"

    def __init__(self, *args: Any, tables: tuple[Records, Records], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places: dict[str, tuple[str, str]] = {}
        for (file, columns), records in zip(TABLES.items(), tables, strict=True):
            for number, (heading, ours) in enumerate(suggested(records, columns).items()):
                name = f"{file}-{number}"
                self.places[name] = (file, heading)
                self.fields[name] = forms.ChoiceField(
                    label=heading,
                    choices=[LEAVE_OUT, *((each, each) for each in columns.all)],
                    initial=ours,
                    required=False,
                )
        self.names = {file: records.name for file, records in zip(TABLES, tables, strict=True)}

    def layout(self) -> list[Any]:
        return [
            Fieldset(
                *(name for name, (of, _) in self.places.items() if of == file),
                legend=self.names[file],
                legend_size=Size.MEDIUM,
            )
            for file in TABLES
        ]

    def columns(self) -> dict[str, dict[str, str]]:
        chosen: dict[str, dict[str, str]] = {file: {} for file in TABLES}
        for name, (file, heading) in self.places.items():
            chosen[file][heading] = self.cleaned_data[name]
        return chosen


class TakeUpAllForm(ActingForm):
    """One answer for all that a list brought late."""

    submit_label = "Take all of them up"

    reason = RadioField(
        label="Why do they take so long?",
        choices=TakenUp.Reason.choices,
        error_messages={"required": "Choose why they take so long"},
    )
    doing = forms.CharField(
        label="What is being done?",
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "Enter what is being done"},
    )
    review_on = DateField(label="When will you look again?", what="when you will look again")
