"""The connected shops' credentials, from one secret in Secrets Manager."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Final

from nextorder.domain.errors import BadSettings

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

_REFRESH_SECONDS: Final = 60
_LIFE_SECONDS: Final = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """One shop's keys; never printed."""

    client_id: str = ""
    client_secrets: tuple[str, ...] = field(default=(), repr=False)
    """The first one mints tokens; all are accepted as a webhook's signature."""
    access_token: str = field(default="", repr=False)
    """A static token of a legacy custom app; empty = client-credentials grant."""
    klaviyo_api_key: str = field(default="", repr=False)
    destinations: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    """Name of another destination -> its settings, keys among them."""


_FIELDS: Final = frozenset(each.name for each in fields(Connection))


class Connections:
    """Reads the secret once, keeps it for 15 minutes, and reads it again on demand."""

    def __init__(
        self,
        client: "SecretsManagerClient",
        secret_arn: str,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._secret_arn = secret_arn
        self._clock = clock
        self._read_at: float | None = None
        self._shops: Mapping[str, Connection] = {}
        self._pepper = b""

    def pepper(self) -> bytes:
        """
        Return the stack's own random secret, for hashes that nobody else can make.

        Raises:
            BadSettings: The secret has none; without it anybody could make them.
        """
        if self._age() > _LIFE_SECONDS:
            self._read()
        if not self._pepper:
            raise BadSettings("the connections secret has no pepper: put one back before anything else")
        return self._pepper

    def all(self) -> Mapping[str, Connection]:
        """Return every connected shop's keys."""
        if self._age() > _LIFE_SECONDS:
            self._read()
        return self._shops

    def of(self, shop: str) -> Connection | None:
        """Return one shop's keys; None = not connected."""
        return self.all().get(shop)

    def refresh(self, *, trusted: bool = False) -> bool:
        """
        Read again; tell whether that was allowed now.

        Whoever cannot sign makes us read once a minute at most; `trusted` is for what only the
        platform could have sent.
        """
        if not trusted and self._age() < _REFRESH_SECONDS:
            return False
        self._read()
        return True

    def _age(self) -> float:
        return float("inf") if self._read_at is None else self._clock() - self._read_at

    def _read(self) -> None:
        text = self._client.get_secret_value(SecretId=self._secret_arn)["SecretString"]
        document = json.loads(text)
        self._shops = {shop: _connection(keys) for shop, keys in document.get("shops", {}).items()}
        self._pepper = document.get("pepper", "").encode()
        self._read_at = self._clock()


def _connection(keys: Mapping[str, Any]) -> Connection:
    known = {name: keys[name] for name in _FIELDS & keys.keys()}
    return Connection(**{**known, "client_secrets": tuple(keys.get("client_secrets", ()))})
