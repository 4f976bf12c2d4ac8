"""A sealed value opens with its own key at its own place, and nowhere else."""

import pytest

from ippgateway.privacy.sealing import KEY_OCTETS, CannotOpen, IndexKey, SealingKey

from .seeded import Seeded

PLACE = "payer.email|Shop-Shop-0001|Pers-Pers-0001"


@pytest.fixture
def sealed() -> tuple[SealingKey, bytes]:
    randomness = Seeded(1)
    key = SealingKey(randomness.octets(KEY_OCTETS))
    return key, key.seal(b"frida@borger.example", PLACE, randomness)


def test_what_was_sealed_opens_where_it_was_sealed(sealed: tuple[SealingKey, bytes]) -> None:
    key, value = sealed
    assert key.open(value, PLACE) == b"frida@borger.example"
    assert b"frida" not in value


@pytest.mark.parametrize(
    "place",
    [
        "payer.email|Shop-Shop-0001|Pers-Pers-0002",
        "payer.email|Shop-Shop-0002|Pers-Pers-0001",
        "payer.name|Shop-Shop-0001|Pers-Pers-0001",
        "checkout.email|Shop-Shop-0001|Pers-Pers-0001",
        PLACE + "|",
        "",
    ],
    ids=["another person", "another shop", "another column", "another table", "longer", "none"],
)
def test_a_value_that_was_moved_does_not_open(place: str, sealed: tuple[SealingKey, bytes]) -> None:
    key, value = sealed
    with pytest.raises(CannotOpen):
        key.open(value, place)


def test_no_altered_octet_opens(sealed: tuple[SealingKey, bytes]) -> None:
    key, value = sealed
    for position in range(len(value)):
        altered = bytearray(value)
        altered[position] ^= 1
        with pytest.raises(CannotOpen):
            key.open(bytes(altered), PLACE)
    for length in range(len(value)):
        with pytest.raises(CannotOpen):
            key.open(value[:length], PLACE)


def test_another_key_does_not_open(sealed: tuple[SealingKey, bytes]) -> None:
    _, value = sealed
    with pytest.raises(CannotOpen) as refused:
        SealingKey(Seeded(2).octets(KEY_OCTETS)).open(value, PLACE)
    assert str(refused.value) == ""
    assert refused.value.__cause__ is None


def test_the_same_value_is_sealed_differently_each_time() -> None:
    randomness = Seeded(3)
    key = SealingKey(randomness.octets(KEY_OCTETS))
    assert len({key.seal(b"x", PLACE, randomness) for _ in range(100)}) == 100


@pytest.mark.parametrize("octets", [0, 16, 31, 33])
def test_a_key_has_256_bits(octets: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        SealingKey(bytes(octets))


def test_codes_differ_by_controller_field_and_key() -> None:
    index, other = IndexKey(Seeded(4).octets(KEY_OCTETS)), IndexKey(Seeded(5).octets(KEY_OCTETS))
    codes = [
        index.code("Shop-Shop-0001", "payer.email", "frida@borger.example"),
        index.code("Shop-Shop-0002", "payer.email", "frida@borger.example"),
        index.code("Shop-Shop-0001", "payer.name", "frida@borger.example"),
        index.code("Shop-Shop-0001", "payer.email", "frida@borger.example "),
        other.code("Shop-Shop-0001", "payer.email", "frida@borger.example"),
    ]
    assert len(set(codes)) == len(codes)
    assert codes[0] == index.code("Shop-Shop-0001", "payer.email", "frida@borger.example")
    assert index.letters("Shop-Shop-0001", "payment_key", "x", 8) != index.letters(
        "Shop-Shop-0002", "payment_key", "x", 8
    )
