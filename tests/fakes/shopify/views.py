"""How resources look to a GraphQL query: dictionaries whose keys are the schema's fields."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from tests.fakes.shopify.metafield_values import as_json
from tests.fakes.shopify.metafields import digest, namespace_of
from tests.fakes.shopify.paging import View, connection
from tests.fakes.shopify.store import Info, Metafield, Resource, Store, moment, number_of

ORDERS_SEEN = timedelta(days=60)
"""How far back read_orders alone can see."""


def view(store: Store, id_: str) -> View | None:
    """Return the resource as a query sees it, None where there is none."""
    resource = store.resources.get(id_)
    if resource is None or _hidden(store, resource):
        return None
    return VIEWS[resource.kind](store, resource)


def _hidden(store: Store, resource: Resource) -> bool:
    is_old = store.now - resource.created_at > ORDERS_SEEN.total_seconds()
    return resource.kind == "Order" and is_old and "read_all_orders" not in store.scopes


def _common(store: Store, resource: Resource) -> View:
    return {
        "__typename": resource.kind,
        "id": resource.id,
        "legacyResourceId": number_of(resource.id),
        "tags": resource.tags,
        "createdAt": moment(resource.created_at),
        "updatedAt": moment(resource.updated_at),
        **metafields_of(store, resource),
    }


def metafields_of(store: Store, resource: Resource) -> View:
    """Return the two fields of HasMetafields."""

    def one(_info: Info, *, key: str, namespace: str | None = None) -> View | None:
        found = resource.metafields.get((namespace_of({"namespace": namespace}), key))
        return metafield_view(store, resource, found) if found else None

    def many(
        _info: Info, *, namespace: str | None = None, keys: list[str] | None = None, **page: Any
    ) -> View:
        found = [
            metafield_view(store, resource, each)
            for each in resource.metafields.values()
            if namespace in (None, each.namespace)
            and (keys is None or f"{each.namespace}.{each.key}" in keys)
        ]
        return connection(found, page)

    return {"metafield": one, "metafields": many}


def metafield_view(store: Store, owner: Resource, metafield: Metafield) -> View:
    """Return one metafield."""
    return {
        "__typename": "Metafield",
        "id": f"gid://shopify/Metafield/{metafield.number}",
        "legacyResourceId": str(metafield.number),
        "namespace": metafield.namespace,
        "key": metafield.key,
        "type": metafield.type,
        "value": metafield.value,
        "jsonValue": as_json(metafield.type, metafield.value),
        "compareDigest": digest(metafield),
        "sizeInBytes": len(metafield.value.encode()),
        "ownerType": owner.kind.upper(),
        "owner": lambda _info: view(store, owner.id),
        "createdAt": moment(metafield.created_at),
        "updatedAt": moment(metafield.updated_at),
    }


def _customer(store: Store, resource: Resource) -> View:
    given = resource.given
    email, phone = given.get("email"), given.get("phone")
    spent = {"amount": str(given.get("amount_spent", "0.0")), "currencyCode": store.currency}
    return _common(store, resource) | {
        "email": email,
        "phone": phone,
        "firstName": given.get("first_name"),
        "lastName": given.get("last_name"),
        "displayName": given.get("first_name") or email or phone or "",
        "numberOfOrders": str(given.get("number_of_orders", 0)),
        "amountSpent": spent,
        "state": "DISABLED",
        "note": None,
        "locale": "en",
        "taxExempt": False,
        "verifiedEmail": True,
        "dataSaleOptOut": False,
        "defaultEmailAddress": _email(given) if email else None,
        "defaultPhoneNumber": {"phoneNumber": phone} if phone else None,
    }


def _email(given: Mapping[str, Any]) -> View:
    return {
        "emailAddress": given["email"],
        "validFormat": True,
        "marketingState": str(given.get("email_marketing", "NOT_SUBSCRIBED")).upper(),
        "marketingOptInLevel": None,
        "marketingUpdatedAt": None,
    }


def _order(store: Store, resource: Resource) -> View:
    given = resource.given
    transactions = [_transaction(store, each) for each in given.get("transactions", ())]
    customer = given.get("customer")

    def paid(_info: Info, *, first: int | None = None, **_: Any) -> list[View]:
        return transactions[:first]

    return _common(store, resource) | {
        "name": given.get("name", f"#{number_of(resource.id)}"),
        "email": given.get("email"),
        "test": bool(given.get("test", False)),
        "processedAt": moment(resource.created_at),
        "cancelledAt": given.get("cancelled_at"),
        "currencyCode": given.get("currency", store.currency),
        "displayFinancialStatus": str(given.get("financial_status", "paid")).upper(),
        "sourceName": given.get("source_name", "web"),
        "customer": lambda _info: view(store, f"gid://shopify/Customer/{customer}") if customer else None,
        "transactions": paid,
    }


def _transaction(store: Store, given: Mapping[str, Any]) -> View:
    money = {"amount": str(given.get("amount", "0.0")), "currencyCode": given.get("currency", store.currency)}
    return {
        "__typename": "OrderTransaction",
        "id": f"gid://shopify/OrderTransaction/{number_of(str(given['id']))}",
        "kind": str(given.get("kind", "sale")).upper(),
        "status": str(given.get("status", "success")).upper(),
        "gateway": given.get("gateway", "shopify_payments"),
        "test": bool(given.get("test", False)),
        "processedAt": given.get("processed_at"),
        "createdAt": given.get("processed_at") or moment(store.now),
        "amountSet": {"shopMoney": money, "presentmentMoney": money},
        "fees": [
            _fee(each, money["currencyCode"], at) for at, each in enumerate(given.get("fees", ()), start=1)
        ],
    }


def _fee(given: Mapping[str, Any], currency: str, number: int) -> View:
    def money(amount: object) -> View:
        return {"amount": str(amount), "currencyCode": currency}

    return {
        "__typename": "TransactionFee",
        "id": f"gid://shopify/TransactionFee/{given.get('id', number)}",
        "amount": money(given["amount"]),
        "flatFee": money(given.get("flat_fee", "0.0")),
        "flatFeeName": None,
        "rate": str(given.get("rate", "0.0")),
        "rateName": None,
        "taxAmount": money(given.get("tax_amount", "0.0")),
        "type": given.get("type", "processing_fee"),
    }


def _product(store: Store, resource: Resource) -> View:
    title = resource.given.get("title", "")
    return _common(store, resource) | {"title": title, "productType": resource.given.get("product_type", "")}


VIEWS: dict[str, Callable[[Store, Resource], View]] = {
    "Customer": _customer,
    "Order": _order,
    "Product": _product,
}
