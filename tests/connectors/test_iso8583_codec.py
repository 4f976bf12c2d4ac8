"""Bytes and messages: the connector's codec against the tests' own reading of the reference."""

import string

import iso8583
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wire_decoder import LAYOUT, read, write

from ippgateway.connectors.iso8583 import codec
from ippgateway.connectors.iso8583.codec import SPEC, BadMessage, Message, decode, encode, message
from ippgateway.connectors.iso8583.framing import BadFrame, Deframer, frame
from ippgateway.connectors.iso8583.layouts import layout_in, layout_of

_ALPHABETS = {
    "n": string.digits,
    "an": string.digits + string.ascii_letters + " ",
    "ans": "".join(map(chr, range(0x20, 0x7F))),
}


def _values(number: int) -> st.SearchStrategy[str]:
    kind, length, prefix = LAYOUT[number]
    return st.text(_ALPHABETS[kind], min_size=1 if prefix else length, max_size=length)


_FIELDS = st.sets(st.sampled_from(sorted(LAYOUT)), min_size=1).flatmap(
    lambda numbers: st.fixed_dictionaries({number: _values(number) for number in numbers})
)
_TYPES = st.sampled_from(
    ["0100", "0110", "0200", "0210", "0220", "0221", "0230", "0420", "0421", "0430", "0800", "0810"]
)


@given(_TYPES, _FIELDS)
@settings(deadline=None)
def test_what_we_write_a_stranger_reads(mti: str, fields: dict[int, str]) -> None:
    assert read(encode(message(mti, fields))) == (mti, fields)


@given(_TYPES, _FIELDS)
@settings(deadline=None)
def test_what_a_stranger_writes_we_read(mti: str, fields: dict[int, str]) -> None:
    assert decode(write(mti, fields)) == Message(mti, fields)


@given(_TYPES, _FIELDS)
@settings(deadline=None)
def test_the_library_writes_the_same_bytes(mti: str, fields: dict[int, str]) -> None:
    raw, _ = iso8583.encode({"t": mti, **{str(number): value for number, value in fields.items()}}, SPEC)
    assert encode(message(mti, fields)) == bytes(raw)


@given(_TYPES, _FIELDS)
@settings(deadline=None)
def test_the_library_reads_the_same_message_and_is_not_needed_for_it(mti: str, fields: dict[int, str]) -> None:
    raw = write(mti, fields)
    decoded, _ = iso8583.decode(raw, SPEC)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(iso8583, "decode", None)
        ours = decode(raw)
    assert (ours.mti, ours.fields) == (
        decoded["t"],
        {int(key): value for key, value in decoded.items() if key not in "tp1"},
    )


@st.composite
def _damaged(draw: st.DrawFn) -> bytes:
    """Anything at all, or a message with a byte replaced, doubled or left out, or cut short."""
    raw = draw(st.binary(max_size=300) | _FIELDS.map(lambda fields: write("0110", fields)))
    if raw:
        place = draw(st.integers(0, len(raw) - 1))
        raw = raw[:place] + draw(st.binary(max_size=2)) + raw[place + 1 :]
        raw = raw[: draw(st.none() | st.integers(0, len(raw)))]
    return raw


@given(_damaged())
@settings(deadline=None)
def test_damaged_bytes_are_a_message_or_refused_as_the_library_has_it(raw: bytes) -> None:
    found, _ = _decoded(raw)
    try:
        by_library = codec._by_library(raw)
    except BadMessage:
        by_library = None
    assert found == by_library


@given(_damaged())
@settings(deadline=None)
def test_damaged_bytes_are_refused_without_their_content(raw: bytes) -> None:
    found, refused = _decoded(raw)
    if refused is None:
        assert found is not None
        empty_second_bitmap = raw[20:36] == b"0" * 16
        assert empty_second_bitmap or write(found.mti, dict(found.fields)) == raw
    else:
        assert refused.where.startswith("DE ") or refused.where in ("bitmap", "message type")
        assert refused.__context__ is None


def _decoded(raw: bytes) -> tuple[Message | None, BadMessage | None]:
    try:
        return decode(raw), None
    except BadMessage as error:
        return None, error


def test_values_are_filled_to_their_length() -> None:
    filled = message("0800", {4: "1200", 41: "IPP1", 42: "M1", 11: "7"})
    assert filled.fields == {4: "000000001200", 41: "IPP1    ", 42: "M1             ", 11: "000007"}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"0110",
        b"01100000000000000000" + b"0",
        b"0110000000000A000000" + b"1",  # element missing
        b"0110000000000200000",  # bitmap cut short
        b"011000000000020000" + b"00" + b"0!",  # DE 39 is alphanumeric
        b"01100000000a02000000",  # lower case
        b"0110" + b"4000000000000000" + b"+14",  # a length with a sign
        b"0110" + b"4000000000000000" + b" 14",
        b"0110" + b"4000000000000000" + b"00",  # an empty variable element
        b"0110" + b"0800000000000000" + b"1",  # DE 5 is not on the page
        b"0110" + b"8000000000000000" + b"8000000000000000" + b"0" * 16,  # a third bitmap
        b"9110" + b"0000000002000000" + b"00",
    ],
)
def test_what_the_reference_does_not_allow_is_refused(raw: bytes) -> None:
    with pytest.raises(BadMessage):
        decode(raw)


@pytest.mark.parametrize(
    ("mti", "values"),
    [
        ("0100", {4: "1234567890123"}),
        ("0100", {2: "4111 1111"}),
        ("0100", {42: "København"}),
        ("0100", {5: "1"}),
        ("100", {4: "1"}),
        ("0100", {4: "١٢"}),
        ("0100", {41: "A\n"}),
    ],
)
def test_what_the_wire_can_not_express_is_refused(mti: str, values: dict[int, str]) -> None:
    with pytest.raises(BadMessage) as caught:
        message(mti, values)
    assert not any(value in str(caught.value) for value in values.values() if len(value) > 2)


@pytest.mark.parametrize(
    ("mti", "fields", "where"),
    [
        ("0100", {4: "1200"}, "DE 4"),
        ("0100", {12: "000000\n1111", 13: ""}, "DE 12"),
        ("0100", {11: "000001", 128: "0"}, "DE 128"),
        ("01000", {11: "000001"}, "message type"),
    ],
)
def test_no_message_exists_that_the_wire_can_not_express(mti: str, fields: dict[int, str], where: str) -> None:
    with pytest.raises(BadMessage) as caught:
        Message(mti, fields)
    assert caught.value.where == where


def test_the_order_of_elements_is_the_wire_s_own() -> None:
    assert encode(Message("0810", {39: "00", 11: "000001"})) == encode(Message("0810", {11: "000001", 39: "00"}))


def test_a_host_can_not_fill_our_memory_with_sets_of_elements() -> None:
    assert {kept.cache_info().maxsize for kept in (layout_in, layout_of)} == {256}


def test_a_message_shows_its_type_alone() -> None:
    assert repr(message("0100", {2: "4111111111111111"})) == "Message(0100)"


@given(st.lists(st.binary(max_size=40), max_size=8), st.data())
@settings(deadline=None)
def test_frames_survive_every_way_of_cutting_the_stream(messages: list[bytes], data: st.DataObject) -> None:
    stream, deframer, found = b"".join(map(frame, messages)), Deframer(), []
    while stream:
        cut = data.draw(st.integers(1, len(stream)))
        found += deframer.feed(stream[:cut])
        stream = stream[cut:]
    assert found == [m for m in messages if m]


def test_a_frame_of_2048_bytes_passes_and_a_longer_one_does_not() -> None:
    assert list(Deframer().feed(frame(b"x" * 2048))) == [b"x" * 2048]
    with pytest.raises(BadFrame):
        frame(b"x" * 2049)
    with pytest.raises(BadFrame):
        list(Deframer().feed(b"\x08\x01"))
