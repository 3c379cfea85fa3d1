"""CPU of receive_webhook for a 20 KB order, over its floor: HMAC and one SendMessage."""

import hashlib
import hmac
import os

import boto3

from nextorder.adapters.queues import to_message
from tests.bench import a_store
from tests.bench.handlers import PLACES, load
from tests.bench.measuring import cpu_ms_side_by_side, say
from tests.bench.null_aws import SECRET, null_aws

TIMES = 200
BUDGET = 1.5


def main() -> None:
    """Print both and their ratio."""
    raw = a_store.body("20")
    event = a_store.request(raw)
    message = to_message(a_store.delivery("20", 1))
    with null_aws([], a_store.SHOP.id) as environment:
        handle = load("receive_webhook", environment)
        assert handle(event) == {"statusCode": 200}
        client = boto3.client("sqs", region_name=os.environ["AWS_DEFAULT_REGION"])

        def floor() -> None:
            hmac.digest(SECRET.encode(), raw, hashlib.sha256)
            client.send_message(QueueUrl=PLACES["FACTS_QUEUE_URL"], **message)

        ours, least = cpu_ms_side_by_side([lambda: handle(event), floor], TIMES)
    ratio = round(ours / least, 2)
    say(
        "receive_webhook.cpu",
        ms=ours,
        floor_ms=least,
        ratio=ratio,
        budget=BUDGET,
        kept=ratio <= BUDGET,
        body_bytes=len(raw),
    )


if __name__ == "__main__":
    main()
