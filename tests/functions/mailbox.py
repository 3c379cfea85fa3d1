"""A mailbox of a test: a queue that is subscribed to a topic, as an address would be."""

import json
from collections.abc import Mapping

from tests.system.cloud import Cloud, eventually


def mailbox(cloud: Cloud, topic: str) -> str:
    """Subscribe a queue to a topic, by its name in template.yaml; return the queue's address."""
    queue: str = cloud.sqs.create_queue(QueueName=f"mail-of-{topic}")["QueueUrl"]
    arn = cloud.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"][
        "QueueArn"
    ]
    let_in = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [let_in]})
    cloud.sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    cloud.client("sns").subscribe(TopicArn=cloud.function(topic), Protocol="sqs", Endpoint=arn)
    return queue


def mail_with(cloud: Cloud, queue: str, words: str) -> Mapping[str, str]:
    """Wait for the mail that says so; others are read and thrown away."""

    def look() -> list[Mapping[str, str]]:
        found = cloud.sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        for one in found:
            cloud.sqs.delete_message(QueueUrl=queue, ReceiptHandle=one["ReceiptHandle"])
        mails = (json.loads(one["Body"]) for one in found)
        return [mail for mail in mails if words in f"{mail.get('Subject')} {mail['Message']}"]

    return eventually(look)[0]
