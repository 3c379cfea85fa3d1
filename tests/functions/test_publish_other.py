"""publish where several destinations share a queue: the message says which is meant."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.fakes.webhook import FakeReceiver
from tests.functions.files import a_shown_customer, told_of
from tests.functions.test_publish import ALL_DONE, delivered_again
from tests.system.cloud import Cloud, eventually
from tests.system.people import Someone
from tests.system.shops import TOLD

Event = Callable[[str], Any]


@pytest.fixture
def anna(cloud: Cloud, receiver: FakeReceiver) -> Someone:
    """A customer with an order, whom the webhook has been told of."""
    person = a_shown_customer(cloud, TOLD)
    assert eventually(lambda: person.id in receiver.state()["customers"])
    return person


def messages_about(receiver: FakeReceiver, person: Someone) -> int:
    return sum(person.id in request["body"] for request in receiver.requests)


def test_an_order_is_told_of_in_plain_words_and_without_personal_data(
    receiver: FakeReceiver, anna: Someone
) -> None:
    told = receiver.state()["customers"][anna.id]

    assert told["set"]["stage"]
    personal = {anna.email, anna.phone, anna.name}
    assert not [trace for trace in personal if any(trace in one["body"] for one in receiver.requests)]


def test_a_customer_who_is_shown_already_costs_no_request(
    cloud: Cloud, receiver: FakeReceiver, anna: Someone, event: Event
) -> None:
    before = messages_about(receiver, anna)

    assert cloud.invoke("PublishOthers", told_of(event("publish_other"), anna, TOLD)).value == ALL_DONE

    assert messages_about(receiver, anna) == before


@pytest.mark.parametrize("status", [401, 503])
def test_a_message_comes_back_while_the_destination_refuses(
    cloud: Cloud, receiver: FakeReceiver, anna: Someone, event: Event, status: int
) -> None:
    messages = told_of(delivered_again(event("publish_other")), anna, TOLD)
    receiver.faults.add({"match": "changed", "status": status, "times": 99})

    refused = cloud.invoke("PublishOthers", messages)
    receiver.faults.clear()
    mended = cloud.invoke("PublishOthers", messages)

    assert refused.value["batchItemFailures"]
    assert ("KeyRefused" in refused.log) is (status == 401)
    assert mended.value == ALL_DONE


def test_what_another_destination_is_told_of_is_none_of_its_business(
    cloud: Cloud, receiver: FakeReceiver, anna: Someone, event: Event
) -> None:
    """It is not connected: that is for nobody to be told, and for nobody to be asked."""
    messages = told_of(delivered_again(event("publish_other")), anna, TOLD)
    body = messages["Records"][0]["body"]
    messages["Records"][0]["body"] = body.replace("webhook", "segment")
    before = messages_about(receiver, anna)

    assert cloud.invoke("PublishOthers", messages).value == ALL_DONE

    assert messages_about(receiver, anna) == before
