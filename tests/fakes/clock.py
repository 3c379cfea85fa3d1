"""A clock for tests."""

from datetime import UTC, datetime

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp()


class StillClock:
    """Seconds since 1970; it stands still until it is moved, by hand or by a sleep that waits for nothing."""

    def __init__(self) -> None:
        self.now = NOW
        self.naps: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        # less would be lost in rounding, and who waits for the rest of a point would wait for ever
        self.now += max(seconds, 1e-6)
