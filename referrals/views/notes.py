from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals import actions
from referrals.forms.base import act
from referrals.forms.day import NoteForm, WithdrawNoteForm
from referrals.models import Note, Referral
from referrals.pages.notes import notes_page
from referrals.views.acting import about, form_about, show, tell_sent_before, url_of


@requires(Permission.RECORD_WAIT_EVENT)
@form_about
def notes(request: ActingRequest, referral: Referral) -> HttpResponse:
    """All of them, and the box for another one."""
    form = NoteForm(request.POST or None, **about(request, referral))
    done: list[Note | None] = []
    if form.is_valid() and act(form, lambda: done.append(_add(request, form))):
        if done[0]:
            messages.success(request, "The note is kept.")
        else:
            tell_sent_before(request, form)
        return redirect(f"{url_of(referral)}#notes")
    page = notes_page(referral, membership=request.membership)
    return show(request, "referrals/notes.html", form, notes=page)


@requires(Permission.RECORD_WAIT_EVENT)
@form_about
def withdraw_note(request: ActingRequest, referral: Referral, note: UUID) -> HttpResponse:
    found = get_object_or_404(
        Note.objects.visible_to(request.membership).filter(referral=referral), pk=note
    )
    form = WithdrawNoteForm(request.POST or None, **about(request, referral))
    if form.is_valid() and act(
        form,
        lambda: actions.withdraw_note(
            note=found,
            why=Note.Why(form.cleaned_data["why"]),
            by=request.membership,
            now=request.now,
        ),
    ):
        messages.success(request, "The note is struck through. It stays to be read.")
        return redirect(reverse("notes", args=[referral.reference]))
    page = notes_page(referral, membership=request.membership)
    chosen = next(row for row in (*page.newest, *page.rest) if row.id == found.pk)
    return show(request, "referrals/note_withdraw.html", form, note=chosen)


def _add(request: ActingRequest, form: NoteForm) -> Note | None:
    return actions.add_note(
        referral=form.referral,
        words=form.cleaned_data["words"],
        by=request.membership,
        now=request.now,
        key=form.sent_key,
    )
