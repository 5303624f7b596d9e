from django.conf import settings
from django.db import models

from organisations.models.organisation import Organisation

LONGEST = 1000


class ErrorReport(models.Model):
    """Somebody says that the register is wrong about an organisation. They need no account, and
    nothing of them is kept; what they wrote is not to be trusted."""

    class About(models.TextChoices):
        CONTACT = "contact", "How to reach it"
        SCOPE = "scope", "Whom it takes, or where"
        STATUS = "status", "Whether it is designated, or still exists"
        OTHER = "other", "Something else"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    about = models.CharField(max_length=10, choices=About.choices)
    words = models.CharField(max_length=LONGEST)
    reported_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, answered_by__isnull=True)
                | models.Q(answered_at__isnull=False, answered_by__isnull=False),
                name="a_report_is_answered_by_somebody_at_an_instant",
            )
        ]

    def __str__(self) -> str:
        return f"report {self.pk} on {self.organisation_id}"
