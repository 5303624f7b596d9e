from organisations.models.designation import STEPS, Application, Designation
from organisations.models.membership import Membership
from organisations.models.organisation import Nation, Organisation
from organisations.models.reassessment import Reassessment
from organisations.models.register_question import RegisterQuestion
from organisations.models.training import Training

__all__ = [
    "STEPS",
    "Application",
    "Designation",
    "Membership",
    "Nation",
    "Organisation",
    "Reassessment",
    "RegisterQuestion",
    "Training",
]
