from django.http import HttpResponse
from django.shortcuts import redirect

from organisations.access import ActingRequest, requires
from organisations.roles import Permission, Role

FIRST_PAGE: dict[str, str] = {
    Role.CASEWORKER: "today",
    Role.MANAGER: "delays",
    Role.SAFEGUARDING_LEAD: "delays",
    Role.DESIGNATION_ADMINISTRATOR: "organisations",
}


@requires(Permission.VIEW_REGISTER)
def home(request: ActingRequest) -> HttpResponse:
    return redirect(FIRST_PAGE[request.membership.role])
