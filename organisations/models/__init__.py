from organisations.models.closure import Closure
from organisations.models.designation import STEPS, Application, Designation
from organisations.models.membership import Membership
from organisations.models.organisation import Nation, Organisation
from organisations.models.reassessment import Reassessment
from organisations.models.register_question import RegisterQuestion
from organisations.models.rest_day import RestDay
from organisations.models.training import Training

__all__ = [
    "STEPS",
    "Application",
    "Closure",
    "Designation",
    "Membership",
    "Nation",
    "Organisation",
    "Reassessment",
    "RegisterQuestion",
    "RestDay",
    "Training",
]
