from django.urls import path

from organisations.models import Designation
from organisations.views import acting, calendar, demonstration, helping, members, register

Status = Designation.Status
organisation = "organisations/<slug:slug>/"

urlpatterns = [
    path("act-for/", acting.act_for, name="act_for"),
    path("before-real-use/", acting.before_real_use, name="before_real_use"),
    path("demonstration/", demonstration.demonstration, name="demonstration"),
    path("help/", helping.guide, name="help"),
    path("help/<slug:guide>/", helping.guide, name="guide"),
    path("members/<int:member>/", members.training, name="training"),
    path("our-organisation/", acting.own_organisation, name="own_organisation"),
    path("our-organisation/closures/new/", calendar.close_office, name="close_office"),
    path(
        "our-organisation/closures/<int:closure>/withdraw/",
        calendar.withdraw_closure,
        name="withdraw_closure",
    ),
    path("calendar/", calendar.calendar, name="calendar"),
    path("working-days/", calendar.public_calendar, name="public_calendar"),
    path("roles/", acting.roles, name="roles"),
    path("organisations/", register.organisations, name="organisations"),
    path("organisations/new/", register.add, name="organisation_new"),
    path(
        "organisations/questions/<int:question>/", register.answer_question, name="answer_question"
    ),
    path(organisation, register.organisation, name="organisation"),
    path(f"{organisation}edit/", register.edit, name="organisation_edit"),
    path(f"{organisation}checked/", register.confirm_facts, name="organisation_checked"),
    path(
        f"{organisation}application/", register.record_application, name="organisation_application"
    ),
    *(
        path(
            f"{organisation}{status}/",
            register.record_step,
            {"status": status},
            name=f"organisation_{status}",
        )
        for status in Status.values
    ),
]
