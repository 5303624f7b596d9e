#!/usr/bin/env python
"""Django's commands, on the servers that `make run` started or that the environment names."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError


def main() -> None:
    """Run the command; say in a sentence when there is nothing to run it on."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nrm_tracker.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", None):  # a database answered: not this problem
            raise
        sys.exit(f"No database runs: start make run, or set DATABASE_URL.\n({error})")


if __name__ == "__main__":
    main()
