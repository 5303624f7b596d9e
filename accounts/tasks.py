"""What beat wakes. One line each."""

from celery import shared_task

from accounts import drafts
from nrm_tracker import database


@shared_task
def throw_old_drafts_away() -> None:
    drafts.throw_old_ones_away(now=database.now())
