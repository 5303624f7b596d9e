from typing import Self

from django.conf import settings
from django.db import models

from organisations.models.organisation import Organisation


class ContactRouteQuerySet(models.QuerySet["ContactRoute"]):
    def standing(self) -> Self:
        return self.filter(withdrawn_at__isnull=True).order_by("kind", "id")


class ContactRoute(models.Model):
    """A public way of reaching an organisation: never changed, but checked, and withdrawn."""

    class Kind(models.TextChoices):
        TELEPHONE = "telephone", "Telephone"
        EMAIL = "email", "E-mail"
        WEB = "web", "Web page"
        POST = "post", "Post"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="routes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    value = models.CharField(max_length=300)
    note = models.CharField(max_length=300, blank=True)  # for whom, at what hours
    source = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    last_checked_on = models.DateField(null=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = ContactRouteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "value"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="a_way_of_reaching_an_organisation_stands_once",
            )
        ]

    def __str__(self) -> str:
        return self.value
