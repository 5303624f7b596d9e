from django.conf import settings
from django.db import models

from organisations.models.organisation import Organisation


class RegisterQuestion(models.Model):
    """Please check the register: an organisation is said to have submitted an NRM referral on a
    day on which the register does not have it as designated. Names no referral."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    about = models.DateField()
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "about"], name="a_day_is_asked_about_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} on {self.about}"
