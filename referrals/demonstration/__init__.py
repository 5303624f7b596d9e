"""A story to walk through in five minutes. Nobody in it exists; see docs/demonstration.md."""

from referrals.demonstration.loading import load

__all__ = ["load"]
