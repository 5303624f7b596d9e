from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals.actions import find_by_name, reassess_due_of
from referrals.forms.filters import MOST_FOUND, FindForm, WorklistForm
from referrals.pages.listing import listing, references_of
from referrals.pages.saved_views import views_of
from referrals.references import read_reference

NOBODY = "Nobody of yours is found by this. Check the spelling, or enter fewer parts of the name"


@requires(Permission.VIEW_REFERRALS)
def referrals(request: ActingRequest) -> HttpResponse:
    """The worklist. See `referrals.forms.filters` for what the address may ask for; by POST it
    finds one, so that what is typed stands in no address."""
    find = FindForm(request.POST or None)
    if find.is_valid() and (elsewhere := _found(request, find)):
        return elsewhere
    reassess_due_of(request.membership, now=request.now)
    form = WorklistForm(request.GET.dict(), membership=request.membership)
    valid = form.is_valid()
    kept = urlencode(form.kept()) if valid else ""
    views = views_of(request.membership, filters=kept)
    page: dict[str, object] = {
        "form": form,
        "find": find,
        "views": views,
        "kept": kept,
        "may_save": kept and not any(view.chosen for view in views),
    }
    if valid:
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
    found = _references(request, find.cleaned_data["q"])
    if not found:
        find.add_error("q", NOBODY)
        return None
    if len(found) == 1:
        return redirect("referral", reference=found[0])
    if len(found) > MOST_FOUND:
        messages.info(request, f"More than {MOST_FOUND} were found. These are known longest.")
    return redirect(f"{request.path}?{urlencode({'found': ','.join(found[:MOST_FOUND])})}")


def _references(request: ActingRequest, asked: str) -> list[str]:
    """A reference is nobody's name, and asks for none."""
    found = references_of(asked, membership=request.membership)
    if read_reference(asked):
        return found
    named = find_by_name(name=asked, by=request.membership, now=request.now)
    return list(dict.fromkeys([*found, *named]))


def _at(request: ActingRequest, **edge: str) -> str:
    """The same list, from another reference on."""
    kept = {k: v for k, v in request.GET.dict().items() if k not in {"after", "before"} and v}
    return f"?{urlencode(kept | edge)}"
