"""A plain client of the fake account, with builders of what its tests send."""

import json
from typing import Any, Self

import requests

from tests.fakes.klaviyo import contract
from tests.fakes.klaviyo.server import REVISION, FakeKlaviyo

KEY = "pk_x"


class Client:
    """Checks every good reply against the official OpenAPI."""

    def __init__(self, fake: FakeKlaviyo) -> None:
        self.fake = fake
        self.session = requests.Session()
        self.session.headers.update(
            {
                "Authorization": f"Klaviyo-API-Key {KEY}",
                "revision": REVISION,
                "Content-Type": "application/vnd.api+json",
            }
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()

    def send(self, method: str, path: str, data: Any = None, **options: Any) -> requests.Response:
        """Return the reply as it came."""
        body = None if data is None else json.dumps({"data": data})
        reply = self.session.request(method, self.fake.url + path, data=body, **{"timeout": 60.0} | options)
        operation, _, _ = contract.find(method, path.split("?", 1)[0])
        if operation and reply.ok and reply.content:
            operation.replies[str(reply.status_code)].validate(reply.json())
        return reply

    def seed(self, *profiles: dict[str, Any]) -> None:
        """Put profiles in."""
        self.session.post(f"{self.fake.url}/_fake/seed", json={"profiles": profiles}, timeout=60)

    def fail(self, **failure: Any) -> None:
        """Tell the fake to fail."""
        self.session.post(f"{self.fake.url}/_fake/fail", json=failure, timeout=60)

    def state(self) -> dict[str, Any]:
        """Return all it holds."""
        state: dict[str, Any] = self.session.get(f"{self.fake.url}/_fake/state", timeout=60).json()
        return state

    def properties(self, id_: str = "P1") -> dict[str, Any]:
        """Return a profile's custom properties."""
        properties: dict[str, Any] = self.state()["profiles"][id_]["properties"]
        return properties


def a_profile(**attributes: Any) -> dict[str, Any]:
    """Return the data of a profile."""
    return {"type": "profile", "attributes": attributes}


def an_event(
    name: str = "Nextorder Stage Changed", unique_id: str | None = "u1", **changes: Any
) -> dict[str, Any]:
    """Return the data of an event of P1."""
    attributes = {
        "metric": {"data": {"type": "metric", "attributes": {"name": name}}},
        "profile": {"data": {"type": "profile", "id": "P1", "attributes": {}}},
        "properties": {"to": "due"},
        "unique_id": unique_id,
    }
    return {"type": "event", "attributes": attributes | changes}


def a_job(*rows: dict[str, Any]) -> dict[str, Any]:
    """Return the data of a bulk import."""
    return {"type": "profile-bulk-import-job", "attributes": {"profiles": {"data": list(rows)}}}


def a_batch(*unique_ids: str) -> dict[str, Any]:
    """Return the data of a batch of events of P1."""

    def single(unique_id: str) -> dict[str, Any]:
        event = an_event(unique_id=unique_id)
        del event["attributes"]["profile"]
        return event

    person = {"data": {"type": "profile", "id": "P1", "attributes": {}}}
    group = {"profile": person, "events": {"data": [single(unique_id) for unique_id in unique_ids]}}
    row = {"type": "event-bulk-create", "attributes": group}
    return {"type": "event-bulk-create-job", "attributes": {"events-bulk-create": {"data": [row]}}}


def pointer_of(reply: requests.Response) -> str:
    """Return where the first error is."""
    pointer: str = reply.json()["errors"][0]["source"]["pointer"]
    return pointer
