"""Bank holidays that an administrator adds or withdraws; each is looked at before it is done."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from organisations import actions
from organisations.access import ActingRequest, requires
from organisations.forms.base import act
from organisations.models import RestDay
from organisations.roles import Permission
from organisations.working_days import day_and_nations
from referrals.forms.rest_days import RestDayForm, WithdrawalForm
from referrals.pages.rest_days import effect_of

DONE = "Recorded. What it moves is assessed again in the background, within minutes."


@requires(Permission.KEEP_CALENDAR)
def add(request: ActingRequest) -> HttpResponse:
    """First the questions, then what it would move, then it is done."""
    form = RestDayForm(request.POST or None, now=request.now, cancel_url=reverse("calendar"))
    if not form.is_valid() or "change" in request.POST:
        return render(request, "referrals/rest_day.html", {"form": form})
    facts = form.cleaned_data
    if "confirmed" not in request.POST:
        page = {
            "facts": facts,
            "about": day_and_nations(facts["day"], facts["nations"]),
            "effect": effect_of(
                day=facts["day"], nations=facts["nations"], added=True, now=request.now
            ),
            "sent": [
                (name, value)
                for name, values in request.POST.lists()
                if name != "csrfmiddlewaretoken"
                for value in values
            ],
        }
        return render(request, "referrals/rest_day_confirm.html", page)
    if act(form, lambda: actions.add_rest_day(by=request.membership, now=request.now, **facts)):
        messages.success(request, DONE)
        return redirect(_page_of(facts["nations"][0], facts["day"].year))
    return render(request, "referrals/rest_day.html", {"form": form})


@requires(Permission.KEEP_CALENDAR)
def withdraw(request: ActingRequest, rest_day: int) -> HttpResponse:
    row = get_object_or_404(RestDay.objects.standing(), pk=rest_day)
    address = _page_of(row.nations[0], row.day.year)
    form = WithdrawalForm(request.POST or None, now=request.now, cancel_url=address)
    if form.is_valid() and act(
        form,
        lambda: actions.withdraw_rest_day(
            rest_day=row, by=request.membership, now=request.now, **form.cleaned_data
        ),
    ):
        messages.success(request, DONE)
        return redirect(address)
    page = {
        "form": form,
        "rest_day": row,
        "about": day_and_nations(row.day, row.nations),
        "back": address,
        "effect": effect_of(day=row.day, nations=row.nations, added=False, now=request.now),
    }
    return render(request, "referrals/rest_day_withdraw.html", page)


def _page_of(nation: str, year: int) -> str:
    return f"{reverse('calendar')}?nation={nation}&year={year}#days"
