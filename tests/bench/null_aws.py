"""An AWS that answers from a fixed table and remembers orders' owners alone; a process of its own."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from nextorder.adapters.dynamodb.items import OWNER, Item
from tests.local_stack.places import ROOT, client_environment

SECRET = "shpss_bench"
TABLE = "table"


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    partitions: dict[str, dict[str, Item]] = {}  # noqa: RUF012 - one table for all requests
    secret: str

    def do_POST(self) -> None:
        operation = self.headers["X-Amz-Target"].rpartition(".")[2]
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = json.dumps(self._answer(operation, request)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def _answer(self, operation: str, request: Any) -> dict[str, Any]:
        match operation:
            case "GetItem":
                item = self._item(request["Key"])
                return {"Item": item} if item else {}
            case "Query":
                pk = request["ExpressionAttributeValues"][":p"]["S"]
                return {"Items": list(self.partitions.get(pk, {}).values())}
            case "PutItem" if request["Item"]["sk"]["S"] == OWNER:
                self.keep(request["Item"])
                return {}
            case "BatchGetItem":
                found = filter(None, map(self._item, request["RequestItems"][TABLE]["Keys"]))
                return {"Responses": {TABLE: list(found)}, "UnprocessedKeys": {}}
            case "GetSecretValue":
                return {"SecretString": self.secret}
            case _:
                return {}

    def _item(self, key: Item) -> Item | None:
        return self.partitions.get(key["pk"]["S"], {}).get(key["sk"]["S"])

    @classmethod
    def keep(cls, item: Item) -> None:
        cls.partitions.setdefault(item["pk"]["S"], {})[item["sk"]["S"]] = item

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def null_aws(table: Iterable[Item], shop: str = "") -> Iterator[dict[str, str]]:
    """Run it with a table and one connected shop; yield the environment that points clients at it."""
    command = [sys.executable, "-m", "tests.bench.null_aws"]
    connections = {"pepper": "p" * 40, "shops": {shop: {"client_secrets": [SECRET]}}}
    with subprocess.Popen(  # noqa: S603 - our own script
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps([list(table), json.dumps(connections)]) + "\n")
        process.stdin.flush()
        try:
            yield client_environment(process.stdout.readline().strip())
        finally:
            process.terminate()


def main() -> None:
    """Serve the table that standard input gives until we are ended."""
    items, _Answering.secret = json.loads(sys.stdin.readline())
    for item in items:
        _Answering.keep(item)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answering)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main()
