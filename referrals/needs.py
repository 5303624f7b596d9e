"""What a person needs of an organisation, as far as it is known here. None of it leaves."""

from dataclasses import dataclass

from referrals.actions.agreeing import agreed_terms
from referrals.actions.writing import pages_of
from referrals.models import Referral, WrittenPage

TAKING_PART = "taking_part"  # the question of the intake


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What somebody says for one look at the list and what is not kept: "" is not said."""

    gender: str = ""
    exploitation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """`language`: of the interpreter; "" where none is needed, or nobody has asked. `support`:
    something to take part in a meeting, besides an interpreter."""

    nation: str
    age_group: str
    language: str = ""
    support: bool = False
    gender: str = ""
    exploitation: str = ""


def needs_of(referral: Referral, *, sought: Sought) -> Needs:
    terms = agreed_terms(referral)
    speaking = pages_of(referral=referral).get(WrittenPage.Page.SPEAKING)
    return Needs(
        nation=referral.nation,
        age_group=referral.age_group,
        language=terms.interpreter if terms else "",
        support=speaking is not None and speaking.says(TAKING_PART) == "yes",
        gender=sought.gender,
        exploitation=sought.exploitation,
    )
