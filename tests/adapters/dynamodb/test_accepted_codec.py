"""What was accepted is read back as it was, and is always small."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from nextorder.adapters.dynamodb import accepted_codec
from nextorder.adapters.klaviyo.projection import NAMES, PREFIX
from nextorder.domain.caps import DROPPED_KEPT, TOLD_KEPT
from nextorder.domain.changes import Accepted, Value
from nextorder.domain.published import ladder

AT = datetime(2026, 5, 2, 12, 30, 15, tzinfo=UTC)
SOME_NAMES = st.sampled_from(["nextorder_p_5d", "nextorder_p_5d_lo", "nextorder_", "stage", ""])
VALUES = st.one_of(
    st.text(max_size=5), st.booleans(), st.integers(-9, 9), st.floats(0, 1).map(lambda p: round(p, 4))
)


@given(
    st.dictionaries(SOME_NAMES, VALUES),
    st.frozensets(st.sampled_from(["next:life:new", "next:hold"])),
    st.text(),
)
def test_it_is_read_back_as_it_was(
    attributes: dict[str, str | bool | int], audiences: frozenset[str], subject: str
) -> None:
    accepted = Accepted(
        attributes={**attributes, "segments": ("life:new", "love:tea")},
        audiences=audiences,
        subjects=frozenset({subject}),
        told={f"{subject}:20260501T223000Z": AT},
        version=3,
        remote_id="01H",
    )

    assert accepted_codec.decode(accepted_codec.encode(accepted)) == accepted


def test_a_record_from_before_it_was_packed_makes_everything_be_said_afresh() -> None:
    text = '{"attributes":{"stage":"new"},"remote_id":"01H","stage":"new","told":["x"],"version":2}'

    assert accepted_codec.decode(text) == Accepted(remote_id="01H", version=2, unsure=True)


def test_the_fullest_record_is_one_write_unit() -> None:
    """All properties, the longest names, all that is remembered of events; 150 bytes are left for the key."""
    date, category = "2026-05-02T12:00:00", "home-and-garden-decor-xx"
    values: dict[str, Value] = {PREFIX + name: ladder(1.3**-n) for n, name in enumerate(NAMES)}
    dates = ("window_opens", "window_closes", "next_order_date", "next_order_from", "next_order_until")
    values |= {PREFIX + name: date for name in (*dates, "stage_since", "scored_at")}
    values |= {f"{PREFIX}reason_{n}": f"#{n * 987_654_321:012}" for n in (1, 2, 3)}
    values |= {f"{PREFIX}affinity_{n}": f"{n}{category}" for n in (1, 2)}
    values[PREFIX + "segments"] = (
        *("buy:5d", "care", "cart:warm", "life:second-window", "promo:fullprice", "reach:unreached"),
        *(f"{family}:{n}{category}" for family in ("love", "replenish") for n in (1, 2)),
        *("returns:high", "value:platinum"),
    )
    ids = [f"replenish:{n}{category}:late:20260501T22300{n}Z" for n in range(TOLD_KEPT)]
    accepted = Accepted(
        attributes=values,
        subjects=frozenset({"stage:second-window", "value:platinum", *ids[:2]}),
        told=dict.fromkeys(ids, AT),
        unsettled=tuple(ids[:2]),
        dropped=12,
        last_dropped=tuple(ids[:DROPPED_KEPT]),
        version=1_234,
        remote_id="01HABCDEFGHJKMNPQRSTVWXYZ0",
    )

    assert len(accepted_codec.encode(accepted)) < 1_024 - 150
