"""Customer bodies -> facts and commands about one customer."""

from nextorder.adapters.shopify.envelope import Envelope
from nextorder.adapters.shopify.payload import Node
from nextorder.domain.facts import Channel, Consent, OrderCount, SignUp, TagRemoval
from nextorder.domain.messages import Contact, CustomerDeleted, Merged, Noted, Reading


def read_customer(body: Node, _: Envelope) -> Reading:
    """Read customers/create and customers/update."""
    sign_up = sign_up_of(body)
    if sign_up is None:
        raise body.bad("created_at", "the customer does not say when it was made")
    return Reading(facts=(sign_up,), contact=contact_of(body))


def sign_up_of(customer: Node) -> SignUp | None:
    """
    Read when the record was made, which never changes; None when the body does not say.

    So the updates that our own tags and metafields cause are not newer, and nothing is written.
    """
    created_at = customer.moment("created_at")
    if created_at is None:
        return None
    return SignUp(customer=customer.id_of(), created_at=created_at, updated_at=created_at)


def contact_of(customer: Node, fallback: Node | None = None) -> Contact | None:
    """Read how the person can be found; None when neither e-mail nor phone is given."""
    places = [customer, fallback] if fallback else [customer]
    email = next((place.text("email") for place in places if place.text("email")), "")
    phone = next((place.text("phone") for place in places if place.text("phone")), "")
    return Contact(customer=customer.id_of(), email=email, phone=phone) if email or phone else None


def read_customer_deleted(body: Node, envelope: Envelope) -> Reading:
    """Read customers/delete."""
    return Reading(commands=(CustomerDeleted(customer=body.id_of(), at=envelope.clock(body)),))


def read_merge(body: Node, envelope: Envelope) -> Reading:
    """Read customers/merge, which Shopify also sends when a merge failed."""
    if body.text("status").lower() != "completed":
        return Reading(commands=(Noted(why="a merge that is not completed"),))
    merged = Merged(
        kept=body.id_of("admin_graphql_api_customer_kept_id", ""),
        gone=body.id_of("admin_graphql_api_customer_deleted_id", ""),
        at=envelope.clock(body),
    )
    if merged.kept == merged.gone:
        raise body.bad("admin_graphql_api_customer_deleted_id", "a customer cannot merge with itself")
    return Reading(commands=(merged,))


def read_email_consent(body: Node, envelope: Envelope) -> Reading:
    """Read customers_email_marketing_consent/update."""
    consent = _consent(body, "email_marketing_consent")
    customer = body.id_of("customer_id", "")
    fact = _fact(customer, Channel.EMAIL, consent, envelope)
    email = body.text("email_address")
    return Reading(facts=(fact,), contact=Contact(customer=customer, email=email) if email else None)


def read_sms_consent(body: Node, envelope: Envelope) -> Reading:
    """Read customers_marketing_consent/update, which is about text messages."""
    consent = _consent(body, "sms_marketing_consent")
    customer = body.id_of()
    fact = _fact(customer, Channel.SMS, consent, envelope)
    phone = body.text("phone")
    return Reading(facts=(fact,), contact=Contact(customer=customer, phone=phone) if phone else None)


def _consent(body: Node, key: str) -> Node:
    consent = body.child(key)
    if consent is None:
        raise body.bad(key, "expected the consent")
    return consent


def _fact(customer: str, channel: Channel, consent: Node, envelope: Envelope) -> Consent:
    # NOTE: consent_updated_at may lie years back for an imported consent: when it was told decides.
    return Consent(
        customer=customer,
        id=channel.value,
        updated_at=envelope.told_at(consent, "consent_updated_at"),
        state=consent.text("state").lower() or "unknown",
    )


def read_order_count(body: Node, envelope: Envelope) -> Reading:
    """Read customers/purchasing_summary."""
    count = OrderCount(
        customer=body.id_of("customerId", ""),
        updated_at=envelope.clock(body, "occurredAt"),
        orders=body.units("numberOfOrders"),
    )
    return Reading(facts=(count,))


def read_tags_removed(body: Node, envelope: Envelope) -> Reading:
    """Read customer.tags_removed; tags of others are none of our business."""
    customer = body.id_of("customerId", "")
    at = envelope.clock(body, "occurredAt")
    prefix = envelope.tag_prefix.lower()
    ours = [tag.lower() for tag in body.texts("tags") if tag.lower().startswith(prefix)]
    if not ours:
        return Reading(commands=(Noted(why="tags of others"),))
    return Reading(facts=tuple(TagRemoval(customer=customer, id=tag, updated_at=at) for tag in ours))
