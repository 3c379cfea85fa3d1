"""No log line of the run holds anything of a person, or a secret."""

import json
import re

from tests.local_stack.queues import wait_until_settled
from tests.system.cloud import Cloud, eventually
from tests.system.people import (
    PERSONAL,
    an_order_of,
    consent_of,
    deliver,
    deliver_all,
    door,
    properties,
    seed,
    someone,
    tags,
)

TOKEN = "shpat_"
PERSON = re.compile(r"@example\.com|\+4670\d|Anna|Street|first_name")


def secrets_of(cloud: Cloud) -> list[str]:
    """Return what opens something, and how each of Shopify's tokens begins."""
    held = cloud.client("secretsmanager").get_secret_value(
        SecretId=cloud.endpoints.outputs["ConnectionsSecretArn"]
    )
    pepper = json.loads(held["SecretString"])["pepper"]
    return [cloud.endpoints.client_secret, cloud.endpoints.klaviyo_api_key, pepper, TOKEN]


def test_no_log_line_tells_of_a_person_or_a_secret(cloud: Cloud) -> None:
    """Of a run with what is likely to be logged: refused, unusable, unknown, half-failed."""
    shop = cloud.shops.get(cloud.endpoints.shop_domain)
    assert shop
    anna, unknown = someone(shop), someone(shop)
    seed(cloud, anna, unknown, profiles=[anna])
    door(cloud.endpoints.klaviyo_url, "fail", {"match": "/api/profiles/", "status": 429, "retry_after": 1})
    door(cloud.endpoints.shopify_url, "fail", {"match": "tagsAdd", "throttled": True})
    order = an_order_of(anna, 0.01)
    deliver_all(
        cloud.endpoints,
        [
            consent_of(anna),
            ("orders/create", order),
            ("orders/create", an_order_of(unknown, 1)),
            ("orders/updated", order | {"line_items": f"{anna.email} {anna.phone}"}),
            ("orders/updated", order | {"processed_at": anna.name, "created_at": anna.email}),
            ("customers/update", {"id": anna.email, "email": anna.email}),
            ("customers/redact", {"customer": {"id": anna.email, "phone": anna.phone}}),
        ],
    )
    deliver(cloud.endpoints, "orders/create", f'{{"email": "{anna.email}", '.encode())
    assert eventually(lambda: tags(cloud, anna) and tags(cloud, unknown) and properties(cloud, anna))
    wait_until_settled(cloud.endpoints)

    lines = list(cloud.log_lines())
    traces = (*PERSONAL, *secrets_of(cloud))

    assert len(lines) > 50
    assert any('"service":"nextorder"' in line for line in lines)
    assert [line for line in lines if PERSON.search(line)] == []
    assert [line for line in lines for trace in traces if trace in line] == []


def test_the_reasons_of_dead_letters_tell_of_no_person(cloud: Cloud) -> None:
    shop = cloud.shops.get(cloud.endpoints.shop_domain)
    assert shop
    anna = someone(shop)
    order = an_order_of(anna, 1) | {"total_price": anna.email}
    deliver_all(cloud.endpoints, [("orders/create", order)])

    [letter] = eventually(lambda: [one for one in cloud.letters() if anna.email in one.body])

    assert letter.reason
    assert not any(trace in letter.reason for trace in anna.traces)
