"""Who the demo's shop is: invented anew for each run, or the caller's own from the environment."""

import os
import secrets
from dataclasses import dataclass, field

from samples.invented import SHOP


def _or_invented(variable: str, prefix: str) -> str:
    return os.environ.get(variable) or prefix + secrets.token_hex(16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The shop's domain and the credentials that both platforms know it by."""

    shop_domain: str = SHOP["domain"]
    client_id: str = field(default_factory=lambda: _or_invented("NEXTORDER_CLIENT_ID", ""))
    client_secret: str = field(default_factory=lambda: _or_invented("NEXTORDER_CLIENT_SECRET", "shpss_"))
    klaviyo_api_key: str = field(default_factory=lambda: _or_invented("NEXTORDER_KLAVIYO_API_KEY", "pk_"))
