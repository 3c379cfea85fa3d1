"""
Errors, named by what the caller may do.

    NextorderError
    ├── BadPayload       nothing to retry: park the message with the reason
    ├── BadSettings      a merchant's file is wrong: say where, change nothing
    ├── VersionConflict  someone else wrote first: read again, try again
    ├── RetryLater         the other side is busy: try again after `seconds`
    │   ├── Untried        nobody asked it, since it was busy with others: as before
    │   └── OutcomeUnknown the request may or may not have worked: mark unsure, try again
    │       └── UnderWay   the other side still works on it: ask for its outcome later
    ├── Refused            the other side said no for good: record, do not retry
    └── NeedsHuman         a key or a permission is missing: alarm, keep the message
        └── AccessDenied   the key is good and may not do this: alarm, record, try when it may
"""


class NextorderError(Exception):
    """Root of everything this package raises on purpose; messages carry no personal data."""


class BadPayload(NextorderError):
    """A body that can never be used; `field` says where it is wrong."""

    def __init__(self, reason: str, *, field: str = "") -> None:
        super().__init__(f"{field}: {reason}" if field else reason)
        self.reason = reason
        self.field = field


class BadSettings(NextorderError):
    """A settings or catalogue file is wrong; the message names file and key."""


class VersionConflict(NextorderError):
    """The state item changed between our read and our write."""


class RetryLater(NextorderError):
    """The other side asks for patience; `seconds` is its Retry-After, None when it gave none."""

    def __init__(self, reason: str, *, seconds: float | None = None) -> None:
        super().__init__(reason)
        self.seconds = seconds


class Untried(RetryLater):
    """Nothing was asked of the other side, since others had shown that there is no use."""


class OutcomeUnknown(RetryLater):
    """
    The connection ended before the answer: the write may have happened.

    `remote_id` is the other side's own id of the person, where it was known: what may have been
    written can then be found again.
    """

    def __init__(self, reason: str, *, seconds: float | None = None, remote_id: str = "") -> None:
        super().__init__(reason, seconds=seconds)
        self.remote_id = remote_id


class UnderWay(OutcomeUnknown):
    """The other side has taken the work and is not done with it: ask for the outcome, send nothing again."""


class Refused(NextorderError):
    """A permanent no; `code` is stable and safe to count and to show."""

    def __init__(self, code: str, reason: str = "") -> None:
        super().__init__(f"{code}: {reason}" if reason else code)
        self.code = code
        self.reason = reason


class NeedsHuman(NextorderError):
    """
    Credentials or permissions fail; retrying alone cannot mend it.

    `partly` says that some of what was asked may have been done.
    """

    def __init__(self, reason: str, *, partly: bool = False) -> None:
        super().__init__(reason)
        self.partly = partly


class AccessDenied(NeedsHuman):
    """The key is good, but a permission or an approval is missing: the same no to whoever is tried."""
