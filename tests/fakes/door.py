"""The address that webhooks go to, with all that is behind it, in this process."""

from collections.abc import Callable
from typing import Any

from nextorder.adapters.bodies import Bodies
from nextorder.adapters.connections import Connections
from nextorder.adapters.queues import Delivery, to_message
from nextorder.adapters.shopify.inbox import Inbox
from nextorder.adapters.shopify.intake import Intake
from nextorder.adapters.shopify.receive import Fate, read_request
from nextorder.use_cases.take_facts import Books, take_facts
from tests.fakes.faults import Silence
from tests.fakes.wire import Answer, Listening, Request

MakeBooks = Callable[[], Books]


class Door(Listening):
    """
    What receive_webhook and update_customer do, one after the other, started with `with`.

    Tell it to be `open` and it says yes to forged deliveries.
    """

    def __init__(self, connections: Connections, books: MakeBooks) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.open = False
        self._books = books
        self._waiting: list[Delivery] = []
        self._inbox = Inbox(connections=connections, facts=self, privacy=self, bodies=_bodies())  # type: ignore[arg-type]

    @property
    def url(self) -> str:
        """Where it is."""
        return f"{super().url}/"

    def send(self, delivery: Delivery) -> None:
        """Be the queue behind the door."""
        self._waiting.append(delivery)

    def respond(self, request: Request) -> tuple[Answer, Silence]:
        """Take one webhook."""
        self.seen.append(request.headers.get("x-shopify-topic", ""))
        event = {"headers": request.headers, "body": request.body.decode()}
        fate = self._inbox.accept(read_request(event))
        self._work_off()
        refused = fate is Fate.FORGED and not self.open
        return Answer(status=401 if refused else 200), Silence.NONE

    def _work_off(self) -> None:
        books = self._books()
        intake = Intake(shops=books.shops, bodies=_bodies(), dead=lambda: self, privacy=lambda: self)  # type: ignore[arg-type, return-value]
        while self._waiting:
            job = intake.job_of(_record(self._waiting.pop(0)))
            if job:
                take_facts(job.reading, shop=job.shop, books=books)


def _bodies() -> Bodies:
    def no_client() -> Any:
        raise AssertionError("a test delivery is small")

    return Bodies(no_client, "no-bucket")


def _record(delivery: Delivery) -> dict[str, Any]:
    """Return the message as Lambda gets it."""
    message = to_message(delivery)
    attributes = message["MessageAttributes"].items()
    return {
        "messageId": "1",
        "body": message["MessageBody"],
        "messageAttributes": {name: {"stringValue": value["StringValue"]} for name, value in attributes},
    }
