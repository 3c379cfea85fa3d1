"""A clock for tests."""

from datetime import UTC, datetime

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp()


class StillClock:
    """Seconds since 1970; it stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now
