"""How a test asks a fake: with all the patience there is, unless the fake was told to fall silent."""

from typing import Any, Final

from nextorder.adapters.http import CONNECT_SECONDS, Http, Response
from tests.fakes.http import FakeServer

PATIENT_SECONDS: Final = 60.0
"""A loaded machine answers late: that is no failure which anybody asked for."""
BRIEF_SECONDS: Final = 1.0


class Caller(Http):
    """The session that an adapter is given in its tests."""

    def __init__(self, service: str, fake: FakeServer) -> None:
        super().__init__(service)
        self._fake = fake

    def send(self, method: str, url: str, **request: Any) -> Response:
        """Send as everywhere; what will hang is not waited for."""
        hangs = self._fake.faults.will_hang
        self._timeout = (CONNECT_SECONDS, BRIEF_SECONDS if hangs else PATIENT_SECONDS)
        return super().send(method, url, **request)
