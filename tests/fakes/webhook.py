"""A merchant's receiver of our webhook: it verifies as the sample does, and keeps what it is told."""

import json
from collections.abc import Mapping
from typing import Any

from samples.webhook_receiver import verify
from tests.fakes.faults import Fault
from tests.fakes.http import FakeServer
from tests.fakes.wire import Answer, Request


class FakeReceiver(FakeServer):
    """One address with one secret."""

    def __init__(self, *, secret: str, **listening: Any) -> None:
        super().__init__(**listening)
        self.secret = secret
        self.forget()

    def forget(self) -> None:
        """Empty it."""
        self.customers: dict[str, dict[str, Any]] = {}
        self.events: dict[str, dict[str, Any]] = {}
        self.refused: dict[str, str] = {}

    def seed(self, document: Mapping[str, Any]) -> Mapping[str, Any]:
        """Take {customers: [ids], refused: {id: code}}."""
        for id_ in document.get("customers", ()):
            self.customers[id_] = {"set": {}, "in": set()}
        self.refused |= document.get("refused", {})
        return {"customers": len(self.customers)}

    def state(self) -> dict[str, Any]:
        """Return what is known of each customer, and the events."""
        known = {id_: {**one, "in": sorted(one["in"])} for id_, one in self.customers.items()}
        return {"customers": known, "events": self.events}

    def operations(self, request: Request) -> list[str]:
        """Name the message's type."""
        try:
            return [str(json.loads(request.body)["type"])]
        except (ValueError, KeyError):
            return []

    def answer(self, request: Request) -> Answer:
        """Take a message that is ours."""
        if request.path != "/hook":
            return Answer(status=404)
        try:
            verify(request.headers, request.body, self.secret, now=self.clock())
        except ValueError as error:
            return Answer(status=401, body=str(error))
        message = json.loads(request.body)
        data = message["data"]
        if message["type"] == "nextorder.customer.forgotten":
            self._let_go(data["customer"])
        rows = data.get("customers", [])
        for row in rows:
            if row["customer"] not in self.refused:
                self._take(row)
        refused = {row["customer"]: self.refused.get(row["customer"]) for row in rows}
        return Answer(body={"refused": {id_: code for id_, code in refused.items() if code}})

    def failure(self, request: Request, fault: Fault) -> Answer:
        """Return the status."""
        headers = {} if fault.retry_after is None else {"Retry-After": str(int(fault.retry_after))}
        return Answer(status=429 if fault.throttled else fault.status or 500, body="no", headers=headers)

    def _take(self, row: Mapping[str, Any]) -> None:
        known = self.customers.setdefault(row["customer"], {"set": {}, "in": set()})
        known["set"].update(row["set"])
        for name in row["unset"]:
            known["set"].pop(name, None)
        known["in"] = (known["in"] | set(row["join"])) - set(row["leave"])
        self.events |= {event["id"]: event for event in row["events"]}

    def _let_go(self, customer: str) -> None:
        if customer in self.customers:
            self.customers[customer] = {"set": {}, "in": set()}
