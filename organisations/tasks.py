"""What beat wakes. One line each: the actions do the work and tolerate repeats."""

from celery import shared_task

from nrm_tracker import database
from organisations import actions
from organisations.published import SOURCE, published


@shared_task
def learn_rest_days() -> None:
    actions.learn_rest_days(published=published(), source=SOURCE, now=database.now())


@shared_task
def settle_announced_designations() -> None:
    actions.settle_announced_designations(now=database.now())
