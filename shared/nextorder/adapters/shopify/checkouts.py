"""Checkout bodies -> the open or completed checkout of a known customer."""

from nextorder.adapters.shopify.customers import contact_of, sign_up_of
from nextorder.adapters.shopify.envelope import Envelope
from nextorder.adapters.shopify.payload import Node
from nextorder.domain.facts import Checkout
from nextorder.domain.messages import Noted, Reading


def read_checkout(body: Node, envelope: Envelope) -> Reading:
    """Read checkouts/create and checkouts/update; one without a customer concerns nobody we know."""
    identity = _identity(body)
    customer = body.child("customer")
    if customer is None:
        return Reading(commands=(Noted(why="a checkout without a customer"),))
    currency = body.currency("currency", envelope.currency)
    updated_at = envelope.clock(body, "updated_at")
    checkout = Checkout(
        id=identity,
        customer=customer.id_of(),
        placed_at=body.moment("created_at") or updated_at,
        updated_at=updated_at,
        total=body.amount("total_price", currency),
        completed_at=body.moment("completed_at"),
    )
    sign_up = sign_up_of(customer)
    facts = (checkout, sign_up) if sign_up else (checkout,)
    return Reading(facts=facts, contact=contact_of(customer, fallback=body))


def read_checkout_deleted(body: Node, _envelope: Envelope) -> Reading:
    """Read checkouts/delete, which names no customer: an open checkout lapses by its own age."""
    body.id_of()
    return Reading(commands=(Noted(why="a deleted checkout; open ones lapse by age"),))


def _identity(body: Node) -> str:
    """Read the id, which some bodies give as the number in the checkout's name alone."""
    number = body.text("name").removeprefix("#")
    return body.maybe_id("id") or Node({"id": number or None}, body.path).id_of()
