"""One's own organisation: its people's training, and the room that it had."""

from django.http import HttpResponse
from django.shortcuts import render

from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from reporting.capacity import capacity_history
from reporting.members import members_of


@requires(Permission.MANAGE_ORGANISATION)
def capacity(request: ActingRequest) -> HttpResponse:
    page = {"page": capacity_history(request.membership, now=request.now)}
    return render(request, "reporting/capacity.html", page)


@requires(Permission.KEEP_TRAINING)
def members(request: ActingRequest) -> HttpResponse:
    page = {"members": members_of(request.membership, now=request.now)}
    return render(request, "reporting/members.html", page)
