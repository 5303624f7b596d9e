"""A page of questions: who wrote it and when, what stood there before, and both sides of a
conflict."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from nrm_tracker.ui.parts import Difference, Line
from organisations.models import Membership
from referrals.actions import OpenedPage, versions_of
from referrals.forms.base import in_words
from referrals.forms.written import WrittenForm
from referrals.models import WrittenPage
from referrals.pages.conflict import Conflict
from referrals.pages.recorded import EMPTY
from referrals.questions import NOT_ASKED


@dataclass(frozen=True, slots=True)
class Version:
    by: str
    at: datetime
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Versions:
    """`newest` is None where nothing was written; `erased`: nothing of it can be read any more."""

    newest: Version | None
    earlier: Sequence[Version]
    erased: bool


def versions(form: WrittenForm, *, membership: Membership) -> Versions:
    found = versions_of(referral=form.referral, page=form.page)
    shown = [
        Version(_who(each.row, membership), each.row.written_at, list(_lines(form, each)))
        for each in found
    ]
    erased = any(each.answers is None for each in found)
    return Versions(shown[0] if shown else None, shown[1:], erased)


def conflict_of_page(form: WrittenForm, *, membership: Membership) -> Conflict | None:
    """What was typed beside what somebody else saved meanwhile; None where nobody did."""
    if form.changed_since is None or form.stands is None:
        return None
    theirs = form.as_written(form.stands)
    differences = [
        Difference(str(form[name].label), yours, stands)
        for name in theirs
        if name in form.fields
        for yours, stands in [
            (_said(form, name, form.cleaned_data.get(name)), _said(form, name, theirs[name]))
        ]
        if yours != stands
    ]
    row = form.stands.row
    return Conflict(differences, _who(row, membership), row.written_at)


def _lines(form: WrittenForm, page: OpenedPage) -> Iterator[Line]:
    for name, answer in form.as_written(page).items():
        if name in form.fields and answer and answer != NOT_ASKED:
            yield Line(str(form[name].label), _said(form, name, answer))


def _said(form: WrittenForm, name: str, answer: object) -> str:
    return in_words(form.fields[name], answer) if answer else EMPTY


def _who(row: WrittenPage, membership: Membership) -> str:
    who = "you" if row.by_id == membership.user_id else str(row.by.name if row.by else "")
    if row.recorded_by_id != membership.organisation_id:
        who = f"{who}, {row.recorded_by}" if who else str(row.recorded_by)
    return who
