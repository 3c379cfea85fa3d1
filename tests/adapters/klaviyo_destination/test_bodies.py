"""Every body we send is one by the models of Klaviyo's own client, of the very revision that is pinned."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from klaviyo_api import KlaviyoAPI
from openapi_client.models.data_privacy_create_deletion_job_query import DataPrivacyCreateDeletionJobQuery
from openapi_client.models.event_create_query_v2 import EventCreateQueryV2
from openapi_client.models.profile_import_job_create_query import ProfileImportJobCreateQuery
from openapi_client.models.profile_partial_update_query import ProfilePartialUpdateQuery

from nextorder.adapters.klaviyo import bodies
from nextorder.adapters.klaviyo.client import KLAVIYO_REVISION
from nextorder.adapters.klaviyo.destination import KlaviyoDestination
from nextorder.adapters.klaviyo.projection import told
from nextorder.domain.changes import Change, Person
from tests.adapters.destination_cases import SHOP
from tests.adapters.klaviyo_destination.cases import ANNA, desired, first_change

PROFILE = "01H0000000000000000000ANNA"


def closed(schema: Any) -> Any:
    """Let no key pass that is not named: the client itself lets any pass."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: closed(item) for key, item in schema.items()}
    return {"additionalProperties": False} | inner if isinstance(schema.get("properties"), dict) else inner


def flaws(model: Any, body: bytes) -> list[str]:
    validator = Draft202012Validator(closed(model.model_json_schema(by_alias=True)))
    return [error.message for error in validator.iter_errors(json.loads(body))]


def written(destination: KlaviyoDestination) -> Iterator[tuple[Any, bytes]]:
    step = first_change(destination)
    known = Person(customer="7", remote_id=PROFILE)
    everything = tuple(destination.everything(SHOP).attributes)
    yield ProfilePartialUpdateQuery, bodies.update(step, PROFILE)
    yield ProfilePartialUpdateQuery, bodies.update(Change(person=ANNA, unset=everything), PROFILE)
    rows = [Change(person=known, set=desired(destination).attributes)] * 3
    yield ProfileImportJobCreateQuery, bodies.import_job(rows)
    for event in step.events:
        yield EventCreateQueryV2, bodies.event(told(SHOP, "7", event), PROFILE)
    yield DataPrivacyCreateDeletionJobQuery, bodies.deletion(PROFILE)


def test_the_revision_is_that_of_the_client() -> None:
    assert KlaviyoAPI._REVISION == KLAVIYO_REVISION  # noqa: SLF001 - it says so nowhere else


def test_every_body_is_one_by_the_clients_models(destination: KlaviyoDestination) -> None:
    sent = list(written(destination))

    assert len(sent) == 5
    for model, body in sent:
        assert flaws(model, body) == []
        model.from_dict(json.loads(body))


@pytest.mark.parametrize(
    ("good", "bad"),
    [(b'"unset"', b'"unsett"'), (b'"properties"', b'"property"'), (b'"type":"profile"', b'"type":"person"')],
)
def test_a_slip_of_the_pen_would_be_seen(good: bytes, bad: bytes) -> None:
    change = Change(person=ANNA, set={"nextorder_stage": "new"}, unset=("nextorder_p_5d",))
    body = bodies.update(change, PROFILE)

    assert flaws(ProfilePartialUpdateQuery, body.replace(good, bad))
