"""Read everyone's facts at once; of more than fit one function, a sample that is the same every time."""

from collections.abc import Callable, Sequence

from nextorder.domain.facts import StoredFact
from nextorder.domain.sampling import Drawn, Sample
from nextorder.ports import Census, CustomerRecord
from nextorder.use_cases.order_places import order_of


def draw_everyone(
    shop: str, census: Census, most: int, progress: Callable[[int], None] = lambda _: None
) -> Drawn:
    """
    Return the facts of at most so many customers, and of as large a share of orders' own places.

    Who is gone is left out, and who never had a fact.
    """
    customers: Sample[tuple[StoredFact, ...]] = Sample(most)
    places: dict[str, tuple[StoredFact, ...]] = {}

    def note(customer: str, record: CustomerRecord) -> None:
        if record.facts and not record.gone:
            customers.note(customer, tuple(record.facts))
            progress(1)

    def note_place(facts: Sequence[StoredFact]) -> None:
        if customers.wants(order := order_of(facts[0])):
            places[order] = tuple(facts)

    census.take(shop, wanted=customers.wants, note=note, place=note_place)
    facts = customers.drawn()
    # fewer may be wanted by the end than when the first were noted
    kept = tuple(held for order, held in sorted(places.items()) if customers.wants(order))
    return Drawn(facts=facts, places=kept, share=customers.share)
