import pytest

from siting.comparison.money import SEAT_WAN_YUAN
from siting.study import TIERS, Tier
from siting.verify.seat_price import seat_price_flaws


@pytest.mark.parametrize("tier", TIERS)
def test_the_price_the_package_states_is_that_of_the_standards(tier: Tier) -> None:
    stated = SEAT_WAN_YUAN[tier].value if tier in SEAT_WAN_YUAN else None
    assert not list(seat_price_flaws("here", tier, stated))


def test_another_price_and_one_where_nobody_knows_are_flaws() -> None:
    (flaw,) = seat_price_flaws("phases.json", "primary", 2.0)
    assert flaw.what.en == "phases.json: seat price is stated as 2 and adds up to 2.905"
    assert list(seat_price_flaws("phases.json", "senior", 2.0))
