"""What a customer's next order holds: the product's smoothed shares beside popularity and own frequency."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from nextorder.domain.affinity import PRIOR_ORDERS
from nextorder.training.table import Bools, Floats, Ints
from tests.bench.model.data import DAY, EPOCH, SAMPLES, NotAvailable, ta_feng_lines
from tests.bench.model.protocol import SEED, day_of

TOP, FIRST = 10, 5
MOST_CUSTOMERS, CHUNK = 3_000, 500
UNSEEN = 1e-6
"""Share of what a model holds for impossible, before the shares are made to add up."""
DIRICHLET, POPULARITY, PERSONAL = "Dirichlet-smoothed own", "Popularity", "Own frequency"


@dataclass(frozen=True, slots=True, eq=False)
class Purchases:
    """One row per order day and item, items numbered from 0."""

    name: str
    customer: Ints
    day: Ints
    """Whole days since 1970."""
    item: Ints


def ta_feng_subclasses() -> Purchases:
    """Return Ta-Feng's order days by product subclass."""
    rows = ta_feng_lines()
    return _purchases(
        "ta_feng subclasses", rows["CUSTOMER_ID"], rows["TRANSACTION_DT"], rows["PRODUCT_SUBCLASS"]
    )


def sample_products() -> Purchases:
    """Return the sample store's order days by product; the folded rest of long orders names none."""
    orders = pd.read_csv(SAMPLES / "orders.csv.gz").query("kind == 'sale'")
    lines = pd.read_csv(SAMPLES / "lines.csv.gz").dropna(subset="product")
    rows = lines.merge(orders, on="number")
    return _purchases(
        "sample store products", rows["customer"], pd.to_datetime(rows["placed_at"]), rows["product"]
    )


SETS: Mapping[str, tuple[Callable[[], Purchases], str]] = {
    "ta_feng subclasses": (ta_feng_subclasses, "ta_feng"),
    "sample store products": (sample_products, "online_retail_ii"),
}
"""Name -> how to read it, and whose cut-offs it is judged at."""


def judge_affinity(cutoffs: Mapping[str, Sequence[str]]) -> dict[str, dict[str, dict[str, float]]]:
    """Return set -> model -> metric, means over cut-offs; sets that are not at hand are left out."""
    found = {}
    for name, (read, store) in SETS.items():
        try:
            purchases = read()
        except NotAvailable:
            continue
        cells = [at_cutoff(purchases, day_of(cutoff)) for cutoff in cutoffs[store]]
        found[name] = {
            model: {metric: fmean(cell[model][metric] for cell in cells) for metric in cells[0][model]}
            for model in cells[0]
        }
    return found


def at_cutoff(purchases: Purchases, cut: float) -> dict[str, dict[str, float]]:
    """
    Judge each customer's next order day after the cut-off by what was bought before it.

    Recall of the ten likeliest items, whether one of the five likeliest was bought, and
    the cross-entropy of the order's shares; of at most 3,000 seeded customers.
    """
    known = purchases.day < cut
    orders = len(np.unique(np.stack([purchases.customer, purchases.day])[:, known], axis=1).T)
    items = int(purchases.item.max()) + 1
    base = np.bincount(purchases.item[known], minlength=items) / orders
    customers, next_items = _next_orders(purchases, cut)
    holding, days = _held(purchases, known, customers, items)
    scores: dict[str, list[tuple[float, float, float]]] = {DIRICHLET: [], PERSONAL: [], POPULARITY: []}
    for start in range(0, len(customers), CHUNK):
        own = holding[start : start + CHUNK].toarray()
        count = days[start : start + CHUNK, None]
        expected = {
            DIRICHLET: smoothed(own, count, base),
            # the shop's favourites decide between equals, and fill up
            PERSONAL: own / count + UNSEEN * base,
            POPULARITY: np.broadcast_to(base, own.shape),
        }
        for model, table in expected.items():
            bought = next_items[start : start + CHUNK]
            scores[model] += [_score(row, held) for row, held in zip(table, bought, strict=True)]
    return {
        model: dict(
            zip(("recall@10", "hit@5", "cross-entropy"), map(fmean, zip(*rows, strict=True)), strict=True)
        )
        for model, rows in scores.items()
    }


def smoothed(holding: Floats, orders: Floats, base: Floats) -> Floats:
    """Return domain.affinity's Taste.affinity of every item."""
    expected: Floats = (holding + PRIOR_ORDERS * base) / (orders + PRIOR_ORDERS)
    return expected


def _score(expected: Floats, bought: Ints) -> tuple[float, float, float]:
    likeliest = np.argsort(-expected, kind="stable")[:TOP]
    shares = np.maximum(expected, UNSEEN * expected.sum())
    return (
        float(np.isin(bought, likeliest).mean()),
        float(np.isin(bought, likeliest[:FIRST]).any()),
        float(-np.log(shares[bought] / shares.sum()).mean()),
    )


def _next_orders(purchases: Purchases, cut: float) -> tuple[Ints, list[Ints]]:
    """Return the customers who ordered before and after, and what each one's next order day held."""
    known = np.unique(purchases.customer[purchases.day < cut])
    later = (purchases.day >= cut) & np.isin(purchases.customer, known)
    rows = pd.DataFrame(
        {"customer": purchases.customer[later], "day": purchases.day[later], "item": purchases.item[later]}
    )
    first = rows[rows["day"] == rows.groupby("customer")["day"].transform("min")]
    held = first.groupby("customer")["item"].agg(np.array)
    if len(held) > MOST_CUSTOMERS:
        held = held.sample(MOST_CUSTOMERS, random_state=SEED).sort_index()
    return held.index.to_numpy(), list(held)


def _held(purchases: Purchases, known: Bools, customers: Ints, items: int) -> tuple[csr_array, Floats]:
    """Return in how many order days each customer had each item, and of how many."""
    rows = known & np.isin(purchases.customer, customers)
    place = np.searchsorted(customers, purchases.customer[rows])
    shape = (len(customers), items)
    holding = csr_array((np.ones(len(place)), (place, purchases.item[rows])), shape=shape)
    own_days = np.unique(np.stack([place, purchases.day[rows]]), axis=1)[0]
    return holding, np.bincount(own_days, minlength=len(customers)).astype(float)


def _purchases(name: str, customers: pd.Series, moments: pd.Series, items: pd.Series) -> Purchases:
    rows = pd.DataFrame(
        {
            "customer": customers.to_numpy(),
            "day": np.floor(((moments - EPOCH) / DAY).to_numpy()).astype(np.int64),
            "item": pd.factorize(items)[0],
        }
    ).drop_duplicates()
    return Purchases(name, rows["customer"].to_numpy(), rows["day"].to_numpy(), rows["item"].to_numpy())


def lines_of(found: Mapping[str, Mapping[str, Mapping[str, float]]]) -> Iterator[str]:
    """Yield what the terminal shows of it."""
    for name, table in found.items():
        yield f"what the next order holds, {name}"
        for model, scores in table.items():
            yield f"{model:<24}" + "".join(f"{metric:>16}{number:8.4f}" for metric, number in scores.items())
        yield ""
