"""A name for filters of the worklist."""

from django import forms

from referrals.forms.base import KeyedForm


class SavedViewForm(KeyedForm):
    submit_label = "Save the view"

    name = forms.CharField(
        label="What do you want to call it?",
        help_text="It stands above the list. No names of people.",
        max_length=40,
        error_messages={"required": "Enter a name for the view"},
    )
    shared = forms.BooleanField(
        label="Everybody here sees it above their list too",
        required=False,
    )
