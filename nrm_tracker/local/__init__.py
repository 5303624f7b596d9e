"""The embedded default: PostgreSQL, Valkey, web, worker and beat as children of one supervisor."""

from nrm_tracker.local.places import Urls, running

__all__ = ["Urls", "running"]
