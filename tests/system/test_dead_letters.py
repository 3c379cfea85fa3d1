"""What cannot be used is set aside with its reason, and sent back after a fix."""

import json
import re
import secrets
from hashlib import sha256

from tests.local_stack.connect import nextorder
from tests.system.cloud import Cloud, eventually
from tests.system.people import Someone, an_order_of, deliver, deliver_all, seed, someone, tags

BELL = b"\x07"
"""No JSON text may hold one."""


def a_customer(cloud: Cloud) -> Someone:
    shop = cloud.shops.get(cloud.endpoints.shop_domain)
    assert shop
    person = someone(shop)
    seed(cloud, person)
    return person


def test_a_poison_message_is_set_aside_while_its_neighbours_succeed(cloud: Cloud) -> None:
    people = [a_customer(cloud) for _ in range(4)]
    token = secrets.token_hex(8)
    good = [("orders/create", an_order_of(person, 1)) for person in people]

    deliver_all(cloud.endpoints, good[:2])
    assert deliver(cloud.endpoints, "orders/create", f'{{"id": "{token}", '.encode()) == 200
    deliver_all(cloud.endpoints, good[2:])

    assert eventually(lambda: all(tags(cloud, person) for person in people))
    [letter] = eventually(lambda: [one for one in cloud.letters() if token in one.body])
    assert (letter.topic, letter.shop) == ("orders/create", cloud.endpoints.shop_domain)
    assert letter.reason == "the body is not JSON (JSONDecodeError)"


def test_dead_letters_are_shown_and_sent_back_after_a_fix(cloud: Cloud) -> None:
    """The body is mended where it lies in S3: to what comes after, that is as good as a better reader."""
    anna = a_customer(cloud)
    order = json.dumps(an_order_of(anna, 1, note="a bell rings")).encode()
    deliver(cloud.endpoints, "orders/create", order.replace(b"a bell", BELL))
    key = f"bodies/{cloud.endpoints.shop_domain}/{sha256(order.replace(b'a bell', BELL)).hexdigest()}"
    [letter] = eventually(lambda: [one for one in cloud.letters() if one.body_key == key])

    shown = nextorder(cloud.endpoints, "dead-letters")
    cloud.s3.put_object(Bucket=cloud.bucket, Key=key, Body=order)
    sent = nextorder(cloud.endpoints, "redrive")

    assert "orders/create" in shown
    assert letter.reason in shown
    assert re.search(r"\b[1-9]\d* dead letters? sent back", sent)
    assert eventually(lambda: tags(cloud, anna))
    assert not [one for one in cloud.letters() if one.body_key == key]


def test_a_message_without_a_known_envelope_survives_being_sent_back(cloud: Cloud) -> None:
    """Nothing has been fixed: it is set aside again, once, and not lost."""
    token = secrets.token_hex(8)
    cloud.sqs.send_message(QueueUrl=cloud.queue("Facts"), MessageBody=token)
    eventually(lambda: [one for one in cloud.letters() if one.body == token])

    nextorder(cloud.endpoints, "redrive")

    [letter] = eventually(lambda: [one for one in cloud.letters() if one.body == token])
    assert letter.reason == "no known envelope"
