from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from organisations.models.organisation import Organisation


class PublishedList(models.Model):
    """A list of First Responder Organisations that somebody published."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=300)
    dated = models.CharField(max_length=100)  # in words: "April 2026", "removed on 24 March 2026"
    note = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.name


class ListingQuerySet(models.QuerySet["Listing"]):
    def who_do_not_name(self) -> Self:
        return self.filter(says=Listing.Says.NOT_NAMED)

    def not_settled(self) -> Self:
        """Without those on which somebody recorded that the organisation is not designated."""
        return self.filter(
            Q(organisation__lists_settled_at__isnull=True)
            | Q(changed_at__gt=F("organisation__lists_settled_at"))
        )


class Listing(models.Model):
    """What one list says of one organisation. Where lists disagree, both rows stand."""

    class Says(models.TextChoices):
        NAMED = "named", "Names it"
        NOT_NAMED = "not_named", "Does not name it"
        NOT_READ = "not_read", "Could not be read to the end"
        SILENT = "silent", "Says nothing either way"

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="listings"
    )
    of = models.ForeignKey(PublishedList, on_delete=models.PROTECT, related_name="+")
    says = models.CharField(max_length=10, choices=Says.choices)
    note = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField()

    objects = ListingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "of"], name="a_list_says_one_thing_of_an_organisation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.of_id} on {self.organisation_id}: {self.says}"


class Alias(models.Model):
    """Another name under which an organisation stands somewhere."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=200)
    used_in = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"], name="an_alias_stands_once_for_an_organisation"
            )
        ]

    def __str__(self) -> str:
        return self.name


class PublishedFact(models.Model):
    """What a source says of one fact of an organisation, in the register's own form.

    Where the register says otherwise, an administrator takes this, or keeps what the register has
    (`kept_at`), which holds until the source says something else.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="facts")
    field = models.CharField(max_length=40)
    value = models.JSONField()
    source = models.CharField(max_length=300)
    dated = models.CharField(max_length=100, blank=True)
    found_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True)
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "field"], name="a_fact_is_published_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.organisation_id}"
