"""The `nextorder` command in this process, on an AWS without a stack."""

import io
from collections.abc import Callable, Iterator

import pytest

from nextorder.adapters.connections import Connections
from nextorder.adapters.dynamodb.assortment import DynamoAssortment
from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.adapters.dynamodb.pings import DynamoPings
from nextorder.adapters.dynamodb.privacy import Forgotten
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.bootstrap import environment as env
from nextorder.bootstrap import publish, update
from nextorder.bootstrap.update import prior
from nextorder.cli import functions
from nextorder.cli.main import parser
from nextorder.use_cases.take_facts import Books
from tests.cli.going_live_cases import BulkFunction
from tests.fakes.door import Door
from tests.fakes.shopify import FakeShopify
from tests.local_stack.bare import BUCKET, TABLE, BareAws, bare_aws
from tests.local_stack.places import client_environment


class Said(str):  # noqa: SLOT000 - it carries what else there was
    """What a command said, how far it said it was on the way, and its exit status."""

    status: int = 0
    progress: str = ""


Nextorder = Callable[..., Said]


@pytest.fixture(scope="session")
def aws() -> Iterator[BareAws]:
    """A table and a secret."""
    with bare_aws("cli-tests") as running:
        yield running


@pytest.fixture
def shops(aws: BareAws) -> DynamoShops:
    """The table's shops, read anew each time as after a minute."""
    return DynamoShops(aws.client("dynamodb"), TABLE, prior=prior, clock=iter(range(0, 10**6, 61)).__next__)


@pytest.fixture
def store() -> Iterator[FakeShopify]:
    """The shop that commands ask."""
    with FakeShopify() as running:
        yield running


@pytest.fixture
def function(monkeypatch: pytest.MonkeyPatch) -> BulkFunction:
    """Stand in for the bulk publisher's function."""
    function = BulkFunction()
    monkeypatch.setattr(functions, "boto3", function)
    monkeypatch.setenv("PUBLISH_BULK_FUNCTION", "publish-bulk")
    return function


@pytest.fixture
def door(aws: BareAws) -> Iterator[Door]:
    """Where webhooks go."""
    client = aws.client("dynamodb")

    def books() -> Books:
        return Books(
            customers=DynamoCustomers(client, TABLE, new_log_key=lambda: "key"),
            shops=DynamoShops(client, TABLE, prior=prior),
            assortment=DynamoAssortment(client, TABLE),
            forgotten=Forgotten(client, TABLE, secret=lambda: b"pepper"),
            pings=DynamoPings(client, TABLE),
        )

    with Door(Connections(aws.client("secretsmanager"), aws.secret_arn), books) as running:
        yield running


@pytest.fixture
def nextorder(
    aws: BareAws,
    store: FakeShopify,
    door: Door,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Nextorder]:
    """Run one command, as a process of its own would; return what it says. Its keys are its own."""
    variables = client_environment(aws.url) | {
        "TABLE_NAME": TABLE,
        "BUCKET_NAME": BUCKET,
        "CONNECTIONS_SECRET_ARN": aws.secret_arn,
        "SHOPIFY_URL": store.url,
        "WEBHOOK_URL": door.url,
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str, stdin: str = "") -> Said:
        _forget_all()
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        options = parser().parse_args(arguments)
        if asked := getattr(options, "shop", ""):
            store.store.shop = asked.lower()  # each domain leads to a shop of that name
        status = options.run(options)
        captured = capsys.readouterr()
        said = Said(captured.out)
        said.progress = captured.err
        said.status = status or 0
        return said

    yield run
    _forget_all()
    aws.forget_keys()


def _forget_all() -> None:
    """Let go of what a process makes once; the session stays, which would read megabytes of tables anew."""
    for module in (env, publish, update):
        for name, made in vars(module).items():
            if hasattr(made, "cache_clear") and name != "_session":
                made.cache_clear()
