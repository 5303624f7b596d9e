from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.words import count
from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals import actions
from referrals.forms.importing import IMPORT, ImportForm
from referrals.importing import Checked, check_lists, summary
from referrals.models import Delay
from referrals.pages.importing import codes, faults_page


@requires(Permission.IMPORT_REFERRALS)
def import_lists(request: ActingRequest) -> HttpResponse:
    form = ImportForm(
        request.POST or None,
        request.FILES or None,
        now=request.now,
        membership=request.membership,
        cancel_url=reverse("referrals"),
    )
    page: dict[str, object] = {"form": form, "codes": codes()}
    if form.is_valid():
        checked = check_lists(*form.contents(), by=request.membership, now=request.now)
        if checked.faults:
            faults = page["faults"] = faults_page(checked.faults)
            form.add_error(None, faults.title)
        elif form.cleaned_data["do"] == IMPORT:
            messages.success(request, _imported(request, checked))
            return redirect("import")
        else:
            found = actions.compare(checked.listed, by=request.membership)
            page["would"] = summary(found, done=False)
    return render(request, "referrals/import.html", page)


def _imported(request: ActingRequest, checked: Checked) -> str:
    """Nobody is told of what the list brings late: this is the one summary."""
    done = actions.import_referrals(listed=checked.listed, by=request.membership, now=request.now)
    delays = Delay.objects.visible_to(request.membership)
    needing = delays.needing_attention(london_date(request.now)).values("referral").distinct()
    people = needing.count()
    verb = "has a delay" if people == 1 else "have delays"
    return f"{summary(done, done=True)} {count(people, 'referral')} now {verb} to be taken up."
