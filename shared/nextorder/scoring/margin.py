"""A customer's margin rate, borrowed from the crowd where her own orders say little."""

LEAST, MOST = -1.0, 1.0
"""Beyond these a rate says more about one odd refund than about the next year."""


def shrunk_margin(
    own_profit: float,
    own_revenue: float,
    category_rate: float | None,
    store_rate: float,
    *,
    prior_revenue: float = 10_000.0,
) -> float:
    """
    Return gross profit 2 over net revenue, shrunk from customer to first category to store.

    A credibility estimate (Bühlmann, "Experience Rating and Credibility", ASTIN
    Bulletin 4(3), 1967): `prior_revenue` minor units of revenue at the category's rate
    (the store's where the category has none) are added to the customer's own, returns
    included. Two average order days are a sensible `prior_revenue`. May be negative.
    """
    rate = store_rate if category_rate is None else category_rate
    revenue = max(own_revenue, 0.0) + prior_revenue
    return min(max((own_profit + prior_revenue * rate) / revenue, LEAST), MOST)
