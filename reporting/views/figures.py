"""The pages of figures: how long people wait, what they wait for, and both as a file."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.second_factor import ask_again
from nrm_tracker.calendars import london_date
from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals.actions import note_export, reassess_due_of
from referrals.forms.exporting import CSV
from referrals.pages.saved_views import ViewRow, views_of
from referrals.views.exporting import WORKBOOK
from reporting.exports import OUTSIDE, written
from reporting.forms import NARROWING, PERIOD, ExportFiguresForm, FiguresForm
from reporting.reasons import reasons
from reporting.waits import waits


@requires(Permission.VIEW_DELAYS)
def figures(request: ActingRequest) -> HttpResponse:
    reassess_due_of(request.membership, now=request.now)
    form, page = _asked(request)
    if form.is_valid():
        page["waits"] = waits(request.membership, **_choice(form), now=request.now)
    return render(request, "reporting/figures.html", page)


@requires(Permission.VIEW_DELAYS)
def figures_why(request: ActingRequest) -> HttpResponse:
    reassess_due_of(request.membership, now=request.now)
    form, page = _asked(request)
    if form.is_valid():
        page["reasons"] = reasons(request.membership, **_choice(form), now=request.now)
    return render(request, "reporting/figures_why.html", page)


@requires(Permission.EXPORT_REFERRALS)
def export_figures(request: ActingRequest) -> HttpResponse:
    """Every table of both pages, after the second factor, and noted."""
    if elsewhere := ask_again(request):
        return elsewhere
    chosen, page = _asked(request)
    if not chosen.is_valid():
        return redirect(f"{reverse('figures')}?{request.GET.urlencode()}")
    form = ExportFiguresForm(
        request.POST or None, cancel_url=f"{reverse('figures')}?{page['kept']}"
    )
    page |= {"export": form, "threshold_less": settings.NRM_SMALL_NUMBER - 1}
    if not form.is_valid():
        return render(request, "reporting/figures_export.html", page)
    choice = _choice(chosen)
    found = [each(request.membership, **choice, now=request.now) for each in (waits, reasons)]
    file = written(
        [table for each in found for table in each.tables],
        said=f"{page['period']}; {page['said']}",
        threshold=settings.NRM_SMALL_NUMBER if form.cleaned_data["whom"] == OUTSIDE else 0,
        workbook=form.cleaned_data["kind"] != CSV,
        by=request.membership,
        now=request.now,
    )
    note_export(content=file.content, rows=file.rows, by=request.membership, now=request.now)
    return _answer(file.content, kind=form.cleaned_data["kind"])


def _answer(content: bytes, *, kind: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="figures.{kind}"'}
    known = "text/csv; charset=utf-8" if kind == CSV else WORKBOOK
    return HttpResponse(content, content_type=known, headers=headers)


def _asked(request: ActingRequest) -> tuple[FiguresForm, dict[str, Any]]:
    """The filters in the address, and what every page says of them."""
    today = london_date(request.now)
    form = FiguresForm(request.GET.dict(), membership=request.membership, today=today)
    page: dict[str, Any] = {"form": form}
    if form.is_valid():
        kept = urlencode(form.kept())
        views = views_of(request.membership, filters=kept)
        page |= {
            "kept": kept,
            "period": f"asked for help {form.period().in_words}",
            "said": form.phrases(),
            "views": [view for view in views if _is_of_figures(view)],
            "may_save": kept and not any(view.chosen for view in views),
            "may_export": request.membership.can(Permission.EXPORT_REFERRALS),
        }
    return form, page


def _is_of_figures(view: ViewRow) -> bool:
    """Whether the figures know all of its filters."""
    names = {name for name, _ in parse_qsl(view.address.removeprefix("?"))}
    return names <= {*PERIOD, *NARROWING}


def _choice(form: FiguresForm) -> dict[str, Any]:
    return {"chosen": form.chosen(), "filters": form.filters(), "period": form.period()}
