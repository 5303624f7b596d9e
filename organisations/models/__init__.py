from organisations.models.application import Application, Side
from organisations.models.application_record import Correspondence, NamingConsent, StageEntry
from organisations.models.capacity import Capacity
from organisations.models.checklist import (
    ApplicationMessage,
    ChecklistEntry,
    Criterion,
    RecruitmentRound,
)
from organisations.models.closure import Closure
from organisations.models.contact_route import ContactRoute
from organisations.models.designation import STEPS, Designation
from organisations.models.error_report import ErrorReport
from organisations.models.invitation import Invitation
from organisations.models.listing import Alias, Listing, PublishedFact, PublishedList
from organisations.models.member_change import MemberChange
from organisations.models.membership import Membership
from organisations.models.organisation import Nation, Organisation
from organisations.models.proposal import Proposal
from organisations.models.reassessment import Reassessment
from organisations.models.register_question import RegisterQuestion
from organisations.models.responder_policy import ResponderPolicy
from organisations.models.rest_day import RestDay
from organisations.models.training import Training, TrainingModule

__all__ = [
    "STEPS",
    "Alias",
    "Application",
    "ApplicationMessage",
    "Capacity",
    "ChecklistEntry",
    "Closure",
    "ContactRoute",
    "Correspondence",
    "Criterion",
    "Designation",
    "ErrorReport",
    "Invitation",
    "Listing",
    "MemberChange",
    "Membership",
    "NamingConsent",
    "Nation",
    "Organisation",
    "Proposal",
    "PublishedFact",
    "PublishedList",
    "Reassessment",
    "RecruitmentRound",
    "RegisterQuestion",
    "ResponderPolicy",
    "RestDay",
    "Side",
    "StageEntry",
    "Training",
    "TrainingModule",
]
