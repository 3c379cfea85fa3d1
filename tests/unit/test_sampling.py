"""A sample of customers is the same whatever came before, and half of it is the sample of half."""

from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.sampling import Sample, place_of

people = st.lists(st.integers(0, 10**12).map(str), unique=True, max_size=60)


def sample_of(customers: list[str], most: int) -> Sample[str]:
    sample: Sample[str] = Sample(most)
    for customer in customers:
        if sample.wants(customer):
            sample.note(customer, f"of {customer}")
    return sample


@given(people, st.integers(1, 20), st.randoms(use_true_random=False))
def test_it_does_not_depend_on_the_order_of_customers(
    customers: list[str], most: int, random: object
) -> None:
    shuffled = list(customers)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert sample_of(shuffled, most).drawn() == sample_of(customers, most).drawn()


@given(people, st.integers(1, 20))
def test_it_is_the_customers_with_the_smallest_hashes(customers: list[str], most: int) -> None:
    drawn = sample_of(customers, most).drawn()

    assert list(drawn) == sorted(customers, key=place_of)[:most]
    assert all(noted == f"of {customer}" for customer, noted in drawn.items())


@given(people, st.integers(1, 20))
def test_a_smaller_sample_is_part_of_a_larger_one(customers: list[str], most: int) -> None:
    assert sample_of(customers, most).drawn().keys() <= sample_of(customers, most + 5).drawn().keys()


def test_its_share_says_how_many_there_are() -> None:
    customers = [f"{7_000_000 + n}" for n in range(20_000)]

    sample = sample_of(customers, 2_000)

    assert len(sample.drawn()) == 2_000
    assert abs(2_000 / sample.share / 20_000 - 1) < 0.1
    whole = sample_of(customers, 20_000)
    assert (len(whole.drawn()), whole.share) == (20_000, 1.0)
