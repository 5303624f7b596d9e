"""Nothing typed is lost: words that could not be sent are kept, sealed, until they are.

A draft is opened for its writer alone, is sent by nobody but them, and is thrown away after a day.
"""

from datetime import datetime, timedelta

from django.http import QueryDict

from accounts.models import PATH_LENGTH, Draft, User
from nrm_tracker import sealing
from nrm_tracker.database import context, purpose
from nrm_tracker.sealing import CannotBeOpened, Place, new_key, seal, unseal, unwrap, wrap
from nrm_tracker.ui import whose

KEPT_FOR = timedelta(days=1)
AT_MOST = 20  # drafts of a person
CHARACTERS = 200_000
TOKEN = "csrfmiddlewaretoken"  # noqa: S105
NOT_TYPED = {TOKEN, whose.NAME, "key", "version", "acting_for"}


def keep(user: User, path: str, words: QueryDict, *, left: bool, now: datetime) -> bool:
    """Keep them in place of what was kept of this form before; whether there was anything."""
    if not any(value for name in words if name not in NOT_TYPED for value in words.getlist(name)):
        return False
    kept = words.copy()
    for name in (TOKEN, whose.NAME):
        kept.pop(name, None)
    text = kept.urlencode()
    if len(text) > CHARACTERS or len(path) > PATH_LENGTH:
        return False
    with context(user=user.pk):
        Draft.objects.filter(user=user, path=path).delete()
        draft, key = Draft(user=user, path=path, left=left, kept_at=now), new_key()
        draft.master, draft.wrapped = wrap(key, place=_place(draft, "wrapped"))
        draft.words = seal(text, key=key, place=_place(draft, "words"))
        draft.save(force_insert=True)
        newest = Draft.objects.filter(user=user).order_by("-kept_at").values("pk")[:AT_MOST]
        Draft.objects.filter(user=user).exclude(pk__in=newest).delete()
    return True


def drafts_of(user: User, *, now: datetime) -> list[Draft]:
    with context(user=user.pk):
        return list(Draft.objects.filter(user=user, kept_at__gt=now - KEPT_FOR))


def words_of(draft: Draft) -> QueryDict:
    """Empty where the key that sealed them is gone."""
    try:
        key = unwrap(bytes(draft.wrapped), master=draft.master, place=_place(draft, "wrapped"))
        text = unseal(bytes(draft.words), key=key, place=_place(draft, "words"))
    except CannotBeOpened:
        text = ""
    return QueryDict(text)


def rewrap(user: User) -> int:
    """Put the keys of a person's drafts under the present master key; how many."""
    with context(user=user.pk):
        drafts = list(Draft.objects.filter(user=user))
        for draft in drafts:
            draft.master, draft.wrapped = sealing.rewrap(
                bytes(draft.wrapped), master=draft.master, place=_place(draft, "wrapped")
            )
        Draft.objects.bulk_update(drafts, ["master", "wrapped"])
    return len(drafts)


def throw_away(user: User, path: str) -> None:
    with context(user=user.pk):
        Draft.objects.filter(user=user, path=path).delete()


def throw_old_ones_away(*, now: datetime) -> int:
    """Everybody's; how many."""
    with purpose("nrm_sweep"):
        old = Draft.objects.filter(kept_at__lte=now - KEPT_FOR)
        return old._raw_delete(old.db)


def _place(draft: Draft, column: str) -> Place:
    return Place("accounts_draft", column, draft.pk)
