"""Whose cache is taken for a model of which it is not known."""

from apps.money.memory import Architecture, LatentArchitecture
from apps.money.stand_in import KnownArchitecture, stand_in

SMALL = KnownArchitecture("Small", "Maker", 8, Architecture(32, 8, 128))
LARGE = KnownArchitecture("Large", "Maker", 70, Architecture(80, 8, 128))
LATENT = KnownArchitecture("Latent", "Other", 600, LatentArchitecture(61, 576))
# Per token as large as all, but all of its layers keep no more than 128 tokens.
WINDOWED = KnownArchitecture(
    "Windowed", "Maker", 400, Architecture(200, 8, 128, window_layers=200, window=128)
)
KNOWN = (SMALL, LARGE, LATENT, WINDOWED)


def test_the_largest_cache_of_the_same_maker_stands_in() -> None:
    assert stand_in("Maker", 8, KNOWN) is LARGE
    assert stand_in("Other", 8, KNOWN) is LATENT


def test_without_one_of_the_maker_the_model_nearest_in_size_stands_in() -> None:
    assert stand_in("Nobody", 9, KNOWN) is SMALL
    assert stand_in("Nobody", 5000, KNOWN) is LATENT
    # Between two of one size the larger cache, an upper bound.
    twin = KnownArchitecture("Twin", "Other", 8, Architecture(64, 8, 128))
    assert stand_in("Nobody", 8, (SMALL, twin)) is twin


def test_a_catalog_that_knows_no_layers_assumes_the_largest_published() -> None:
    unsized = KnownArchitecture("Unsized", "Other", None, Architecture(2, 2, 2))
    for known in ((), (unsized,)):
        assert stand_in("Maker", 8, known).architecture == Architecture(126, 8, 128)
