"""What if: ask, see how far it is, and read what it found."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from reporting.forms import WhatIfForm
from reporting.models import WhatIf
from reporting.what_if.answering import answer, asked
from reporting.what_if.asking import ask_what_if, cancel_what_if
from reporting.what_if.history import history_of
from reporting.what_if.line import TooLittleToSay

SECONDS = 3  # until a page looks again how far it is


@requires(Permission.VIEW_DELAYS)
def what_ifs(request: ActingRequest) -> HttpResponse:
    """Ask what would come of more or fewer people seen, and what was asked before."""
    form, lacking = WhatIfForm(request.POST or None), ""
    try:
        history_of(request.membership, now=request.now).check()
        if form.is_valid():
            what_if = ask_what_if(
                more=form.more(),
                begins=form.cleaned_data["begins"],
                lasts=form.cleaned_data["lasts"],
                by=request.membership,
                now=request.now,
            )
            return redirect("what_if", what_if=what_if.pk)
    except TooLittleToSay as too_little:
        lacking = str(too_little)
    before = WhatIf.objects.visible_to(request.membership).order_by("-asked_at")
    page = {"form": form, "lacking": lacking, "before": [asked(each) for each in before]}
    return render(request, "reporting/what_ifs.html", page)


@requires(Permission.VIEW_DELAYS)
def what_if(request: ActingRequest, what_if: UUID) -> HttpResponse:
    """How far it is, and what it found."""
    found = get_object_or_404(WhatIf.objects.visible_to(request.membership), pk=what_if)
    if request.method == "POST":
        if cancel_what_if(what_if=found, by=request.membership, now=request.now):
            messages.info(request, "Cancelled.")
        else:
            messages.info(request, "It was finished already.")
        return redirect("what_ifs")
    running = not (found.finished_at or found.cancelled_at or found.failed_at)
    page = {
        "asked": asked(found),
        "running": running,
        "failed": found.failed_at is not None,
        "answer": answer(found) if found.finished_at else None,
    }
    shown = render(request, "reporting/what_if.html", page)
    if running:  # no sign of life: see accounts.sessions
        shown.headers["Refresh"] = f"{SECONDS}; url=?refresh"
    return shown
