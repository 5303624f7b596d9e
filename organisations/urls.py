from django.urls import path

from organisations.models import Designation
from organisations.stages import APPLICANTS, FOLLOWS
from organisations.views import (
    accepting,
    acting,
    applications,
    applying,
    calendar,
    capacity,
    demonstration,
    designating,
    facts,
    helping,
    inviting,
    members,
    public,
    register,
    training,
)

Status = Designation.Status
organisation = "organisations/<slug:slug>/"
first_responder = "first-responders/<slug:slug>/"
own_application, application = "our-application/", "applications/<int:application>/"

urlpatterns = [
    path("act-for/", acting.act_for, name="act_for"),
    path("before-real-use/", acting.before_real_use, name="before_real_use"),
    path("demonstration/", demonstration.demonstration, name="demonstration"),
    path("help/", helping.guide, name="help"),
    path("help/<slug:guide>/", helping.guide, name="guide"),
    path("members/<int:member>/", training.training, name="training"),
    path(
        "members/<int:member>/trainings/<int:completed>/withdraw/",
        training.withdraw,
        name="withdraw_training",
    ),
    path("training/", training.who_may_act, name="who_may_act"),
    path("training/mine/", training.own, name="own_training"),
    path("training/untrained/", training.policy, name="responder_policy"),
    path("training/modules/new/", training.add_module, name="module_new"),
    path("training/modules/<int:module>/", training.change_module, name="module"),
    path("training/modules/<int:module>/end/", training.end_module, name="module_end"),
    path("training/register/", training.register, name="training_register"),
    path("training/published/new/", training.add_published, name="published_new"),
    path("training/published/<int:published>/", training.change_published, name="published"),
    path("training/published/<int:published>/end/", training.end_published, name="published_end"),
    path("invitations/<str:token>/", accepting.follow, name="invitation_link"),
    path("invitation/", accepting.invitation, name="invitation"),
    path("invitation/accept/", accepting.accept, name="accept_invitation"),
    path("our-organisation/members/invite/", inviting.invite, name="invite"),
    path(
        "our-organisation/members/invitations/<uuid:invitation>/",
        inviting.answer_invitation,
        name="answer_invitation",
    ),
    path("our-organisation/members/<int:member>/role/", members.role, name="member_role"),
    path("our-organisation/", acting.own_organisation, name="own_organisation"),
    path("our-organisation/capacity/", capacity.capacity, name="capacity"),
    path("our-organisation/capacity/again/", capacity.capacity_again, name="capacity_again"),
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
    path("organisations/bring/", designating.bring_list, name="organisations_bring"),
    path("organisations/bring/<uuid:bulk>/", designating.bulk, name="organisations_bulk"),
    path(
        "organisations/designations/<int:proposal>/",
        designating.answer_proposal,
        name="answer_proposal",
    ),
    path("organisations/routes/<int:route>/", facts.answer_route, name="answer_route"),
    path("organisations/facts/<int:fact>/", facts.answer_fact, name="answer_fact"),
    path("organisations/reports/<int:report>/", facts.answer_report, name="answer_report"),
    path("first-responders/", public.first_responders, name="first_responders"),
    path(
        "first-responders/applications/",
        applications.applications_awaiting,
        name="applications_awaiting",
    ),
    path(first_responder, public.first_responder, name="first_responder"),
    path(f"{first_responder}report/", public.report_mistake, name="report_mistake"),
    path(organisation, register.organisation, name="organisation"),
    path(f"{organisation}edit/", register.edit, name="organisation_edit"),
    path(f"{organisation}scope/", facts.scope, name="organisation_scope"),
    path(f"{organisation}contact/", facts.add_route, name="organisation_contact"),
    path(f"{organisation}names/", facts.add_alias, name="organisation_names"),
    path(f"{organisation}successor/", facts.successor, name="organisation_successor"),
    path(f"{organisation}not-designated/", facts.settle_lists, name="organisation_settle"),
    path(f"{organisation}invite/", inviting.invite_first_manager, name="invite_first_manager"),
    path(
        f"{organisation}invitations/<uuid:invitation>/",
        inviting.answer_first_manager,
        name="answer_first_manager",
    ),
    path(f"{organisation}checked/", register.confirm_facts, name="organisation_checked"),
    path(
        f"{organisation}application/", register.record_application, name="organisation_application"
    ),
    *(
        path(
            f"{organisation}{status}/",
            designating.record_step,
            {"status": status},
            name=f"organisation_{status}",
        )
        for status in Status.values
    ),
    path(own_application, applying.own_application, name="own_application"),
    *(
        path(
            f"{own_application}{stage}/",
            applying.record_stage,
            {"stage": stage},
            name=f"own_application_{stage}",
        )
        for stage in sorted(APPLICANTS)
    ),
    path(f"{own_application}letters/", applying.log_correspondence, name="own_correspondence"),
    path(
        f"{own_application}letters/<int:letter>/strike/",
        applying.strike_correspondence,
        name="own_correspondence_strike",
    ),
    path(f"{own_application}naming/", applying.say_naming, name="own_naming"),
    path(f"{own_application}messages/", applying.own_messages, name="own_messages"),
    path(f"{own_application}messages/read/", applying.read_messages, name="own_messages_read"),
    path(
        f"{own_application}checklist/<int:criterion>/",
        applying.checklist_line,
        name="own_checklist_line",
    ),
    path(
        f"{own_application}entries/<int:entry>/",
        applying.correct_stage,
        name="own_application_correct",
    ),
    path("applications/checklist/", applications.criteria, name="criteria"),
    path(
        "applications/checklist/<int:criterion>/take-off/",
        applications.retire_criterion,
        name="criterion_retire",
    ),
    path("applications/rounds/new/", applications.record_round, name="recruitment_round_new"),
    path(
        "applications/entries/<int:entry>/",
        applications.correct_stage,
        name="application_correct",
    ),
    path(
        "applications/letters/<int:letter>/strike/",
        applications.strike_correspondence,
        name="application_correspondence_strike",
    ),
    path(application, applications.application, name="application"),
    *(
        path(
            f"{application}{stage}/",
            applications.record_stage,
            {"stage": stage},
            name=f"application_{stage}",
        )
        for stage in FOLLOWS
    ),
    path(
        f"{application}letters/", applications.log_correspondence, name="application_correspondence"
    ),
    path(f"{application}naming/", applications.say_naming, name="application_naming"),
    path(f"{application}looked/", applications.check_application, name="application_looked"),
    path(f"{application}messages/", applications.write_message, name="application_messages"),
    path(
        f"{application}messages/read/",
        applications.read_messages,
        name="application_messages_read",
    ),
]
