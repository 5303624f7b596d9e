from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from organisations.models import Membership, Organisation


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, membership: Membership) -> Self:
        """One's own, and those that are shared in the organisation."""
        own_or_shared = Q(user=membership.user_id) | Q(shared=True)
        return self.filter(own_or_shared, organisation=membership.organisation_id)


class SavedView(models.Model):
    """Filters of the worklist that somebody named."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    filters = models.CharField(max_length=500, blank=True)  # as the address has them
    shared = models.BooleanField(default=False)
    saved_at = models.DateTimeField()

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "organisation", "user", Upper("name"), name="a_person_names_a_view_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
