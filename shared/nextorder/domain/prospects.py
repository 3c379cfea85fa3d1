"""Scores of customers without an order: from sign-up on, by rates."""

from datetime import datetime
from typing import Final

from nextorder.domain.buyer import DAY
from nextorder.domain.features import Features
from nextorder.domain.segments_cart import as_pairs
from nextorder.domain.shop import Numbers
from nextorder.domain.verdict import Scores
from nextorder.scoring.prospects import SOURCES, prospect_rates

SUBSCRIBED: Final = "subscribed"
"""Shopify's word for consent."""


def prospect_scores(features: Features, numbers: Numbers) -> Scores | None:
    """Score a customer of whom no order is known anywhere; None for others."""
    began = known_from(features)
    is_buyer = features.order_days or features.missing_orders or features.subscription_until
    if is_buyer or features.withheld or began is None:
        return None
    rates = prospect_rates(as_pairs(numbers.sign_ups))
    opened = [one.at for one in features.checkouts[-1:]]
    age_days, *since_checkout = ((features.as_of - at) / DAY for at in (began, *opened))
    chances = rates.chances(source_of(features), max(age_days, 0.0), next(iter(since_checkout), None))
    return Scores(p_active=0.0, p_order=chances, gp2_to_date=features.gp2_to_date, prior=rates.prior)


def known_from(features: Features) -> datetime | None:
    """Return the sign-up; where it was never told, the first consent or checkout."""
    told = (features.signed_up_at, features.consent_known_at, *(one.at for one in features.checkouts[:1]))
    return next((at for at in told if at), None)


def source_of(features: Features, before: datetime | None = None) -> str:
    """
    Return the group of sign-ups a customer belongs to: with consent to newsletters, or without.

    Consent that was first told only after `before` does not count: whoever orders is asked then.
    """
    told_at = features.consent_known_at
    is_told = told_at is not None and (before is None or told_at < before)
    return SOURCES[0 if is_told and SUBSCRIBED in dict(features.consents).values() else 1]
