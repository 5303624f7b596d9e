from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render

from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals.actions import reassess_due_of
from referrals.forms.filters import FindForm, WorklistForm
from referrals.pages.listing import listing, references_of


@requires(Permission.VIEW_REFERRALS)
def referrals(request: ActingRequest) -> HttpResponse:
    """The worklist. See `referrals.forms.filters` for what the address may ask for; by POST it
    finds one, so that what is typed stands in no address."""
    find = FindForm(request.POST or None)
    if find.is_valid() and (elsewhere := _found(request, find)):
        return elsewhere
    reassess_due_of(request.membership, now=request.now)
    form = WorklistForm(request.GET.dict(), membership=request.membership)
    page: dict[str, object] = {"form": form, "find": find}
    if form.is_valid():
        found = listing(request.membership, chosen=form.cleaned_data, now=request.now)
        page |= {
            "found": found,
            "heading": form.in_words(found.number),
            "may_export": request.membership.can(Permission.EXPORT_REFERRALS),
            "chosen": _at(request),
            "previous": _at(request, before=found.first) if found.more_before else "",
            "next": _at(request, after=found.last) if found.more_after else "",
        }
    return render(request, "referrals/list.html", page)


def _found(request: ActingRequest, find: FindForm) -> HttpResponse | None:
    """To the one, or to a list of them; None, with an error on the form, where there is none."""
    found = references_of(find.cleaned_data["q"], membership=request.membership)
    if not found:
        find.add_error("q", "No referral of yours is called so. Check the spelling")
        return None
    if len(found) == 1:
        return redirect("referral", reference=found[0])
    return redirect(f"{request.path}?{urlencode({'found': ','.join(found)})}")


def _at(request: ActingRequest, **edge: str) -> str:
    """The same list, from another reference on."""
    kept = {k: v for k, v in request.GET.dict().items() if k not in {"after", "before"} and v}
    return f"?{urlencode(kept | edge)}"
