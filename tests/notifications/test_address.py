"""The address as the shop gave it, the two parameters added to it, and its form on the wire (wire contract 8.7)."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ippgateway.connectors.notify.sender import wire_form
from ippgateway.domains.notifications.service import called

ID, KEY = "0abC-1deF-2ghI", "aB3dE6gH"
ADDED = f"transaction_id={ID}&transaction_key={KEY}"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://shop.example/ipn", f"https://shop.example/ipn?{ADDED}"),
        ("https://shop.example", f"https://shop.example?{ADDED}"),
        (
            "https://shop.example/?wc-api=WC_IPP&wooorderid=17",
            f"https://shop.example/?wc-api=WC_IPP&wooorderid=17&{ADDED}",
        ),
        ("https://shop.example/c.php?id=9&Amount=12.00#x", f"https://shop.example/c.php?id=9&Amount=12.00&{ADDED}#x"),
        ("https://shop.example/#a?b", f"https://shop.example/?{ADDED}#a?b"),
        ("https://shop.example/?", f"https://shop.example/?{ADDED}"),
        ("https://shop.example/?a=1&", f"https://shop.example/?a=1&{ADDED}"),
        ("https://shop.example/?u=%2F%3Fy&%zz+ +", f"https://shop.example/?u=%2F%3Fy&%zz+ +&{ADDED}"),
    ],
)  # fmt: skip
def test_the_parameters_are_added_to_what_is_there(url: str, expected: str) -> None:
    assert called(url, transaction_id=ID, transaction_key=KEY) == expected


paths = st.text(st.characters(codec="utf-8", exclude_characters="?#"), max_size=30)
texts = st.text(st.characters(codec="utf-8", exclude_characters="#"), max_size=30)


@given(path=paths, query=st.none() | texts, fragment=st.none() | texts)
def test_nothing_of_the_shops_own_is_lost_or_changed(path: str, query: str | None, fragment: str | None) -> None:
    before = f"https://shop.example/{path}" + (f"?{query}" if query is not None else "")
    end = f"#{fragment}" if fragment is not None else ""
    result = called(before + end, transaction_id=ID, transaction_key=KEY)
    assert result.startswith(before)
    assert result.endswith(ADDED + end)
    assert len(result) - len(before + end) - len(ADDED) in (0, 1)


words = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), max_size=12)


@given(pairs=st.lists(st.tuples(words, words), max_size=5))
def test_a_shop_reads_its_own_parameters_and_ours_beside_them(pairs: list[tuple[str, str]]) -> None:
    query = "&".join(f"{quoted(name)}={quoted(value)}" for name, value in pairs)
    result = called(f"https://shop.example/?{query}", transaction_id=ID, transaction_key=KEY)
    read = parse_qsl(urlsplit(str(wire_form(result))).query, keep_blank_values=True)
    assert read == [*pairs, ("transaction_id", ID), ("transaction_key", KEY)]


def quoted(text: str) -> str:
    """What a careless shop encodes: the signs that would break its query apart, and no others."""
    return "".join(f"%{ord(c):02X}" if c in "%&=#+;" else c for c in text)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://shop.example/a//b/../c?x=%41&y=%zz&[z]=1,2", "/a//b/../c?x=%41&y=%zz&[z]=1,2"),
        ("http://shop.example/kø b?navn=Åse", "/k%C3%B8%20b?navn=%C3%85se"),
        ("http://shop.example?x", "/?x"),
        ("http://shop.example/a#b", "/a"),
    ],
)
def test_only_what_http_cant_carry_is_encoded(url: str, expected: str) -> None:
    assert wire_form(url).raw_path_qs == expected


def test_a_name_beyond_ascii_is_asked_for_in_its_dns_form() -> None:
    assert wire_form("https://bücher.example/").raw_host == "xn--bcher-kva.example"


@pytest.mark.parametrize(
    "url",
    [
        "", "shop.example/ipn", "//shop.example/", "ftp://shop.example/", "file:///etc/passwd", "https://", "https:///x",
        "https:shop.example", "http://shop.example\r\nHost: other/", "http://shop.example/\r\nX: y", "http://a b/",
        "http://shop.example:0/", "http://shop.example:99999/", "http://[::1/", "http://shop\\@other/", "gopher://x/",
        "http://shop.example/" + "x" * 9000, "http://shop.example/\x00", "http://" + "ü" * 70 + ".example/",
    ],
)  # fmt: skip
def test_what_is_no_http_address_is_refused_without_being_quoted(url: str) -> None:
    with pytest.raises(ValueError, match=r"^not an address$") as caught:
        wire_form(url)
    assert caught.value.__cause__ is None
    assert url not in str(caught.value) or not url


@given(st.text(max_size=60))
def test_no_text_at_all_breaks_the_reading_or_gets_a_line_break_onto_the_wire(text: str) -> None:
    for url in (text, f"http://{text}", f"http://shop.example/{text}"):
        try:
            form = wire_form(url)
        except ValueError:
            continue
        assert str(form).isascii()
        assert str(form).isprintable()
        assert " " not in str(form)
