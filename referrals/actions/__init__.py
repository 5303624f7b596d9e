"""Everything that changes a referral. Each function is one transaction with its consequences."""

from referrals.actions.agreeing import (
    Calling,
    agree_contact,
    agreed_since,
    agreed_terms,
    sealed_changed_since,
)
from referrals.actions.answering_plans import PlanAnswer
from referrals.actions.appointing import Answer, Meeting, answer_appointment, make_appointment
from referrals.actions.choosing_told import choose_told
from referrals.actions.closing import close_referral, reopen_referral
from referrals.actions.correcting import correct_wait_event, said_by
from referrals.actions.costing import Spent, log_effort, set_rate, withdraw_effort
from referrals.actions.covering import arrange_cover, end_cover
from referrals.actions.deciding_basis import decide_basis
from referrals.actions.digesting import write_digests
from referrals.actions.drafting import (
    Proposal,
    announce_draft,
    approve_draft,
    change_draft,
    newest_version,
    settle_announced,
    start_draft,
    withdraw_draft,
)
from referrals.actions.escalating import escalate_due
from referrals.actions.exporting import note_export
from referrals.actions.finding import find_by_name
from referrals.actions.handing_over import ask_to_take, take_back
from referrals.actions.harming import (
    HarmSaid,
    OpenedHarm,
    correct_harm,
    decide_harm,
    harm_counted,
    opened_harm,
    record_harm,
)
from referrals.actions.identifying import (
    WhyLook,
    change_word,
    erase_identity,
    record_identity,
    rewrap_keys,
    show_identity,
    survivors_with_keys,
)
from referrals.actions.importing import Difference, Listed, compare, import_referrals
from referrals.actions.keeping_in_touch import agree_to_be_in_touch
from referrals.actions.leaving import TakesOver, end_membership
from referrals.actions.linking import end_link, link_referrals, restore_link
from referrals.actions.mailing import choose_notices
from referrals.actions.noting import OpenedNote, add_note, notes_of, withdraw_note
from referrals.actions.opening import Beside, Opening, open_referral, open_referrals
from referrals.actions.planning import Becomes, change_task, make_task
from referrals.actions.posting import send_emails
from referrals.actions.previewing import ask_preview, run_previews
from referrals.actions.proving import checked, chronology, issue_proof, opened_proof, withdraw_proof
from referrals.actions.reading_on import end_reading_on, read_on
from referrals.actions.reassessing import reassess, reassess_due_of
from referrals.actions.recording import Happening, record_wait_events
from referrals.actions.recording_several import Same, correct_for_several, record_for_several
from referrals.actions.reminding import remind_of_training
from referrals.actions.restricting import (
    end_emergency,
    lift_restriction,
    open_in_emergency,
    restrict_referral,
)
from referrals.actions.saving_views import change_view, end_view, may_end, save_view
from referrals.actions.sending_in import (
    home_office_reference,
    keep_home_office_reference,
    record_submission,
)
from referrals.actions.sharing_out import (
    change_caseworker,
    record_contacts,
    share_out,
    welcome_referral,
)
from referrals.actions.sweeping import sweep
from referrals.actions.taking_over import accept_hand_over, decline_hand_over, show_interest
from referrals.actions.taking_up import (
    take_up_delay,
    take_up_delays,
    take_up_imported,
    to_take_up,
)
from referrals.actions.telling import deliver_notices, read_notice, read_notices
from referrals.actions.tidying import throw_old_rows_away
from referrals.actions.trying import refusals
from referrals.actions.undertaking import say_who_acts
from referrals.actions.writing import (
    OpenedPage,
    newest_page,
    pages_of,
    states_of,
    versions_of,
    write_page,
)

__all__ = [
    "Answer",
    "Becomes",
    "Beside",
    "Calling",
    "Difference",
    "Happening",
    "HarmSaid",
    "Listed",
    "Meeting",
    "OpenedHarm",
    "OpenedNote",
    "OpenedPage",
    "Opening",
    "PlanAnswer",
    "Proposal",
    "Same",
    "Spent",
    "TakesOver",
    "WhyLook",
    "accept_hand_over",
    "add_note",
    "agree_contact",
    "agree_to_be_in_touch",
    "agreed_since",
    "agreed_terms",
    "announce_draft",
    "answer_appointment",
    "approve_draft",
    "arrange_cover",
    "ask_preview",
    "ask_to_take",
    "change_caseworker",
    "change_draft",
    "change_task",
    "change_view",
    "change_word",
    "checked",
    "choose_notices",
    "choose_told",
    "chronology",
    "close_referral",
    "compare",
    "correct_for_several",
    "correct_harm",
    "correct_wait_event",
    "decide_basis",
    "decide_harm",
    "decline_hand_over",
    "deliver_notices",
    "end_cover",
    "end_emergency",
    "end_link",
    "end_membership",
    "end_reading_on",
    "end_view",
    "erase_identity",
    "escalate_due",
    "find_by_name",
    "harm_counted",
    "home_office_reference",
    "import_referrals",
    "issue_proof",
    "keep_home_office_reference",
    "lift_restriction",
    "link_referrals",
    "log_effort",
    "make_appointment",
    "make_task",
    "may_end",
    "newest_page",
    "newest_version",
    "note_export",
    "notes_of",
    "open_in_emergency",
    "open_referral",
    "open_referrals",
    "opened_harm",
    "opened_proof",
    "pages_of",
    "read_notice",
    "read_notices",
    "read_on",
    "reassess",
    "reassess_due_of",
    "record_contacts",
    "record_for_several",
    "record_harm",
    "record_identity",
    "record_submission",
    "record_wait_events",
    "refusals",
    "remind_of_training",
    "reopen_referral",
    "restore_link",
    "restrict_referral",
    "rewrap_keys",
    "run_previews",
    "said_by",
    "save_view",
    "say_who_acts",
    "sealed_changed_since",
    "send_emails",
    "set_rate",
    "settle_announced",
    "share_out",
    "show_identity",
    "show_interest",
    "start_draft",
    "states_of",
    "survivors_with_keys",
    "sweep",
    "take_back",
    "take_up_delay",
    "take_up_delays",
    "take_up_imported",
    "throw_old_rows_away",
    "to_take_up",
    "versions_of",
    "welcome_referral",
    "withdraw_draft",
    "withdraw_effort",
    "withdraw_note",
    "withdraw_proof",
    "write_digests",
    "write_page",
]
