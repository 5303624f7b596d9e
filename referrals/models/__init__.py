from referrals.models.appointment import Appointment
from referrals.models.cover import Cover
from referrals.models.delay import RINGING, Attention, Delay, DelayFlag, TakenUp, Told
from referrals.models.effort import Effort, EffortKind, Rate
from referrals.models.email import Digest, Email, NoticeChoice
from referrals.models.escalation import Escalation
from referrals.models.hand_over import HandOver
from referrals.models.harm import Harm
from referrals.models.import_run import ImportRun
from referrals.models.link import Link
from referrals.models.name_mark import NameMark
from referrals.models.note import Note
from referrals.models.notice import Notice, OutboxMessage
from referrals.models.proof import Proof
from referrals.models.referral import Custody, Referral, Submission
from referrals.models.restriction import NamedStaff, Restriction
from referrals.models.saved_view import SavedView
from referrals.models.survivor import SafeContact, Survivor, SurvivorKey
from referrals.models.sweep import SweepRun
from referrals.models.task import Task
from referrals.models.threshold import ThresholdVersion
from referrals.models.threshold_draft import ThresholdDraft, ThresholdPreview
from referrals.models.told_choice import ToldChoice
from referrals.models.undertaking import Undertaking
from referrals.models.wait_event import WaitEvent
from referrals.models.written_page import WrittenPage

__all__ = [
    "RINGING",
    "Appointment",
    "Attention",
    "Cover",
    "Custody",
    "Delay",
    "DelayFlag",
    "Digest",
    "Effort",
    "EffortKind",
    "Email",
    "Escalation",
    "HandOver",
    "Harm",
    "ImportRun",
    "Link",
    "NameMark",
    "NamedStaff",
    "Note",
    "Notice",
    "NoticeChoice",
    "OutboxMessage",
    "Proof",
    "Rate",
    "Referral",
    "Restriction",
    "SafeContact",
    "SavedView",
    "Submission",
    "Survivor",
    "SurvivorKey",
    "SweepRun",
    "TakenUp",
    "Task",
    "ThresholdDraft",
    "ThresholdPreview",
    "ThresholdVersion",
    "Told",
    "ToldChoice",
    "Undertaking",
    "WaitEvent",
    "WrittenPage",
]
