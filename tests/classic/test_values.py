"""Values as the clients write them (wire contract 4, 6, 8.3 and 13.19)."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ippgateway.core.money import BadAmount
from ippgateway.domains.payments.errors import BadCard
from ippgateway.domains.payments.schemas import Method, Result
from ippgateway.faces.classic import values
from ippgateway.faces.classic.refusals import Refusal


@pytest.mark.parametrize(
    ("text", "hundredths"),
    [
        ("27500", 27500), ("0", 0), ("007", 7), ("432100", 432100),
        ("10.00", 1000), ("10,00", 1000), ("10.5", 1050), ("10.", 1000), (".50", 50), ("0.01", 1), ("10.0000", 1000),
        ("1,234.50", 123450), ("1.234,50", 123450), ("1,234,567.00", 123456700), ("800000", 800000),
    ],
)  # fmt: skip
def test_amounts(text: str, hundredths: int) -> None:
    assert values.hundredths(text) == hundredths


@pytest.mark.parametrize(
    "text",
    ["", ".", ",", "-1", "+1", "1e3", " 1", "1 ", "1_000", "10.005", "1.2.3", "12,34.50", "1.234.567,001", "0x10",
     "NaN", "١٢", "²", "1.²", "1" * 33, "EUR 10", "10.00 kr", "1..0", "1,.0"],
)  # fmt: skip
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(BadAmount):
        values.hundredths(text)


@given(st.integers(0, 10**9), st.integers(0, 99), st.sampled_from(".,"))
def test_major_units_and_hundredths_agree(whole: int, cents: int, mark: str) -> None:
    assert values.hundredths(f"{whole}{mark}{cents:02d}") == values.hundredths(str(whole * 100 + cents))
    other = ".,"[mark == "."]
    assert values.hundredths(f"{whole:,}".replace(",", other) + f"{mark}{cents:02d}") == whole * 100 + cents


@given(st.text())
def test_clean_takes_out_what_breaks_pages_and_nothing_else(text: str) -> None:
    cleaned = values.clean(text)
    assert not any(c in '<>"\\' or ord(c) < 32 or 127 <= ord(c) < 160 for c in cleaned)
    assert values.clean(cleaned) == cleaned
    rest = iter(text)
    assert all(c in rest for c in cleaned)  # a subsequence: nothing added, nothing moved


@pytest.mark.parametrize("text", ["Test Customer", "Testing Order", "O'Brien & Søn, 2. th.", "李 雷", " padded "])
def test_ordinary_text_comes_back_unchanged(text: str) -> None:
    assert values.clean(text) == text


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("", None, None), ("0", None, None), ("-5", None, None),
        ("1700000000", datetime(2023, 11, 14, 22, 13, 20, 0, UTC), datetime(2023, 11, 14, 22, 13, 20, 999_999, UTC)),
        ("1700000000.7", datetime(2023, 11, 14, 22, 13, 20, 0, UTC), datetime(2023, 11, 14, 22, 13, 20, 999_999, UTC)),
        ("99999999999999", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), datetime.max.replace(tzinfo=UTC)),
    ],
)  # fmt: skip
def test_time_bounds(text: str, start: datetime | None, end: datetime | None) -> None:
    assert values.time_bound("payment_earliest", text) == start
    assert values.time_bound("payment_latest", text, end=True) == end


@pytest.mark.parametrize(
    ("text", "methods"),
    [
        ("", None), ("ALL", None), ("AUTH+ALL", None), ("+", None),
        ("AUTH", {Method.AUTH}), ("auth", {Method.AUTH}),
        ("AUTH+SALE", {Method.AUTH, Method.SALE}), ("AUTH SALE", {Method.AUTH, Method.SALE}),
    ],
)  # fmt: skip
def test_method_filters(text: str, methods: set[Method] | None) -> None:
    assert values.methods("type", text) == methods


def test_filters_that_nobody_knows_are_refused_by_name() -> None:
    for read in (values.methods, values.result, values.time_bound):
        with pytest.raises(Refusal) as caught:
            read("what", "4111111111111111x")
        assert caught.value.message == "Invalid or missing parameter: what"
    assert values.result("result", "WAIT") is Result.WAIT


@pytest.mark.parametrize("text", ["https://shop.example/ipn?id=5&Amount=1", "HTTP://127.0.0.1:9/x y"])
def test_addresses(text: str) -> None:
    assert values.address("ipn", text, absolute=True) == text


@pytest.mark.parametrize("text", ["success.php", "/done?x=1", "//shop.example/done", ""])
def test_a_shopper_may_be_sent_to_a_relative_address(text: str) -> None:
    assert values.address("accepturl", text, absolute=False) == text


@pytest.mark.parametrize(
    "text",
    ["javascript:alert(1)", "JavaScript://x", "data:text/html,x", " javascript:x", "java\nscript:x", "ftp://x/",
     "mailto:a@b", 'https://x/"', "https://x/<b>", "https://", "http:///x", "https://x/" + "a" * 2_048],
)  # fmt: skip
def test_other_addresses_are_refused(text: str) -> None:
    for absolute in (True, False):
        with pytest.raises(Refusal, match="400"):
            values.address("accepturl", text, absolute=absolute)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("4111 1111 1111 1111", "4111111111111111"), ("4111-1111-1111-1111", "4111111111111111"),
        ("378282246310005", "378282246310005"), ("6011111111111117", "6011111111111117"),
        ("30569309025904", "30569309025904"), ("4111\u00a01111\u00a01111\u00a01111", "4111111111111111"),
    ],
)  # fmt: skip
def test_card_numbers(text: str, digits: str) -> None:
    assert values.card_number(text) == digits


def test_card_fields_are_refused_by_name_only() -> None:
    cases = [
        (values.card_number, "cardno", ["", "4111111111111112", "41111111111", "4" * 20, "٤" * 16, "4111a11111111111"]),
        (values.expiry_month, "expmonth", ["", "0", "00", "13", "1.", "١", "012"]),
        (values.expiry_year, "expyear", ["", "3", "203", "1999", "20300", "²0"]),
        (values.security_code, "cvv", ["", "12", "12345", "12a", "١٢٣"]),
    ]
    for read, name, wrong in cases:
        for text in wrong:
            with pytest.raises(BadCard) as caught:
                read(text)
            assert str(caught.value) == name


def test_expiry_is_read_with_and_without_its_zeros() -> None:
    assert [values.expiry_month(t) for t in ("04", "4", "12")] == [4, 4, 12]
    assert [values.expiry_year(t) for t in ("2030", "30")] == [2030, 2030]
    assert [values.security_code(t) for t in ("123", "1234")] == ["123", "1234"]
