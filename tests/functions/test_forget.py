"""forget on its own: each of Shopify's privacy webhooks."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from nextorder.adapters.dead_letters import DeadLetters
from nextorder.adapters.dynamodb import items
from nextorder.adapters.queues import Delivery, to_message
from tests.functions.files import a_shown_customer, told_of
from tests.local_stack.endpoints import Endpoints
from tests.system.cloud import Cloud, eventually
from tests.system.people import Someone, properties, someone, tags
from tests.system.shops import EVENTS, LEAVING, a_shop

Event = Callable[[str], Any]
ALL_DONE: dict[str, list[Any]] = {"batchItemFailures": []}


def items_of(cloud: Cloud, shop: str) -> list[str]:
    return [
        items.text(item, "sk")
        for item in cloud.every_item()
        if items.text(item, "pk").split("#")[0] == shop or items.text(item, "sk") == shop
    ]


def log(cloud: Cloud, event: Event, person: Someone) -> None:
    """Write a customer's state to the score log without waiting for the stream."""
    place = items.key(items.customer_key(EVENTS, person.id), items.STATE)
    batch = event("archive_scores")
    batch["Records"][0]["dynamodb"] |= {
        "NewImage": cloud.dynamodb.get_item(TableName=cloud.table, Key=place)["Item"],
        "SequenceNumber": f"9{person.id}",
    }
    cloud.invoke("ArchiveScores", batch)


def test_a_data_request_leaves_an_answer_for_the_merchant(cloud: Cloud, event: Event) -> None:
    anna = a_shown_customer(cloud)
    log(cloud, event, anna)

    assert cloud.invoke("Forget", told_of(event("forget_data_request"), anna)).value == ALL_DONE

    answer = json.loads(cloud.objects("data-requests/")[f"data-requests/{EVENTS}/{anna.id}/9999.json"])
    assert answer["customer"] == anna.id
    assert {fact["fact"] for fact in answer["facts"]} >= {"order", "customer"}
    assert answer["verdict"]["segments"]["life"]["value"] == "new"
    assert answer["verdict"]["segments"]["life"]["reason"]
    assert answer["verdict"]["scores"]["p_order"].keys() >= {"5", "30", "90"}
    assert answer["accepted"].keys() == {"klaviyo", "shopify"}
    assert answer["accepted"]["klaviyo"]["attributes"]
    state = cloud.customers.state(EVENTS, anna.id)
    assert state
    said = answer["said"][-1]
    assert (said["version"], said["model"]) == (state.version, state.verdict.model)
    assert said["scores"]["p_order"] == answer["verdict"]["scores"]["p_order"]
    assert state.log_key not in json.dumps(answer), "it would lead from the log to the person for ever"


def test_a_redacted_customer_is_gone_and_is_shown_nowhere(cloud: Cloud, event: Event) -> None:
    anna = a_shown_customer(cloud)

    assert cloud.invoke("Forget", told_of(event("forget"), anna)).value == ALL_DONE
    assert cloud.invoke("Forget", told_of(event("forget"), anna)).value == ALL_DONE

    eventually(lambda: not cloud.customers.read(EVENTS, anna.id).accepted)
    assert not cloud.customers.read(EVENTS, anna.id).facts
    assert not properties(cloud, anna)
    assert not tags(cloud, anna)


def test_what_names_a_redacted_customer_outside_the_table_goes_and_nothing_else(
    cloud: Cloud, event: Event
) -> None:
    anna, berta = a_shown_customer(cloud), someone(a_shop(EVENTS))
    files = {f"reports/{EVENTS}/2020-01-06/{one.id}.html": f"<b>{one.id}</b>" for one in (anna, berta)}
    for key, text in files.items():
        cloud.s3.put_object(Bucket=cloud.bucket, Key=key, Body=text.encode())
    bodies = [json.dumps({"customer": {"id": int(one.id)}}) for one in (anna, berta)]
    letters = DeadLetters(cloud.sqs, cloud.queue("DeadFacts"))
    for body in bodies:
        message = to_message(Delivery(topic="orders/create", shop=EVENTS, body=body, reason="of a test"))
        cloud.sqs.send_message(QueueUrl=cloud.queue("DeadFacts"), **message)

    assert cloud.invoke("Forget", told_of(event("forget"), anna)).value == ALL_DONE

    assert files.keys() & cloud.objects("reports/") == {f"reports/{EVENTS}/2020-01-06/{berta.id}.html"}
    assert [letter.body for letter in letters.look() if letter.body in bodies] == [bodies[1]]


def test_an_app_that_is_taken_out_takes_back_what_it_wrote_to_klaviyo(cloud: Cloud, event: Event) -> None:
    shop = LEAVING[0]
    berta = a_shown_customer(cloud, shop)

    assert cloud.invoke("Forget", told_of(event("forget_uninstalled"), berta, shop)).value == ALL_DONE

    assert not properties(cloud, berta)
    left = cloud.shops.get(shop)
    assert left
    assert left.uninstalled_at


def test_a_redacted_shop_leaves_no_item_body_page_letter_or_key(
    endpoints: Endpoints, cloud: Cloud, event: Event
) -> None:
    shop = LEAVING[1]
    berta = a_shown_customer(cloud, shop)
    body = f"bodies/{shop}/a-body"
    rejects = f"imports/{shop}/a-run/rejects/orders-0.jsonl"
    page = f"reports/{shop}/2026-11-23/page.html"
    for key in (body, rejects, page):
        cloud.s3.put_object(Bucket=cloud.bucket, Key=key, Body=b"{}")
    letter = to_message(Delivery(topic="orders/create", shop=shop, body="{}", reason="of a test"))
    cloud.sqs.send_message(QueueUrl=cloud.queue("DeadFacts"), **letter)

    assert cloud.invoke("Forget", told_of(event("forget_shop"), berta, shop)).value == ALL_DONE
    assert cloud.invoke("Forget", told_of(event("forget_shop"), berta, shop)).value == ALL_DONE

    assert items_of(cloud, shop) == []
    assert shop not in {letter.shop for letter in cloud.letters()}
    assert not {
        key for folder in ("bodies", "imports", "reports") for key in cloud.objects(f"{folder}/{shop}/")
    }
    assert not properties(cloud, berta)
    secret = cloud.client("secretsmanager").get_secret_value(
        SecretId=endpoints.outputs["ConnectionsSecretArn"]
    )
    assert shop not in secret["SecretString"]
    assert EVENTS in secret["SecretString"]


@pytest.mark.parametrize("body", ["{}", "[]", "{", '{"customer": {"id": "anna"}}'])
def test_a_request_that_names_nobody_is_set_aside_for_a_human(cloud: Cloud, event: Event, body: str) -> None:
    request = event("forget")
    request["Records"][0]["body"] = body

    assert cloud.invoke("Forget", request).value == ALL_DONE

    [letter] = [one for one in cloud.letters() if (one.topic, one.body) == ("customers/redact", body)]
    assert letter.reason
