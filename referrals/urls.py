from django.urls import path, register_converter

from referrals.references import ReferenceInPath
from referrals.views import (
    closing,
    consent,
    correcting,
    home,
    importing,
    listing,
    notices,
    opening,
    person,
    recording,
    restricting,
    screening,
    taking_up,
    thresholds,
    today,
)
from referrals.views import referral as one

register_converter(ReferenceInPath, "reference")
referral = "referrals/<reference:reference>/"

urlpatterns = [
    path("", home.home, name="home"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read_all, name="read_notices"),
    path("notices/<int:notice>/", notices.read, name="read_notice"),
    path("referrals/", listing.referrals, name="referrals"),
    path("referrals/import/", importing.import_lists, name="import"),
    path("referrals/import/template/", importing.import_template, name="import_template"),
    path("referrals/import/<uuid:run>/", importing.import_run, name="import_run"),
    path("referrals/import/<uuid:run>/undo/", importing.undo_import, name="undo_import"),
    path(
        "referrals/import/<uuid:run>/take-up/",
        importing.take_up_imported,
        name="take_up_imported",
    ),
    path("referrals/new/", opening.new, name="referral_new"),
    path(referral, one.referral, name="referral"),
    path(f"{referral}approaches/", recording.approached, name="approaches"),
    path(f"{referral}basis/", consent.basis, name="basis"),
    path(f"{referral}close/", closing.close, name="close"),
    path(
        f"{referral}delays/<int:delay>/already-happened/",
        taking_up.already_happened,
        name="already_happened",
    ),
    path(f"{referral}consent/", consent.consent, name="consent"),
    path(f"{referral}contact/", person.contact, name="contact"),
    path(f"{referral}delays/<int:delay>/take-up/", taking_up.take_up, name="take_up"),
    path(f"{referral}did-not-consent/", consent.did_not_consent, name="did_not_consent"),
    path(f"{referral}duty-to-notify/", consent.duty_to_notify, name="duty_to_notify"),
    path(f"{referral}events/<int:event>/correct/", correcting.correct, name="correct"),
    path(f"{referral}lift/", restricting.lift, name="lift"),
    path(f"{referral}looked/", person.looked, name="looked"),
    path(f"{referral}opened/", opening.opened, name="referral_opened"),
    path(f"{referral}person/", person.person, name="person"),
    path(f"{referral}person/record/", person.record_person, name="person_record"),
    path(f"{referral}record/", recording.record, name="record"),
    path(f"{referral}record/<slug:door>/", recording.record_door, name="record_door"),
    path(f"{referral}reopen/", closing.reopen, name="reopen"),
    path(f"{referral}restrict/", restricting.restrict, name="restrict"),
    path(f"{referral}risks/", screening.risks, name="risks"),
    path(f"{referral}word/", person.word, name="word"),
    path("restricted/", restricting.restrictions, name="restricted"),
    path("restricted/<reference:restricted>/", restricting.emergency, name="emergency"),
    path("restricted/<int:named>/end/", restricting.end_emergency, name="end_emergency"),
    path("thresholds/", thresholds.thresholds, name="thresholds"),
    path("today/", today.today, name="today"),
]
