"""What was accepted is read back as it was, whatever its attributes are called."""

from hypothesis import given
from hypothesis import strategies as st

from nextorder.adapters.dynamodb import accepted_codec
from nextorder.domain.changes import Accepted

NAMES = st.sampled_from(
    ["nextorder_p_5d", "nextorder_p_5d_lo", "nextorder_", "stage", "names_begin_with", ""]
)
VALUES = st.one_of(
    st.text(max_size=5), st.booleans(), st.integers(-9, 9), st.floats(0, 1).map(lambda p: round(p, 4))
)


@given(
    st.dictionaries(NAMES, VALUES), st.frozensets(st.sampled_from(["next:life:new", "next:hold"])), st.text()
)
def test_it_is_read_back_as_it_was(
    attributes: dict[str, str | bool | int], audiences: frozenset[str], stage: str
) -> None:
    accepted = Accepted(attributes=attributes, audiences=audiences, stage=stage, version=3, remote_id="01H")

    assert accepted_codec.decode(accepted_codec.encode(accepted)) == accepted


def test_a_common_beginning_is_said_once() -> None:
    accepted = Accepted(attributes={"nextorder_stage": "new", "nextorder_quality": "ok"})

    assert accepted_codec.encode(accepted).count("nextorder_") == 1
