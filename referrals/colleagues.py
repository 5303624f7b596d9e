"""Who does casework in an organisation: whom a referral or a task can be given to."""

from organisations.models import Membership
from referrals.errors import NotACaseworker


def caseworkers_of(organisation: int) -> dict[int, str]:
    """Their names by the id of the person, in the order of the names."""
    rows = (
        Membership.objects.doing_casework()
        .filter(organisation=organisation)
        .order_by("user__name", "user_id")
    )
    return dict(rows.values_list("user_id", "user__name"))


def check_caseworker(user: int, *, organisation: int) -> None:
    """Raises NotACaseworker."""
    if user not in caseworkers_of(organisation):
        raise NotACaseworker("Choose somebody who does casework here now.")
