"""Every field of every table of ours: personal, or not.

Personal is what tells who somebody is, how to find them, what happened to them or what they are in
danger of, in words, dates or codes; and who a colleague is. It stands in no log, address, title or
audit entry; no purpose reads it but those in MAY_READ; and a Duty to Notify never says it. When
something happened, how far it went and which row belongs to which is not personal by itself: the
reference stands for the person.

A new field goes into one of the two columns. Where in doubt, it is personal.
"""

FIELDS: dict[str, tuple[str, str]] = {  # by model: personal; not personal
    "User": ("email name password", "id last_login is_active created_at signed_out_at"),
    "Draft": ("words", "id user path master wrapped left kept_at"),
    "DemonstrationSecret": ("", "fingerprint"),
    "AuditEntry": (
        "",
        "id organisation number at user action refused referral subject fields reason previous "
        "hash",
    ),
    "AuditChain": ("", "organisation number hash"),
    "Organisation": (
        "",
        "id name slug is_oversight kind is_group succeeded_by is_statutory duty_to_notify nations "
        "age_groups genders exploitation client_group languages access self_referral "
        "email_domains takes telephone on_call always_open open_days opens_at closes_at "
        "lawful_basis special_condition last_reviewed_on lists_settled_at lists_settled_with "
        "changed_at changed_by version",
    ),
    "PublishedList": ("", "id code name source dated note"),
    "Listing": ("", "id organisation of says note changed_at"),
    "Alias": ("", "id organisation name used_in"),
    "PublishedFact": (
        "",
        "id organisation field value source dated found_at kept_at kept_by",
    ),
    "ContactRoute": (
        "",
        "id organisation kind value note source recorded_at recorded_by last_checked_on "
        "checked_by withdrawn_at withdrawn_by",
    ),
    "Proposal": (
        "",
        "id organisation desk effective_from known_from scope cause told_by reason source bulk "
        "state proposed_by proposed_at due_at settled_by settled_at made",
    ),
    "ErrorReport": (
        "words",
        "id organisation about reported_at answered_at answered_by",
    ),
    "Designation": (
        "",
        "id organisation status cause told_by effective_from effective_until known_from scope "
        "reason source recorded_by recorded_at",
    ),
    "Application": (
        "",
        "id organisation stage submitted_on closed_on outcome source may_be_named checked_at "
        "checked_by recorded_by recorded_at",
    ),
    "StageEntry": (
        "words",
        "id organisation application side stage happened_on known_on source supersedes "
        "recorded_by recorded_at",
    ),
    "Correspondence": (
        "gist",
        "id organisation application side on direction channel recorded_by recorded_at struck_at "
        "struck_by",
    ),
    "NamingConsent": (
        "",
        "id organisation application side given on told recorded_by recorded_at",
    ),
    "ApplicationMessage": ("text", "id organisation side sent_by sent_at read_at read_by"),
    "Criterion": ("", "id title words position added_at added_by retired_at retired_by"),
    "ChecklistEntry": (
        "words",
        "id organisation criterion number state evidence written_by written_at",
    ),
    "RecruitmentRound": (
        "",
        "id name opens_on closes_on criteria source known_on recorded_by recorded_at",
    ),
    "Membership": ("", "id user organisation role started_at ended_at first_responder_since"),
    "Invitation": (
        "email name",
        "id organisation role token_hash links invited_by invited_at expires_at accepted_at "
        "accepted_by revoked_at revoked_by",
    ),
    "MemberChange": ("", "id organisation kind membership invitation role by at told_at"),
    "Reassessment": ("", "id organisation nations rule reason created_at cursor finished_at"),
    "RestDay": (
        "",
        "id day name nations source known_from withdraws recorded_by recorded_at",
    ),
    "Closure": (
        "",
        "id organisation first_on last_on why recorded_by recorded_at withdrawn_by withdrawn_at",
    ),
    "Capacity": (
        "",
        "id organisation state since until cause words weekly next_free_on said_at version",
    ),
    "RegisterQuestion": ("", "id organisation about asked_at answered_at answered_by"),
    "Training": (
        "",
        "id membership module trained_on course certificate recorded_by recorded_at withdrawn_at "
        "withdrawn_by withdrawn_why",
    ),
    "TrainingModule": (
        "",
        "id organisation name publisher source checked_on good_for_days required recorded_by "
        "recorded_at ended_at",
    ),
    "ResponderPolicy": ("", "id organisation policy by at"),
    "Effort": (
        "",
        "id referral organisation kind minutes pence day by at withdrawn_at withdrawn_by "
        "withdrawn_why",
    ),
    "Rate": ("", "id organisation kind pence_an_hour valid_from by at"),
    "ImportRun": (
        "content",
        "id organisation by uploaded_at state master wrapped columns rows done people outcome "
        "added_to imported_at",
    ),
    "Restriction": (
        "why",
        "id referral reference organisation since by lifted_at lifted_by passed_on_at",
    ),
    "NamedStaff": ("reason", "id referral organisation user since by ended_at ended_by"),
    "Referral": (
        "pseudonym own_reference called called_by_us risks turns_18_on",
        "id reference holder assigned_to is_new_to_caseworker age_group_at_opening age_group "
        "nation restricted made_contact channel lawful_basis special_condition follows "
        "imported_by opened_at first_contact_at submitted_at closed_at version next_deadline_at "
        "assessment_failed_at",
    ),
    "NameMark": ("value", "id referral kind master"),
    "WhatIf": (
        "",
        "id organisation asked_by asked_at history more begins lasts seed runs done finished_at "
        "cancelled_at failed_at",
    ),
    "SavedView": ("name", "id organisation user filters shared saved_at"),
    "Custody": ("", "id referral organisation since until"),
    "Submission": ("", "key organisation referral sent_at"),
    "Appointment": (
        "place language",
        "id referral at purpose interpreter made_at recorded_by made_by outcome outcome_at",
    ),
    "Cover": ("", "id organisation away covered_by first_on last_on made_by made_at ended_at"),
    "WaitEvent": (
        "risk detail correction_reason",
        "id referral code happened_at precision recorded_at recorded_by by organisation "
        "submitted_by consent_type given outcome dated_on look_again_on every_days alike root "
        "supersedes "
        "version",
    ),
    "DelayFlag": (
        "",
        "id referral rule severity started_by told waits_on started_at breached_at raised_at "
        "ended_at end_reason retracted_at escalates_at",
    ),
    "Escalation": ("", "id referral flag step since at taken_up told"),
    "Undertaking": ("", "id referral rule started_by due_at who person by at version"),
    "TakenUp": (
        "action",
        "id referral rule started_by severity reason review_on by at version plan holds",
    ),
    "Delay": (
        "",
        "id referral rule started_by severity rank told waits_on started_at breached_at raised_at "
        "taken_up review_on taken_up_rank taken_up_at",
    ),
    "Survivor": (
        "given_names family_name aliases born_on nationality languages telephone email address "
        "birth_is_estimated",
        "id referral recorded_at",
    ),
    "SurvivorKey": ("", "survivor master wrapped erased_at"),
    "SafeContact": (
        "safe unsafe days since until in_words interpreter interpreter_gender worker_gender "
        "who_answers code_word never",
        "id referral agreed_at recorded_at recorded_by by version",
    ),
    "Note": (
        "text",
        "id referral written_at recorded_by by withdrawn_at withdrawn_by withdrawn_why",
    ),
    "WrittenPage": (
        "answers",
        "id referral page number state have written_at recorded_by by",
    ),
    "Harm": (
        "kind happened_on told what done why",
        "id incident number referral recorded_by opened_by by recorded_at known_on decision "
        "decided_by decided_at",
    ),
    "HandOver": (
        "language own_reference",
        "id referral sender receiver consent several_agreed age_group nation needs_interpreter "
        "at_risk restricted reference state reason sent_at sent_by interest_at interest_by "
        "ended_at ended_by told_late_at read_on_days reading_ended_at reading_ended_by "
        "reading_ended_why",
    ),
    "Link": ("kind danger", "id referral other linked_at by ended_at ended_by"),
    "Proof": (
        "content content_hash",
        "id referral number rests_on addressed_to safe_to_keep names_person signed_with signature "
        "issued_at recorded_by by withdrawn_at withdrawn_by withdrawn_why",
    ),
    "OutboxMessage": (
        "",
        "id key referral flag draft training hand_over change escalation told created_at "
        "delivered_at",
    ),
    "Notice": (
        "",
        "id message user organisation referral flag draft training hand_over change told step "
        "created_at read_at",
    ),
    "NoticeChoice": ("", "user at_once today changed_at"),
    "Digest": ("", "id organisation day written_at"),
    "Email": (
        "",
        "id key user invitation organisation kind subject text created_at next_try_at attempts "
        "trouble sent_at given_up_at",
    ),
    "SweepRun": ("", "id started_at checked_until visited raised ended retracted failed"),
    "Task": (
        "words",
        "id organisation referral due_on assigned_to made_by made_at ended_at ended_by given_up",
    ),
    "ThresholdVersion": ("", "id code number effective_from definition created_at"),
    "ThresholdDraft": (
        "",
        "id code base organisation definition effective_on reason state revision drafted_by "
        "drafted_at changed_at due_at settled_by settled_at made reassessment",
    ),
    "ThresholdPreview": (
        "",
        "id draft revision asked_at instant cursor people checked flagged at_risk at_once ended "
        "staying failed lines finished_at",
    ),
    "ToldChoice": ("", "id organisation rule severity told by at"),
}
# What a purpose reads although it is personal, by role, model and field; and why it must.
MAY_READ: dict[tuple[str, str, str], str] = {
    ("nrm_sweep", "Referral", "own_reference"): "manage.py delays prints it for the operator",
    ("nrm_sweep", "Referral", "turns_18_on"): "limits change on the eighteenth birthday",
    ("nrm_sweep", "WaitEvent", "risk"): "a risk tightens the limits",
    ("nrm_sweep", "User", "email"): "mail is sent to it",
    ("nrm_sweep", "Invitation", "email"): "the invitation is sent to it",
    ("nrm_register", "Invitation", "email"): "who is invited, and who follows the link",
    ("nrm_register", "Invitation", "name"): "who is invited, and who follows the link",
    ("nrm_register", "ErrorReport", "words"): "who keeps the register reads what is reported",
    ("nrm_register", "StageEntry", "words"): "who keeps the register reads how an applicant stands",
    ("nrm_register", "Correspondence", "gist"): "as above",
    ("nrm_register", "ApplicationMessage", "text"): "it is written to who keeps the register",
    ("nrm_register", "ChecklistEntry", "words"): "who keeps the register reads what is prepared",
    ("nrm_register", "User", "name"): "who is added to an organisation",
    ("nrm_register", "User", "email"): "who is added to an organisation",
}


def personal(model: str) -> tuple[str, ...]:
    return tuple(FIELDS[model][0].split())
