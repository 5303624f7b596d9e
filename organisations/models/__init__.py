from organisations.models.capacity import Capacity
from organisations.models.closure import Closure
from organisations.models.contact_route import ContactRoute
from organisations.models.designation import STEPS, Application, Designation
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
    "Capacity",
    "Closure",
    "ContactRoute",
    "Designation",
    "ErrorReport",
    "Invitation",
    "Listing",
    "MemberChange",
    "Membership",
    "Nation",
    "Organisation",
    "Proposal",
    "PublishedFact",
    "PublishedList",
    "Reassessment",
    "RegisterQuestion",
    "ResponderPolicy",
    "RestDay",
    "Training",
    "TrainingModule",
]
