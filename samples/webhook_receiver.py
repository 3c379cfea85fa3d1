"""A receiver of Nextorder's signed webhooks, with nothing but the standard library: copy what you need."""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer

TOLERANCE_SECONDS = 300
"""A message that was signed longer ago, or later than now, is a replay or a clock that is wrong."""


def verify(headers: Mapping[str, str], body: bytes, secret: str, *, now: float) -> None:
    """
    Make sure that a message is Nextorder's, whole, and of this moment.

    `body` are the raw bytes, before anything parses them; `headers` are lower case; `now` is in
    seconds since 1970. Any library for Standard Webhooks does the same.

    Raises:
        ValueError: It is not.
    """
    id_, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not at.isdecimal() or abs(now - int(at)) > TOLERANCE_SECONDS:
        raise ValueError("the timestamp is missing, old or of the future")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.digest(key, f"{id_}.{at}.".encode() + body, hashlib.sha256))
    for given in headers.get("webhook-signature", "").split():
        version, _, signature = given.partition(",")
        if version == "v1" and hmac.compare_digest(signature.encode(), expected):
            return
    raise ValueError("no signature of ours")


class Receiver(BaseHTTPRequestHandler):
    """
    Prints each customer's change as one line of JSON.

    A message is {"type", "timestamp", "data"}; data has "shop", and by type:

    - nextorder.customers.changed: "customers", each with "customer" (Shopify's id), "set" (values
      by name), "unset" (names), "join" and "leave" (segments), and "events" (id, name, at,
      properties). What is not named stays as it was.
    - nextorder.customer.forgotten: "customer"; let go of all that was told of them.
    - nextorder.check: nothing; answer 200.

    Any 2xx is a yes. 429 and 5xx are tried again after Retry-After, 400 is not; 401, 403, 404 and
    410 stop the deliveries until somebody looks.
    """

    def do_POST(self) -> None:
        """Verify, take, answer; whoever is not to be taken may be named with a code."""
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            verify(headers, body, os.environ["WEBHOOK_SECRET"], now=time.time())
        except ValueError as error:
            self._answer(401, str(error))
            return
        message = json.loads(body)
        # set, unset, join and leave may come twice; an event's id is the same each time: keep it
        for change in message["data"].get("customers", [message["data"]]):
            print(json.dumps({"type": message["type"], **change}), flush=True)
        self._answer(200, json.dumps({"refused": {}}))

    def _answer(self, status: int, text: str) -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())


if __name__ == "__main__":
    HTTPServer(("", int(sys.argv[1]) if len(sys.argv) > 1 else 8000), Receiver).serve_forever()
