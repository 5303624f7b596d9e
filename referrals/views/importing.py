"""A list: brought, looked through, imported in the background, taken up, perhaps undone."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from nrm_tracker.ui.words import count
from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals import actions, importing
from referrals.errors import CannotBeUndone
from referrals.forms.base import act
from referrals.forms.importing import ImportForm, MatchForm, TakeUpAllForm
from referrals.models import ImportRun
from referrals.pages.importing import codes, lists_brought, run_page
from referrals.sheets import template_workbook

State = ImportRun.State
SECONDS = 3  # between two looks at how far it is
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@requires(Permission.IMPORT_REFERRALS)
def import_lists(request: ActingRequest) -> HttpResponse:
    form = ImportForm(
        request.POST or None,
        request.FILES or None,
        now=request.now,
        membership=request.membership,
        cancel_url=reverse("referrals"),
    )
    if form.is_valid():
        run = importing.upload_list(form.tables(), by=request.membership, now=request.now)
        return redirect("import_run", run=run.pk)
    page = {"form": form, "codes": codes(), "lists": lists_brought(request.membership)}
    return render(request, "referrals/import.html", page)


@requires(Permission.IMPORT_REFERRALS)
def import_run(request: ActingRequest, run: str) -> HttpResponse:
    """What is in the list, and what became of it."""
    found = get_object_or_404(ImportRun.objects.visible_to(request.membership), pk=run)
    if request.method == "POST":
        return _answered(request, found)
    page = run_page(found, membership=request.membership, now=request.now)
    page["form"] = MatchForm(tables=page.pop("tables")) if page.get("matching") else None
    shown = render(request, "referrals/import_run.html", page)
    if found.state == State.WAITING:  # no sign of life: see accounts.sessions
        shown.headers["Refresh"] = f"{SECONDS}; url=?refresh"
    return shown


def _answered(request: ActingRequest, run: ImportRun) -> HttpResponse:
    do, looked_through = request.POST.get("do"), run.state == State.UPLOADED
    if do == "import" and importing.ask_for_import(run):
        messages.info(request, "It is being imported. You need not wait here.")
    elif do == "give_up" and looked_through:
        importing.give_up(run)
        messages.info(request, "Given up. Nothing of the list is kept.")
        return redirect("import")
    elif do == "match_again" and looked_through:
        importing.match_columns(run, {})
    elif looked_through:
        form = MatchForm(request.POST, tables=importing.tables_of(run))
        if form.is_valid():
            importing.match_columns(run, form.columns())
    return redirect("import_run", run=run.pk)


@require_POST
@requires(Permission.IMPORT_REFERRALS)
def undo_import(request: ActingRequest, run: str) -> HttpResponse:
    found = get_object_or_404(ImportRun.objects.visible_to(request.membership), pk=run)
    try:
        importing.undo_import(run=found, by=request.membership, now=request.now)
    except CannotBeUndone as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Removed. The list can be imported again.")
    return redirect("import_run", run=run)


@requires(Permission.TAKE_UP_DELAY)
def take_up_imported(request: ActingRequest, run: str) -> HttpResponse:
    """One answer for all that the list brought late."""
    found = get_object_or_404(
        ImportRun.objects.visible_to(request.membership).filter(state=State.DONE), pk=run
    )
    back = reverse("import_run", args=[run])
    form = TakeUpAllForm(request.POST or None, now=request.now, cancel_url=back)
    done: list[int] = []
    if form.is_valid() and act(
        form,
        lambda: done.append(
            actions.take_up_imported(
                run=found,
                reason=form.cleaned_data["reason"],
                action=form.cleaned_data["doing"],
                review_on=form.cleaned_data["review_on"],
                by=request.membership,
                now=request.now,
            )
        ),
    ):
        messages.success(request, f"{count(done[0], 'delay')} taken up.")
        return redirect(back)
    page = run_page(found, membership=request.membership, now=request.now)
    return render(request, "referrals/take_up_imported.html", page | {"form": form})


@requires(Permission.IMPORT_REFERRALS)
def import_template(request: ActingRequest) -> HttpResponse:  # noqa: ARG001
    headers = {"Content-Disposition": 'attachment; filename="waiting-list.xlsx"'}
    return HttpResponse(template_workbook(), content_type=WORKBOOK, headers=headers)
