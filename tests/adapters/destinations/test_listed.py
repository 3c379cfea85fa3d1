"""Nothing can be connected that does not keep the contract."""

from nextorder.bootstrap.destinations import OTHERS, folder
from tests.adapters.destinations.contract import NAMES


def test_every_destination_that_can_be_connected_is_held_to_the_contract() -> None:
    assert {"shopify", "klaviyo", *OTHERS} <= {*NAMES}


def test_every_folder_says_what_it_can_do_and_what_it_wants_to_know() -> None:
    for name in OTHERS:
        assert folder(name).CAPABILITIES.identifiers
        assert any(setting.secret for setting in folder(name).SETTINGS), name
        assert all(setting.default is None for setting in folder(name).SETTINGS if setting.secret)
