"""One's own list, as a file: asked for with the second factor, marked and noted."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.second_factor import ask_again
from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals import actions, sheets
from referrals.forms.exporting import CSV, ExportForm
from referrals.forms.filters import WorklistForm
from referrals.pages.exporting import marked, table

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@requires(Permission.EXPORT_REFERRALS)
def export(request: ActingRequest) -> HttpResponse:
    """The list that the address chooses, as the worklist's own."""
    if elsewhere := ask_again(request):
        return elsewhere
    chosen = WorklistForm(request.GET.dict(), membership=request.membership)
    if not chosen.is_valid():
        return redirect("referrals")
    form = ExportForm(request.POST or None, cancel_url=reverse("referrals"))
    rows = table(request.membership, chosen=chosen.cleaned_data, now=request.now)
    said = chosen.in_words(len(rows) - 1)
    if not form.is_valid():
        return render(request, "referrals/export.html", {"form": form, "said": said})
    kind = form.cleaned_data["kind"]
    return listed_as_file(request, name="referrals", kind=kind, said=said, rows=rows)


def listed_as_file(
    request: ActingRequest, *, name: str, kind: str, said: str, rows: Sequence[Sequence[str]]
) -> HttpResponse:
    """A table with its heading, marked with what it is, and noted."""
    mark = marked(said, membership=request.membership, now=request.now)
    content = sheets.listed(mark, rows, workbook=kind != CSV)
    actions.note_export(content=content, rows=len(rows) - 1, by=request.membership, now=request.now)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    known = "text/csv; charset=utf-8" if kind == CSV else WORKBOOK
    return HttpResponse(content, content_type=known, headers=headers)
