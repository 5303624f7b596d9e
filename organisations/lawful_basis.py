"""On what an organisation keeps records of people, in the words of data protection law.

It is the organisation's own decision, made once and changed for one record where that differs.
It is never the person's consent to the NRM, which is theirs to give and to take back.
"""

from django.db.models import TextChoices


class LawfulBasis(TextChoices):
    """Article 6 of the UK GDPR."""

    PUBLIC_TASK = "public_task", "Public task"
    LEGAL_OBLIGATION = "legal_obligation", "Legal obligation"
    LEGITIMATE_INTERESTS = "legitimate_interests", "Legitimate interests"
    VITAL_INTERESTS = "vital_interests", "Vital interests"
    CONSENT = "consent", "Consent to the keeping of this record"


class SpecialCondition(TextChoices):
    """Article 9 of the UK GDPR, with Schedule 1 to the Data Protection Act 2018."""

    SAFEGUARDING = (
        "safeguarding",
        "Safeguarding of children and of individuals at risk (Schedule 1, paragraph 18)",
    )
    CARE = "care", "Health or social care"
    VITAL_INTERESTS = "vital_interests", "Vital interests of somebody who cannot consent"
    LEGAL_CLAIMS = "legal_claims", "Legal claims"
    EXPLICIT_CONSENT = "explicit_consent", "Explicit consent to the keeping of this record"


def in_words(basis: str, condition: str) -> str:
    """ "Legitimate interests; safeguarding of ...", or that nobody has decided."""
    said = [
        LawfulBasis(basis).label if basis else "",
        SpecialCondition(condition).label if condition else "",
    ]
    return "; ".join(filter(None, said)) or "Not decided yet"
