"""Customers and their consent: invented people, without the keys that customer webhooks lost in 2025-01."""

from datetime import datetime

from samples.bodies.money import Payload
from samples.invented import SHOP, Person, shopify_id


def address_body(person: Person) -> Payload:
    """Return a place that does not exist."""
    return {
        "first_name": person.first_name,
        "address1": f"{person.number} Example Street",
        "phone": None,
        "city": "Exampleton",
        "zip": None,
        "province": None,
        "country": person.country_name,
        "last_name": person.last_name,
        "address2": None,
        "company": None,
        "latitude": None,
        "longitude": None,
        "name": f"{person.first_name} {person.last_name}",
        "country_code": person.country,
        "province_code": None,
    }


def customer_body(person: Person, since: datetime) -> Payload:
    """Return the customer as inside orders; no tags, consent or order counts in API 2026-10."""
    address = {
        **address_body(person),
        "id": shopify_id("Address", person.number),
        "customer_id": person.id,
        "country_name": person.country_name,
        "default": True,
    }
    return {
        "id": person.id,
        "created_at": since.isoformat(),
        "updated_at": since.isoformat(),
        "first_name": person.first_name,
        "last_name": person.last_name,
        "state": "disabled",
        "note": None,
        "verified_email": person.email is not None,
        "multipass_identifier": None,
        "tax_exempt": False,
        "email": person.email,
        "phone": None,
        "currency": SHOP["currency"],
        "tax_exemptions": [],
        "admin_graphql_api_id": f"gid://shopify/Customer/{person.id}",
        "default_address": address,
    }


def customer_create_body(person: Person, since: datetime) -> Payload:
    """Return the body of customers/create."""
    body = customer_body(person, since)
    return {**body, "addresses": [body["default_address"]]}


def consent_body(person: Person, state: str, since: datetime) -> Payload:
    """Return the body of customers_email_marketing_consent/update."""
    return {
        "customer_id": person.id,
        "email_address": person.email,
        "email_marketing_consent": {
            "state": state,
            "opt_in_level": "single_opt_in",
            "consent_updated_at": since.isoformat(),
        },
    }
