"""`nextorder connect NAME`: any further destination, asked for what its folder says that it needs."""

import argparse
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from nextorder.adapters.destination_parts import Setting
from nextorder.adapters.shop_data import write_destination
from nextorder.bootstrap import destinations
from nextorder.bootstrap import environment as env
from nextorder.bootstrap.keys import settings_of
from nextorder.bootstrap.publish import publisher
from nextorder.bootstrap.route import other_names
from nextorder.bootstrap.update import customers
from nextorder.cli.secret import add_from_stdin, read_secret
from nextorder.cli.shops import add_shop, chosen_shop
from nextorder.cli.ways import add_now, begins_late
from nextorder.domain.capabilities import Capabilities, Clears, Identifier, Needs
from nextorder.domain.errors import BadSettings, NextorderError
from nextorder.domain.health import Health
from nextorder.domain.shop import Shop
from nextorder.ports import Installs, TellsAccount

Settings = Mapping[str, str]
_ACCOUNT: Final = "account_id"
"""What the platform calls the account, kept beside the settings."""
_TAKES: Final = {
    "activecampaign": "tags and fields of ActiveCampaign's contacts",
    "ga4": "user properties in Google Analytics 4",
    "hubspot": "properties of HubSpot's contacts",
    "mailchimp": "tags and merge fields of a Mailchimp audience",
    "rule": "tags and fields of Rule's subscribers",
    "segment": "Segment, RudderStack or whatever speaks like them",
    "webhook": "an address of yours, told by signed webhooks",
}
_CONSENTS: Final = {
    Needs.EMAIL: "who has subscribed to e-mail marketing",
    Needs.SMS: "who has subscribed to text messages",
    Needs.ADS: "who has subscribed to e-mail marketing",
}


def add_to(targets: Any) -> None:
    """Add a `connect NAME` for each."""
    for name in destinations.OTHERS:
        parser = targets.add_parser(name, help=f"{_TAKES[name]}, by the settings that it asks for")
        add_shop(parser)
        add_now(parser)
        parser.add_argument("--unchecked", action="store_true", help="keep the settings and do not try them")
        parser.add_argument(
            "--leave-behind",
            action="store_true",
            help="connect another account or place; what we wrote at the one before stays there for good",
        )
        parser.add_argument(
            "--check", action="store_true", help="change nothing; exit status 1 when something is wrong"
        )
        add_from_stdin(parser)
        parser.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="a setting that is no secret, as it would be asked for; repeatable",
        )
        parser.set_defaults(run=connect_other)


def connect_other(options: argparse.Namespace) -> int:
    """
    Ask for a destination's settings, try them, then keep them; with --check, try those that are kept.

    Raises:
        BadSettings: Something is missing or does not serve, or what we wrote elsewhere would be
            left behind.
    """
    shop, name = chosen_shop(options), options.target
    folder = destinations.folder(name)
    held = settings_of(shop.id, name)
    if options.check:
        return _tell(name, _health(name, shop, held or {}) if held else None)

    told = _parsed(options.set, folder.SETTINGS)
    given = _asked(folder.SETTINGS, held or {}, told, from_stdin=options.from_stdin)
    if account := _account_id(name, shop, given, held or {}, look=not options.unchecked):
        given = {**given, _ACCOUNT: account}
    moved = _moved(folder.SETTINGS, held or given, given)
    is_left = bool(moved and _shown(shop, name))
    if is_left and not options.leave_behind:
        raise BadSettings(
            f"another {', '.join(moved)} would leave behind what we wrote: take it back by `nextorder "
            f"publish --destination {name} --take-back`, then connect; or say --leave-behind"
        )
    if not options.unchecked:
        health = _prepared(name, shop, given)
        if not health.is_well:
            raise BadSettings("; ".join(f"{one.what}: {one.remedy}" for one in health.problems))
        _tell(name, health)
    if moved or not held:
        begins_late(shop, name, now=options.now)
    write_destination(
        env.secrets_manager(), env.variable("CONNECTIONS_SECRET_ARN"), shop.id, name, dict(given)
    )
    print(f"  ok  settings kept for {shop.id}")
    if is_left:
        _begin_afresh(shop, name)
    for line in described(folder.CAPABILITIES):
        print(f"      {line}")
    if name not in other_names():
        print(
            f"  ->  the stack does not serve {name} yet: add it to the parameter OtherDestinations "
            "and deploy; until then only `nextorder publish` reaches it"
        )
    return 0


def _begin_afresh(shop: Shop, name: str) -> None:
    """Let go of the records of another place: they would say of this one what stands there."""
    accepted = publisher(name).accepted
    shown = _shown(shop, name)
    for customer in shown:
        accepted.delete(shop.id, customer, name)
    print(f"      {len(shown)} customers stay as they are shown at the place before")


def described(capabilities: Capabilities) -> Sequence[str]:
    """Say what a merchant should know of a destination before it is switched on."""
    lines = []
    if capabilities.creates_people:
        lines.append("people whom it does not know are made there, and may be billed for")
    if capabilities.consent is not Needs.NOTHING:
        lines.append(f"only {_CONSENTS[capabilities.consent]} is shown there")
    elif capabilities.without_consent:
        lines.append(f"who has not agreed {capabilities.without_consent}")
    if capabilities.hashes:
        lines.append("it is told hashes of addresses, never the addresses")
    elif {Identifier.EMAIL, Identifier.PHONE} & {*capabilities.identifiers}:
        lines.append("people are found there by e-mail or phone, which is asked of Shopify each time")
    if capabilities.clears is Clears.NEVER:
        lines.append("what it was once told it keeps: nothing can be taken back")
    if not capabilities.tells_events:
        lines.append("no events are told there")
    if capabilities.quiet_backfill:
        lines.append(f"at a first publication: {capabilities.quiet_backfill}")
    return lines


def _tell(name: str, health: Health | None) -> int:
    """Print what a look came to; return the exit status."""
    if health is None:
        print(f"  {name} is not connected")
        return 1
    if health.is_well:
        print(f"  ok  {name} answers{f' as {health.account}' if health.account else ''}")
    for problem in health.problems:
        print(f"  !   {problem.what}: {problem.remedy}")
    return 0 if health.is_well else 1


def _health(name: str, shop: Shop, settings: Settings) -> Health:
    return destinations.tried(name, settings).check(shop)


def _prepared(name: str, shop: Shop, settings: Settings) -> Health:
    """Have those fields made there that a destination needs of ours, then look at it."""
    destination = destinations.tried(name, settings)
    if isinstance(destination, Installs):
        # whatever hinders it, the look says in words
        with suppress(NextorderError):
            destination.install(shop)
    return destination.check(shop)


def _account_id(name: str, shop: Shop, given: Settings, held: Settings, *, look: bool) -> str:
    """Return the id of the account that a key is of, as it is told now or was told; empty = it is not."""
    destination = destinations.tried(name, given)
    if look and isinstance(destination, TellsAccount):
        # whatever hinders it, the look at its health says in words
        with suppress(NextorderError):
            return destination.account_id(shop)
    return held.get(_ACCOUNT, "")


def _asked(
    wanted: Sequence[Setting], held: Settings, told: dict[str, str], *, from_stdin: bool
) -> Mapping[str, str]:
    """Return every setting: as told, else as asked for; an empty answer keeps what was, or the default."""
    given: dict[str, str] = {}
    for one in wanted:
        if one.secret:
            secret = read_secret(one.label, from_stdin=from_stdin)
            given[one.name] = _checked(one, secret)
            continue
        fallback = held.get(one.name, one.default)
        answer = told.get(one.name) or _line(one, fallback, ask=not from_stdin) or fallback
        if answer is None:
            raise BadSettings(f"{one.label}: give it with --set {one.name}=VALUE")
        given[one.name] = _checked(one, answer)
    return given


def _checked(setting: Setting, value: str) -> str:
    if complaint := setting.wrong(value):
        raise BadSettings(f"{setting.name}: {complaint}")
    return value


def _line(setting: Setting, fallback: str | None, *, ask: bool) -> str:
    """Ask at the terminal; when that is where secrets come from, nothing is asked."""
    if not ask:
        return ""
    shown = f" [{fallback}]" if fallback else ""
    try:
        return input(f"{setting.label}{shown}: ").strip()
    except EOFError:
        return ""


def _parsed(pairs: Sequence[str], wanted: Sequence[Setting]) -> dict[str, str]:
    """Read --set NAME=VALUE; a mistake is answered with the names that there are."""
    names = [one.name for one in wanted if not one.secret]
    secrets = [one.name for one in wanted if one.secret]
    told = {name.strip(): value.strip() for name, _, value in (pair.partition("=") for pair in pairs)}
    there_are = f"it sets {', '.join(names) or 'nothing'}; {', '.join(secrets)} is asked for, being secret"
    if unknown := [name for name in told if name not in names]:
        raise BadSettings(f"--set: there is no {', '.join(unknown)} to set: {there_are}")
    if empty := [name for name, value in told.items() if not value]:
        raise BadSettings(f"--set: expected NAME=VALUE, not {', '.join(empty)} alone: {there_are}")
    # before anything is asked for
    return {one.name: _checked(one, told[one.name]) for one in wanted if one.name in told}


def _shown(shop: Shop, name: str) -> Sequence[str]:
    """Name who is on record there."""
    return [customer for customer, record in customers().everyone(shop.id) if name in record.accepted]


def _moved(wanted: Sequence[Setting], held: Settings, given: Settings) -> Sequence[str]:
    """Name the settings by which the place is another, or say that the key is another account's."""
    another = held.get(_ACCOUNT) and given.get(_ACCOUNT) != held[_ACCOUNT]
    moved = [one.name for one in wanted if one.place and held.get(one.name) != given[one.name]]
    return [*moved, *(["account"] if another else [])]
