"""What an action refuses, in words that say what to do. Views turn these into form errors."""


class ActionRefused(Exception):
    """The base of all refusals; `field` is the form field that it concerns, if one does.
    `of_many`: why one of many chosen together is refused, where its page says which one."""

    field: str | None = None

    def __init__(self, *args: object, of_many: str = "") -> None:
        super().__init__(*args)
        self.of_many = of_many


class ChangedMeanwhile(ActionRefused):
    """Somebody else changed the referral, or its page, after the form was opened."""

    def __init__(self, version: int, what: str = "referral") -> None:
        super().__init__(f"Somebody else changed this {what} while you were writing.")
        self.version = version  # the one that the form was opened on


class SentElsewhere(ActionRefused):
    """The same form was acted on already, for another organisation."""


class NotYetHappened(ActionRefused):
    field = "happened_at"


class BeforeFirstContact(ActionRefused):
    field = "happened_at"


class NotDesignatedThen(ActionRefused):
    field = "submitted_by"


class TakenBackAlready(ActionRefused):
    """Time or expenses that count no more."""


class MayNotAct(ActionRefused):
    """First Responders' work by somebody untrained, which the organisation refuses."""


class NothingToWithdraw(ActionRefused):
    """Consent that was never given."""

    def __init__(self, message: str, *, kind: str) -> None:
        super().__init__(message)
        self.field = f"consent_{kind}"


class NoSuchInterval(ActionRefused):
    field = "every_days"


class NoSuchRoute(ActionRefused):
    """What the law does not provide for this person."""


class NotPossible(ActionRefused):
    """What cannot have happened where the person stood then; see `referrals.life_cycle`."""

    field = "letter"


class AskedFirst(ActionRefused):
    """Unlikely, or without what comes before it: recorded once somebody says why."""

    field = "all_the_same"


class AlreadyCorrected(ActionRefused):
    pass


class CannotBeUndone(ActionRefused):
    pass


class PausedAlready(ActionRefused):
    field = "happened_at"


class NoPauseRuns(ActionRefused):
    field = "happened_at"


class EndsFirst(ActionRefused):
    """A pause would swallow a later one."""

    field = "ended_at"


class MayNotHold(ActionRefused):
    """A hold is a decision of those who answer for safeguarding."""

    field = "kind"


class IsClosed(ActionRefused):
    pass


class IsOpen(ActionRefused):
    pass


class UnansweredDecision(ActionRefused):
    """A negative decision still awaits an answer about reconsideration (30 days)."""


class ReviewDateNotAhead(ActionRefused):
    field = "review_on"


class PlanNotConfirmed(ActionRefused):
    """A conversation of so long ago says nothing of a plan."""

    def __init__(self, message: str, *, taken_up: int) -> None:
        super().__init__(message)
        self.field = f"plan_{taken_up}"


class NotAPseudonym(ActionRefused):
    field = "pseudonym"


class WordIsAName(ActionRefused):
    """The word that stands for a person on every page is a name of theirs."""

    field = "pseudonym"


class ReasonMissing(ActionRefused):
    field = "reason"


class NobodyLeft(ActionRefused):
    field = "named"


class NotOfThisOrganisation(ActionRefused):
    field = "named"


class ErasedAlready(ActionRefused):
    """The key that opens who somebody is was destroyed, or never was."""


class StruckThroughAlready(ActionRefused):
    pass


class WrittenAlready(ActionRefused):
    field = "words"


class NotACaseworker(ActionRefused):
    """Chosen to do casework here, and does none."""

    field = "caseworker"


class AppointmentNotAhead(ActionRefused):
    field = "at"


class AppointmentStillAhead(ActionRefused):
    field = "outcome"


class AnsweredAlready(ActionRefused):
    field = "outcome"


class SomeChanged(ActionRefused):
    """Of many chosen together, these changed meanwhile; nothing was done with any."""

    def __init__(self, references: list[str]) -> None:
        super().__init__(
            f"Nothing is done yet. Somebody else changed {', '.join(references)} after you chose. "
            "Look there, then send this again."
        )
        self.references = references


class NotAllThere(ActionRefused):
    """Of many chosen together, some are not the organisation's any more."""


class NothingToTakeUp(ActionRefused):
    pass


class CoverIsOthers(ActionRefused):
    """Neither the one who is away nor the one who covers, nor a manager."""


class CoverForOneself(ActionRefused):
    field = "covered_by"


class CoverEndsFirst(ActionRefused):
    field = "last_on"


class ThereIsADraft(ActionRefused):
    """Of each threshold one change at a time is drafted."""


class DraftIsYours(ActionRefused):
    """A second person approves."""


class DraftIsOthers(ActionRefused):
    pass


class DraftSettled(ActionRefused):
    pass


class DraftChanged(ActionRefused):
    pass


class NotPreviewed(ActionRefused):
    pass


class TwoAreNeeded(ActionRefused):
    pass


class NotAThreshold(ActionRefused):
    pass


class NeedsAReason(ActionRefused):
    field = "reason"


class TakesEffectTooEarly(ActionRefused):
    field = "effective_on"


class TooQuiet(ActionRefused):
    """An organisation may not make this quieter than the Today list."""


class NoConsentToShare(ActionRefused):
    """The person has not consented to sharing, or took it back."""


class NotSafeToKeep(ActionRefused):
    field = "addressed_to"


class WithdrawnAlready(ActionRefused):
    pass


class NotYetHappenedOn(ActionRefused):
    field = "known_on"


class LinkedWithThemselves(ActionRefused):
    field = "other"


class NotForAnother(ActionRefused):
    """What was refused of another one, for whom the same was to be recorded."""

    field = "same_for"


class TooManyViews(ActionRefused):
    field = "name"


class ViewNamedAlready(ActionRefused):
    field = "name"


class ViewIsOthers(ActionRefused):
    pass


class NobodyAsked(ActionRefused):
    field = "organisations"


class CannotBeAsked(ActionRefused):
    """An organisation that takes nobody like this, or was asked already."""

    field = "organisations"


class NothingToReadOn(ActionRefused):
    """Of a referral that was handed over, by consent that is not there, or is over."""


class NobodyReadsOn(ActionRefused):
    """What whoever hands over may not ask for."""

    field = "read_on_days"


class OneAtATime(ActionRefused):
    """Several are asked at once only where the person agreed to that."""

    field = "several_agreed"


class HandOverSettled(ActionRefused):
    """It was answered or taken back meanwhile."""
