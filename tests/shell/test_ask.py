"""A request is read within bounds, and what is read is plain text."""

import pytest
from face import ORIGIN, Door, ask, face, house, send_form
from hypothesis import given
from hypothesis import strategies as st

from ippgateway.faces.shell.ask import fields_of, inside


async def test_a_form_that_is_too_large_is_not_read_to_its_end(door: Door) -> None:
    answer = await send_form(face(house()), "/open", b"said=" + b"x" * 70_000)
    assert answer.status == 413
    pieces = [b"said=x"] + [b"x" * 9_000] * 100
    answer = await ask(
        face(house()), "/open", method="POST", body=pieces, origin=ORIGIN, sec_fetch_site="same-origin"
    )  # fmt: skip
    assert answer.status == 413


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/json", "text/plain"])
async def test_a_form_of_another_kind_is_refused(door: Door, kind: str) -> None:
    assert (await send_form(face(house()), "/open", b"said=x", content_type=kind)).status == 415


@pytest.mark.parametrize("body", [b"said=\xff\xfe", b"said=%00", b"&" * 60_000, b"said=1&" * 300, b"%", b""])
async def test_odd_forms_are_empty_ones(door: Door, body: bytes) -> None:
    answer = await send_form(face(house()), "/open", body)
    assert answer.status == 200
    assert '<p id="said"></p>' in answer.text


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"said=%C3%A6%C3%B8+%26+%3Cb%3E", "æø &amp; &lt;b&gt;"),
        (b"said=+one+&said=two%0A", "two"),
        (b"said=%F0%9F%98%80", "😀"),
        (b"said=%ED%A0%80", "���"),
        (b"said={{7*7}}", "{{7*7}}"),
    ],
)
async def test_what_was_typed_comes_back_as_text(door: Door, body: bytes, said: str) -> None:
    answer = await send_form(face(house()), "/open", body)
    assert f'<p id="said">{said}</p>' in answer.text


async def test_boxes_that_were_ticked_all_arrive(door: Door) -> None:
    answer = await send_form(face(house()), "/open", b"each=a&each=b&each=a")
    assert answer.text.count('<p class="each">') == 3


async def test_whoever_goes_away_while_sending_gets_no_answer(door: Door) -> None:
    answer = await ask(
        face(house()), "/open", method="POST", body=[], origin=ORIGIN, sec_fetch_site="same-origin"
    )  # fmt: skip
    assert answer.status == 0


@pytest.mark.parametrize(
    "address",
    ["//evil.example", "/\\evil.example", "https://evil.example", "evil", "", "/a b", "/\r\nx: y", "/" + "a" * 3_000,
     "javascript:alert(1)", "/a#b", "/\u2028"],
)  # fmt: skip
def test_nobody_is_led_outside(address: str) -> None:
    assert inside(address) == "/"


@pytest.mark.parametrize("address", ["/", "/payments?q=A-1&before=x%2Fy", "/payments/Paym-0000-0001"])
def test_a_path_of_ours_is_led_to(address: str) -> None:
    assert inside(address) == address


@given(st.binary(max_size=6_000))
def test_any_query_can_be_read(query: bytes) -> None:
    fields = fields_of({"type": "http", "query_string": query})
    assert sum(len(values) for values in fields.values()) <= 200


async def test_a_filter_keeps_the_others(door: Door) -> None:
    page = (await ask(face(house()), "/look", query="state=captured&q=%22%3E&lang=da")).text
    assert 'href="/look?state=captured&amp;q=%22%3E&amp;lang=da&amp;before=next-cursor" rel="next"' in page
    assert 'href="/look?state=captured&amp;q=%22%3E&amp;lang=da" rel="first"' in page
