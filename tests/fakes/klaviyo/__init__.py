"""Klaviyo's API, revision 2026-10-15, as far as Nextorder uses it."""

from tests.fakes.klaviyo.server import FakeKlaviyo

__all__ = ["FakeKlaviyo"]
