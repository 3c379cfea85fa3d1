"""What each operation does, once the request is known to be allowed and well-formed."""

from collections.abc import Sequence
from typing import Any

from tests.fakes.http import Clock
from tests.fakes.klaviyo import errors, events, filters, jobs, profiles
from tests.fakes.klaviyo.audience_endpoints import AudienceEndpoints, Endpoint
from tests.fakes.klaviyo.contract import Flaw
from tests.fakes.klaviyo.pages import additional, fields, page
from tests.fakes.klaviyo.store import Account, Profile, metric_id, moment
from tests.fakes.wire import Answer, Request


class Endpoints:
    """The operations on one account; each takes the request, the id in its path and the body's data."""

    def __init__(self, account: Account, clock: Clock, url: str, job_seconds: float) -> None:
        self.account = account
        self.clock = clock
        self.url = url
        self.job_seconds = job_seconds

    def by_name(self) -> dict[str, Endpoint]:
        """Return them by the operation's id in the OpenAPI."""
        named = AudienceEndpoints(self.account, self.clock, self.url)
        return named.by_name() | {
            "bulk_create_events": self._bulk_create_events,
            "bulk_import_profiles": self._bulk_import_profiles,
            "create_event": self._create_event,
            "create_or_update_profile": self._create_or_update_profile,
            "create_profile": self._create_profile,
            "get_accounts": self._get_accounts,
            "get_bulk_import_profiles_job": self._get_job,
            "get_errors_for_bulk_import_profiles_job": self._get_job_errors,
            "get_metrics": self._get_metrics,
            "get_profile": self._get_profile,
            "get_profiles": self._get_profiles,
            "request_profile_deletion": self._request_profile_deletion,
            "update_profile": self._update_profile,
        }

    # Profiles

    def _get_profiles(self, request: Request, _: str, __: None) -> Answer:
        conditions = filters.read(request.arguments.get("filter", ""))
        if not conditions:
            found = sorted(self.account.profiles.values(), key=lambda one: one.id)
        else:
            found = self._matching(conditions)
        more = additional(request)
        shown = [profiles.resource(one, self.url, fields(request), more) for one in found]
        return page(request, self.url, shown)

    def _matching(self, conditions: Sequence[filters.Condition]) -> list[Profile]:
        first, *others = conditions
        found = {one.id: one for value in first.values if (one := self.account.holder(first.field, value))}
        for condition in others:
            kept = {
                one.id for value in condition.values if (one := self.account.holder(condition.field, value))
            }
            found = {id_: one for id_, one in found.items() if id_ in kept}
        return [found[id_] for id_ in sorted(found)]

    def _get_profile(self, request: Request, id_: str, _: None) -> Answer:
        if id_ not in self.account.profiles:
            raise errors.not_found("profile", id_)
        return self._one(self.account.profiles[id_], 200, fields(request))

    def _create_profile(self, _: Request, __: str, data: Any) -> Answer:
        return self._one(profiles.create(self.account, data, self.clock()), 201)

    def _update_profile(self, _: Request, id_: str, data: Any) -> Answer:
        return self._one(profiles.update(self.account, id_, data, self.clock()), 200)

    def _create_or_update_profile(self, _: Request, __: str, data: Any) -> Answer:
        profile, created = profiles.upsert(self.account, data, self.clock())
        return self._one(profile, 201 if created else 200)

    def _one(self, profile: Profile, status: int, fields: frozenset[str] | None = None) -> Answer:
        resource = profiles.resource(profile, self.url, fields)
        return Answer(status=status, body={"data": resource, "links": resource["links"]})

    def _request_profile_deletion(self, _: Request, __: str, data: Any) -> Answer:
        person = data["attributes"]["profile"]["data"]
        given = {"id": person.get("id"), **person["attributes"]}
        named = [(name, value) for name, value in given.items() if value]
        if len(named) != 1:
            detail = "Give exactly one of email, phone_number and id."
            raise errors.invalid(Flaw("/data/attributes/profile/data", detail))
        if profile := self.account.holder(*named[0]):
            self.account.delete(profile)
        return Answer(status=202)

    # Jobs and events

    def _bulk_import_profiles(self, _: Request, __: str, data: Any) -> Answer:
        job = jobs.start(self.account, data, self.clock(), self.job_seconds)
        return Answer(status=202, body={"data": jobs.resource(job, self.url, self.clock())})

    def _get_job(self, _: Request, id_: str, __: None) -> Answer:
        return Answer(body={"data": jobs.resource(jobs.find(self.account, id_), self.url, self.clock())})

    def _get_job_errors(self, request: Request, id_: str, _: None) -> Answer:
        return page(request, self.url, jobs.find(self.account, id_).failures)

    def _create_event(self, _: Request, __: str, data: Any) -> Answer:
        events.take_one(self.account, data, self.clock())
        return Answer(status=202)

    def _bulk_create_events(self, _: Request, __: str, data: Any) -> Answer:
        events.take_many(self.account, data, self.clock())
        return Answer(status=202)

    # The account

    def _get_accounts(self, request: Request, _: str, __: None) -> Answer:
        address = dict.fromkeys(("address1", "address2", "city", "region", "country", "zip"))
        contact = {
            "default_sender_name": "Demo",
            "default_sender_email": "demo@example.com",
            "website_url": "https://example.com",
            "organization_name": "Demo",
            "street_address": address,
        }
        attributes = {
            "test_account": True,
            "contact_information": contact,
            "industry": None,
            "timezone": "Europe/London",
            "preferred_currency": "GBP",
            "public_api_key": "DEMO01",
            "locale": "en-GB",
        }
        link = {"self": f"{self.url}/api/accounts/DEMO01/"}
        return page(
            request, self.url, [{"type": "account", "id": "DEMO01", "attributes": attributes, "links": link}]
        )

    def _get_metrics(self, request: Request, _: str, __: None) -> Answer:
        found = [
            {
                "type": "metric",
                "id": (id_ := metric_id(self.account, name)),
                "attributes": {
                    "name": name,
                    "created": moment(first),
                    "updated": moment(first),
                    "integration": {"object": "integration", "id": "API", "name": "API", "category": "API"},
                },
                "links": {"self": f"{self.url}/api/metrics/{id_}/"},
            }
            for name, first in self.account.metrics.items()
        ]
        return page(request, self.url, found)
