"""Who can sign in to the demonstration, and for which organisation."""

from accounts.demonstration import (
    DemoAccount,
    demo_password,
    demonstration_users,
    totp_secret_for,
)
from nrm_tracker.database import purpose
from organisations.models import Invitation, Membership


def demo_accounts() -> list[DemoAccount]:
    """In the order of the organisations' names; only addresses that end in `.example`."""
    people = demonstration_users().in_bulk()
    with purpose("nrm_register"):
        members = list(
            Membership.objects.filter(ended_at__isnull=True, user__in=list(people))
            .select_related("organisation")
            .order_by("organisation__name", "id")
        )
        invited = Invitation.objects.filter(accepted_by__in=list(people))
        accepted = list(invited.values_list("accepted_by_id", "invited_at"))
    # Who came by an invitation chose a password, which nobody shows.
    newcomers = {user for user, at in accepted if user and people[user].created_at >= at}
    return [
        DemoAccount(
            username=people[member.user_id].email,
            name=people[member.user_id].name,
            password=demo_password(),
            totp_secret=totp_secret_for(people[member.user_id].email),
            organisation=member.organisation.slug,
            organisation_name=member.organisation.name,
            role=member.role,
        )
        for member in members
        if member.user_id not in newcomers
    ]
