"""The mail to whoever is told when something needs a human."""

from nextorder.bootstrap import environment as env
from nextorder.domain.alarms import subject_line


def tell(subject: str, message: str) -> None:
    """Mail it."""
    env.sns().publish(TopicArn=env.variable("HUMAN_TOPIC_ARN"), Subject=subject, Message=message)


def tell_of(shop: str, what: str, message: str) -> None:
    """Mail it, with a subject that begins with the shop."""
    tell(subject_line(shop, what), message)
