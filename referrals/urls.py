from django.urls import path, register_converter

from referrals.references import ReferenceInPath
from referrals.views import (
    appointments,
    closing,
    correcting,
    cover,
    home,
    importing,
    listing,
    notes,
    notices,
    opening,
    person,
    recording,
    sharing_out,
    taking_up,
    tasks,
    thresholds,
    today,
)
from referrals.views import referral as one

register_converter(ReferenceInPath, "reference")
referral = "referrals/<reference:reference>/"

urlpatterns = [
    path("", home.home, name="home"),
    path("cover/", cover.cover, name="cover"),
    path("cover/<int:cover>/end/", cover.end_cover, name="end_cover"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read_all, name="read_notices"),
    path("notices/<int:notice>/", notices.read, name="read_notice"),
    path("referrals/", listing.referrals, name="referrals"),
    path("referrals/chosen/", sharing_out.chosen, name="chosen"),
    path("referrals/import/", importing.import_lists, name="import"),
    path("referrals/new/", opening.new, name="referral_new"),
    path(referral, one.referral, name="referral"),
    path(f"{referral}appointments/new/", appointments.new_appointment, name="appointment_new"),
    path(
        f"{referral}appointments/<int:appointment>/",
        appointments.appointment,
        name="appointment",
    ),
    path(f"{referral}caseworker/", sharing_out.caseworker, name="caseworker"),
    path(f"{referral}close/", closing.close, name="close"),
    path(
        f"{referral}delays/<int:delay>/already-happened/",
        taking_up.already_happened,
        name="already_happened",
    ),
    path(f"{referral}contact/", person.contact, name="contact"),
    path(f"{referral}delays/<int:delay>/take-up/", taking_up.take_up, name="take_up"),
    path(f"{referral}events/<int:event>/correct/", correcting.correct, name="correct"),
    path(f"{referral}looked/", person.looked, name="looked"),
    path(f"{referral}notes/", notes.notes, name="notes"),
    path(f"{referral}notes/<uuid:note>/withdraw/", notes.withdraw_note, name="note_withdraw"),
    path(f"{referral}opened/", opening.opened, name="referral_opened"),
    path(f"{referral}person/", person.person, name="person"),
    path(f"{referral}person/record/", person.record_person, name="person_record"),
    path(f"{referral}record/", recording.record, name="record"),
    path(f"{referral}record/<slug:door>/", recording.record_door, name="record_door"),
    path(f"{referral}reopen/", closing.reopen, name="reopen"),
    path(f"{referral}tasks/new/", tasks.task_about, name="task_about"),
    path(f"{referral}word/", person.word, name="word"),
    path("tasks/", tasks.tasks, name="tasks"),
    path("tasks/new/", tasks.new_task, name="task_new"),
    path("tasks/<int:task>/", tasks.task, name="task"),
    path("thresholds/", thresholds.thresholds, name="thresholds"),
    path("today/", today.today, name="today"),
]
