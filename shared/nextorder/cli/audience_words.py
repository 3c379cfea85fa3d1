"""What `nextorder audience` says beside its file: who is left out, what a value is, what to do there."""

from collections.abc import Mapping

from nextorder.adapters.audience_files.formats import WEAK, Format
from nextorder.bootstrap.keys import connections
from nextorder.bootstrap.sweep import sizes
from nextorder.bootstrap.update import shops
from nextorder.domain.audience import LeftOut, Wanted, key_table
from nextorder.domain.passes import CUSTOMERS
from nextorder.domain.shop import Shop


def print_left_out(left_out: Mapping[LeftOut, int]) -> None:
    """Count by reason."""
    for reason in LeftOut:
        if count := left_out.get(reason):
            print(f"  left out  {count:>6}  {reason}")


def print_advice(form: Format, wanted: Wanted, shop: Shop, *, name: str, segment: str, rows: int) -> None:
    """Say what the file means and what becomes of it."""
    if wanted.valued:
        print(f"  value     the profit that 365 days are expected to bring (clv_gp2_365), in {shop.currency}")
    if not form.for_ads:
        return
    print(f"  call it   {name} there, not {segment}: `nextorder audience --names` says which is which")
    print("  consent   e-mail marketing stands in for ads: that your wording covers them is yours to know")
    if rows < WEAK:
        print(f"  few       under {WEAK} people no platform finds enough of them to show ads to")
    for line in form.advice:
        print(f"  then      {line}")


def print_names(shop: Shop) -> None:
    """Print the key table: it is reckoned, kept nowhere, and shown to nobody else."""
    kept = sizes().read(shop.id)
    segments = {*shops().catalogue(shop).shown, *(kept.counts if kept else ())} - {CUSTOMERS}
    for segment, name in key_table(connections().pepper(), shop.id, segments).items():
        print(f"  {name}  {segment}")
