"""When a second person has to look, and when one alone may after a delay that others can see."""

from datetime import timedelta

from organisations.models import Membership
from organisations.roles import Permission

ALONE_AFTER = timedelta(hours=24)
ENOUGH = 4  # where so many may, one alone never does


def how_many_may(permission: Permission, *, organisation: int) -> int:
    """Active members who may. Asked as nrm_register."""
    return Membership.objects.who_may(permission).filter(organisation=organisation).count()
