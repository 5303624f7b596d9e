from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from nrm_tracker.ui.forms import RadioField
from referrals.forms.base import OwnForm

LARGEST = 20 * 1024 * 1024
CHECK, IMPORT = "check", "import"


class ListField(forms.FileField):
    """One of the two files. Its content is judged by `referrals.importing`, not here."""

    def clean(self, data: Any, initial: Any = None) -> "UploadedFile[bytes] | None":
        file: UploadedFile[bytes] | None = super().clean(data, initial)
        if file and (file.size or 0) > LARGEST:
            raise forms.ValidationError(
                f"This file is larger than {LARGEST // 1024 // 1024} MB. Import it at the shell, "
                "or split the list by person"
            )
        return file


def _list_field(name: str, holds: str) -> ListField:
    return ListField(
        label=name,
        help_text=holds,
        allow_empty_file=True,
        max_length=200,
        error_messages={
            "required": f"Choose the file with {holds[0].lower()}{holds[1:]}",
            "invalid": f"Choose the file with {holds[0].lower()}{holds[1:]}",
            "max_length": "The name of this file is too long. Give it a shorter one",
        },
    )


class ImportForm(OwnForm):
    """Both files at once, and whether to write what they say."""

    referrals = _list_field("REFERRALS.csv", "One row for each person")
    events = _list_field("WAIT_EVENTS.csv", "One row for each thing that happened")
    do = RadioField(
        label="What should happen?",
        initial=CHECK,
        choices=[
            (CHECK, "Check the files, and write nothing"),
            (IMPORT, "Import them, if nothing needs mending"),
        ],
    )

    def contents(self) -> tuple[bytes, bytes]:
        return self.cleaned_data["referrals"].read(), self.cleaned_data["events"].read()
