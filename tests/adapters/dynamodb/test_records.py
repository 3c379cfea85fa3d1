"""The state item both ways."""

from dataclasses import replace
from datetime import UTC, datetime

from nextorder.adapters.dynamodb.records import state_item, state_of
from nextorder.domain.verdict import Segment, State, Verdict

SINCE = datetime(2026, 11, 1, 12, tzinfo=UTC)
WHY_LIFE = "They ordered once, on 1 November 2026; four of five second orders come within 160 days."
WHY_LOVE = "Half of their orders hold tea, 4 times as many as usual."
VERDICT = Verdict(
    segments={
        "life": Segment(value="new", since=SINCE, reason=WHY_LIFE),
        "love:tea": Segment(value="", since=SINCE, reason=WHY_LOVE),
    },
    reasons=(WHY_LIFE, "Of 100 customers like this one about 12 order within 30 days.", WHY_LOVE),
)
STATE = State(verdict=VERDICT, digest="d", version=3)


def test_a_reason_is_written_once_and_read_back_in_its_place() -> None:
    item = state_item("shop#7", "shop", STATE, "key")

    assert item["doc"]["S"].count(WHY_LIFE) == 1
    assert item["doc"]["S"].count(WHY_LOVE) == 1
    assert state_of(item) == replace(STATE, log_key="key")
