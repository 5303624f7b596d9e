import json
from pathlib import Path

from django.conf import settings
from django.db import migrations, models

THRESHOLDS = Path(__file__).with_name("thresholds_2026.json")
RECONSIDERED = "rg_reconsidered:positive"
AGREED = "contact_interval_agreed"


def heed(apps, schema_editor):
    """An interval agreed with the person, and a reconsideration that says yes: in every version."""
    first = {rule["code"]: rule for rule in json.loads(THRESHOLDS.read_text())["rules"]}
    versions = apps.get_model("referrals", "ThresholdVersion").objects
    drafts = apps.get_model("referrals", "ThresholdDraft").objects
    using = schema_editor.connection.alias
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('nrm.migrating', 'on', true)")
        for row in [*versions.using(using).all(), *drafts.using(using).all()]:
            if row.code not in ADDED:
                continue
            if getattr(row, "effective_from", row) is None:
                row.definition["source"] = first[row.code]["source"]
            ADDED[row.code](row.definition)
            row.save(update_fields=["definition"])
        cursor.execute("SELECT set_config('nrm.migrating', '', true)")


def _agreement(definition):
    _add(definition, AGREED)
    for limit in definition["limits"]:
        if limit["unit"] == "cd":
            limit["agreed"] = "sooner" if "any_risk" in limit.get("when", {}) else "instead"


def _reconsideration(definition):
    _add(definition, RECONSIDERED)


def _add(definition, key):
    for keys in (definition["starts"]["each"], definition["until_next"]):
        if key not in keys:
            keys.append(key)


ADDED = {
    "lost-contact": _agreement,
    "recovery-end": _reconsideration,
    "cg-age": _reconsideration,
}


class Migration(migrations.Migration):
    """How often somebody agreed to be in touch; why a referral was closed, as a code."""

    dependencies = [
        ("organisations", "0007_calendar_walls"),
        ("referrals", "0022_finding"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="waitevent",
            name="every_days",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="waitevent",
            name="code",
            field=models.CharField(
                choices=[
                    ("initial_contact", "Asked for help"),
                    ("indicators_identified", "Signs of modern slavery noted"),
                    ("immediate_safety_checked", "Safety screen completed"),
                    ("risk_flag_added", "Risk recorded"),
                    ("risk_flag_removed", "Risk no longer present"),
                    ("age_group_changed", "Age group changed"),
                    ("contact_made", "Spoke with the person"),
                    ("contact_lost", "Out of contact"),
                    ("contact_regained", "Back in contact"),
                    ("contact_interval_agreed", "Agreed how often to be in touch"),
                    ("contact_interval_withdrawn", "How often to be in touch is no longer agreed"),
                    ("nrm_explained", "NRM explained"),
                    ("consent_recorded", "Consented"),
                    ("consent_refused", "Did not consent"),
                    ("consent_withdrawn", "Withdrew consent"),
                    ("consent_undecided", "Undecided about consent"),
                    ("fro_approached", "Organisation approached"),
                    ("fro_no_response", "No answer from the organisation"),
                    ("fro_declined_capacity", "No capacity"),
                    ("fro_declined_scope", "Outside what they take"),
                    ("fro_declined_other", "Could not take the referral"),
                    ("fro_waitlisted", "Put on a waiting list"),
                    ("fro_accepted", "Referral accepted"),
                    ("handed_over", "Referral handed over"),
                    ("signposted_statutory", "Told how to reach a public body"),
                    ("appointment_offered", "Referral meeting offered"),
                    ("appointment_attended", "Referral meeting held"),
                    ("appointment_missed", "Referral meeting did not happen"),
                    (
                        "appointment_cancelled_by_fro",
                        "Referral meeting cancelled by the organisation",
                    ),
                    ("interpreter_requested", "Interpreter requested"),
                    ("interpreter_unavailable", "No interpreter available"),
                    ("interpreter_booked", "Interpreter booked"),
                    ("interview_started", "Account-taking started"),
                    ("interview_completed", "Account-taking completed"),
                    ("evidence_requested", "Evidence requested"),
                    ("evidence_received", "Evidence received"),
                    ("legal_advice_requested", "Legal advice requested"),
                    ("legal_advice_received", "Legal advice received"),
                    ("legal_advice_unobtainable", "Legal advice could not be obtained"),
                    ("draft_started", "Home Office draft started"),
                    ("draft_last_saved", "Home Office draft saved"),
                    ("draft_abandoned", "Home Office draft given up"),
                    ("review_completed", "Checked by a second person"),
                    ("referral_submitted", "NRM referral submitted"),
                    ("referral_acknowledged", "NRM referral acknowledged"),
                    ("allocated", "Allocated to a decision maker"),
                    ("dtn_submitted", "Duty to Notify submitted"),
                    ("emergency_support_requested", "Emergency support requested"),
                    ("emergency_support_started", "Emergency support started"),
                    ("emergency_support_refused", "Emergency support not granted"),
                    ("support_contacted", "Support provider made contact"),
                    ("support_started", "Support began"),
                    ("support_ended", "Support ended"),
                    ("la_safeguarding_referred", "Local authority told about the child"),
                    ("la_acknowledged", "Local authority acknowledged"),
                    ("ictg_referred", "Referred to a child trafficking guardian"),
                    ("ictg_appointed", "Child trafficking guardian appointed"),
                    ("children_safeguarding_referred", "Children's safeguarding told"),
                    ("adult_safeguarding_referred", "Adult safeguarding told"),
                    ("adult_safeguarding_answered", "Adult safeguarding answered"),
                    ("rg_decision", "Reasonable Grounds decision"),
                    ("cg_decision", "Conclusive Grounds decision"),
                    ("reconsideration_requested", "Reconsideration requested"),
                    ("reconsideration_not_requested", "Reconsideration will not be requested"),
                    ("reconsideration_decided", "Reconsideration decided"),
                    ("withdrawn_from_nrm", "Left the NRM"),
                    ("public_order_disqualification", "Public order disqualification"),
                    ("pause_started", "Paused"),
                    ("pause_ended", "Pause ended"),
                    ("closed", "Closed"),
                    ("reopened", "Reopened"),
                    ("recorded_in_error", "Recorded in error"),
                ],
                max_length=40,
            ),
        ),
        migrations.AlterField(
            model_name="waitevent",
            name="given",
            field=models.CharField(
                blank=True,
                choices=[
                    ("in_person", "In person"),
                    ("telephone", "By telephone"),
                    ("writing", "In writing"),
                    ("professional", "Through a professional they work with"),
                    ("parent", "By a person with parental responsibility"),
                    ("local_authority", "By the local authority that is responsible"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="waitevent",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("positive", "Positive"),
                    ("negative", "Negative"),
                    ("sca", "Single Competent Authority"),
                    ("ieca", "Immigration Enforcement Competent Authority"),
                    ("devolved", "Devolved panel of a local authority"),
                    ("adult", "Adult"),
                    ("child", "Child"),
                    ("not_sure", "Might be a child"),
                    ("not_available", "Not available here"),
                    ("housed", "Safely housed now"),
                    ("not_housed", "Not safely housed yet"),
                    ("enquiry", "They are making enquiries"),
                    ("no_enquiry", "No enquiry will be made"),
                    ("signed_form", "By a signed form"),
                    ("told_us", "Told to a First Responder, who notified the Home Office"),
                    ("survivor_asked", "The survivor asked for time"),
                    ("safeguarding_hold", "A manager holds, for safeguarding"),
                    ("entered", "In the NRM, by us or by others, and the work here is done"),
                    ("did_not_consent", "Did not consent to an NRM referral"),
                    ("left_before_entry", "Left before entry: did not want to go on"),
                    ("out_of_contact", "Out of contact"),
                    ("moved_away", "Moved away, or returned to another country"),
                    ("supported_elsewhere", "Passed to another organisation"),
                    ("not_modern_slavery", "Not a potential victim of modern slavery"),
                    ("died", "Died"),
                    ("recorded_twice", "Recorded twice, or opened by mistake"),
                    ("other", "Another reason"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="waitevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("code", "contact_interval_agreed"),
                        ("every_days__isnull", False),
                        ("every_days__range", (1, 56)),
                    ),
                    models.Q(
                        models.Q(("code", "contact_interval_agreed"), _negated=True),
                        ("every_days__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="an_agreed_interval_has_1_to_56_days",
            ),
        ),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(), migrations.RunSQL.noop),
        migrations.RunPython(heed, migrations.RunPython.noop),
    ]
