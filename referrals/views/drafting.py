"""A change of a threshold: drafted, counted, approved by a second person."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals import actions
from referrals.errors import ActionRefused
from referrals.forms.base import act
from referrals.forms.drafting import AT_ONCE, ON_A_DAY, DraftForm
from referrals.models import ThresholdDraft
from referrals.pages.drafts import draft_page

SECONDS = 3  # between two looks at how far it is


@requires(Permission.CHANGE_THRESHOLDS)
def start_draft(request: ActingRequest, rule: str) -> HttpResponse:
    base = actions.newest_version(rule=rule)
    if base is None:
        raise Http404
    drafts = ThresholdDraft.objects.visible_to(request.membership).undecided()
    if standing := drafts.filter(code=rule).first():
        messages.info(request, "A change of this threshold is on its way. This is it.")
        return redirect("threshold_draft", draft=standing.pk)
    form = DraftForm(
        request.POST or None,
        definition=base.definition,
        now=request.now,
        cancel_url=reverse("threshold", args=[rule]),
    )
    made: list[ThresholdDraft] = []
    if form.is_valid() and act(
        form,
        lambda: made.append(
            actions.start_draft(
                base=base, proposal=form.proposal(), by=request.membership, now=request.now
            )
        ),
    ):
        messages.success(request, "The draft is saved. Nothing has changed yet.")
        return redirect("threshold_draft", draft=made[0].pk)
    page = {"form": form, "title": base.definition["title"], "rule": rule}
    return render(request, "referrals/threshold_draft_form.html", page)


@requires(Permission.CHANGE_THRESHOLDS)
def change_draft(request: ActingRequest, draft: int) -> HttpResponse:
    found = _draft_of(request, draft)
    form = DraftForm(
        request.POST or None,
        definition=found.definition,
        now=request.now,
        initial={
            "when": ON_A_DAY if found.effective_on else AT_ONCE,
            "effective_on": found.effective_on,
            "reason": found.reason,
            "revision": found.revision,
        },
        cancel_url=reverse("threshold_draft", args=[draft]),
    )
    if form.is_valid() and act(
        form,
        lambda: actions.change_draft(
            draft=found,
            proposal=form.proposal(),
            revision=form.cleaned_data["revision"],
            by=request.membership,
            now=request.now,
        ),
    ):
        messages.success(request, "The draft is changed. Count again whom it would flag.")
        return redirect("threshold_draft", draft=draft)
    page = {"form": form, "title": found.base.definition["title"], "rule": found.code}
    return render(request, "referrals/threshold_draft_form.html", page)


@requires(Permission.CHANGE_THRESHOLDS)
def draft(request: ActingRequest, draft: int) -> HttpResponse:
    found = _draft_of(request, draft)
    if request.method == "POST":
        return _answered(request, found)
    page = draft_page(found, membership=request.membership, now=request.now)
    shown = render(request, "referrals/threshold_draft.html", {"page": page})
    if page.at_work:  # no sign of life: see accounts.sessions
        shown.headers["Refresh"] = f"{SECONDS}; url=?refresh"
    return shown


def _answered(request: ActingRequest, found: ThresholdDraft) -> HttpResponse:
    by, now = request.membership, request.now
    sent = request.POST.get("revision", "")
    revision = int(sent) if sent.isascii() and sent.isdigit() else 0
    answers: dict[str, tuple[Callable[[], object], str]] = {
        "preview": (
            lambda: actions.ask_preview(draft=found, by=by, now=now),
            "It is being counted. You need not wait here.",
        ),
        "approve": (
            lambda: actions.approve_draft(draft=found, revision=revision, by=by, now=now),
            "Approved. The open referrals are assessed again; nobody need wait for that.",
        ),
        "announce": (
            lambda: actions.announce_draft(draft=found, revision=revision, by=by, now=now),
            "It takes effect in 24 hours, unless somebody withdraws it.",
        ),
        "withdraw": (
            lambda: actions.withdraw_draft(draft=found, by=by, now=now),
            "Withdrawn. The threshold stays as it is.",
        ),
    }
    answer = answers.get(request.POST.get("do", ""))
    if answer:
        do, said = answer
        try:
            do()
        except ActionRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, said)
    return redirect("threshold_draft", draft=found.pk)


def _draft_of(request: ActingRequest, draft: int) -> ThresholdDraft:
    return get_object_or_404(
        ThresholdDraft.objects.visible_to(request.membership).select_related(
            "base", "drafted_by", "settled_by", "made"
        ),
        pk=draft,
    )
