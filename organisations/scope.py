"""Whom an organisation takes, and of what kind it is. Nothing chosen means: not known."""

from django.db.models import TextChoices


class Kind(TextChoices):
    POLICE = "police", "Police force"
    REGIONAL_UNIT = "regional_unit", "Regional Organised Crime Unit"
    LOCAL_AUTHORITY = "local_authority", "Local authority"
    HSC_TRUST = "hsc_trust", "Health and Social Care Trust"
    HOME_OFFICE = "home_office", "Part of the Home Office"
    AGENCY = "agency", "National agency"
    CHARITY = "charity", "Charity or other organisation that is no public authority"


class Takes(TextChoices):
    ADULTS = "adult", "Adults"
    CHILDREN = "child", "Children"


class Gender(TextChoices):
    WOMEN = "women", "Women and girls"
    MEN = "men", "Men and boys"
    OTHER = "other", "People of another gender"


class Exploitation(TextChoices):
    """As the Home Office form groups them."""

    LABOUR = "labour", "Labour or financial"
    SEXUAL = "sexual", "Sexual"
    CRIMINAL = "criminal", "Criminal"
    SERVITUDE = "servitude", "Domestic servitude"
    OTHER = "other", "Other"


class Known(TextChoices):
    YES = "yes", "Yes"
    NO = "no", "No"


SCOPE = (
    *("nations", "takes", "age_groups", "genders", "exploitation"),
    *("client_group", "languages", "access", "self_referral"),
)
