"""What beat wakes. One line each: the actions do the work and tolerate repeats."""

from celery import shared_task

from nrm_tracker import database
from reporting.what_if import asking


@shared_task
def run_what_ifs() -> None:
    asking.run_what_ifs(now=database.now())
