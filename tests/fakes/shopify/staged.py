"""Staged uploads: where a file may be put, and whether what is put there is taken."""

import base64
import json
import uuid
from collections.abc import Mapping
from typing import Any

from tests.fakes.shopify.bulk import Bulk
from tests.fakes.shopify.ids import moment, number_of
from tests.fakes.shopify.store import Store

UPLOADS = "/staged-uploads/"
MOST_BYTES = 104_857_600

Payload = dict[str, Any]


def stage(store: Store, bulk: Bulk, inputs: list[Mapping[str, Any]]) -> Payload:
    """Return one target for each file; only variables of bulk mutations are known here."""
    errors = [
        {
            "field": ["input", str(at), "resource"],
            "message": "The fake takes BULK_MUTATION_VARIABLES by POST only",
        }
        for at, given in enumerate(inputs)
        if given["resource"] != "BULK_MUTATION_VARIABLES" or given.get("httpMethod") != "POST"
    ]
    if errors:
        return {"stagedTargets": None, "userErrors": errors}
    return {"stagedTargets": [_target(store, bulk, given) for given in inputs], "userErrors": []}


def _target(store: Store, bulk: Bulk, given: Mapping[str, Any]) -> Payload:
    key = f"tmp/{number_of(store.shop_id)}/bulk/{uuid.uuid4()}/{given['filename']}"
    bulk.uploads[key] = None
    parameters = _parameters(key, str(given["mimeType"]), moment(store.now))
    return {
        "url": store.base_url + UPLOADS,
        "resourceUrl": None,
        "parameters": [{"name": name, "value": value} for name, value in parameters.items()],
    }


def _parameters(key: str, media_type: str, at: str) -> dict[str, str]:
    policy = {"conditions": [{"key": key}, ["content-length-range", 1, MOST_BYTES]], "expiration": at}
    return {
        "Content-Type": media_type,
        "success_action_status": "201",
        "acl": "private",
        "key": key,
        "x-goog-date": at.replace("-", "").replace(":", ""),
        "x-goog-credential": "made-up/auto/storage/goog4_request",
        "x-goog-algorithm": "GOOG4-RSA-SHA256",
        "x-goog-signature": "made-up",
        "policy": base64.b64encode(json.dumps(policy).encode()).decode(),
    }


def take(bulk: Bulk, content_type: str, body: bytes) -> tuple[int, str]:
    """
    Take a multipart form: every parameter as it was given, and the file last.

    Returns the status and the storage's code; 201 and "" where it is taken.
    """
    boundary = content_type.partition("boundary=")[2].strip('"')
    parts = _parts(body, boundary) if boundary else []
    if not parts or parts[-1][0] != "file":
        return 400, "InvalidArgument"
    fields = {name: value.decode() for name, value in parts[:-1]}
    key = fields.get("key", "")
    if key not in bulk.uploads:
        return 403, "AccessDenied"
    expected = _parameters(key, fields.get("Content-Type", ""), "")
    if missing := expected.keys() - fields.keys():
        return 403, f"AccessDenied: {', '.join(sorted(missing))}"
    if not 1 <= len(parts[-1][1]) <= MOST_BYTES:
        return 400, "EntityTooLarge" if parts[-1][1] else "EntityTooSmall"
    bulk.uploads[key] = parts[-1][1]
    return 201, ""


def _parts(body: bytes, boundary: str) -> list[tuple[str, bytes]]:
    found = []
    for part in body.split(b"--" + boundary.encode())[1:-1]:
        head, _, value = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        name = head.decode().partition('name="')[2].partition('"')[0]
        found.append((name, value.removesuffix(b"\r\n")))
    return found
