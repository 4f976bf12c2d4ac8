"""Parameters: PHP's brackets, three encodings, limits (wire contract 2.2 and 2.3)."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ippgateway.faces.classic import parameters
from ippgateway.faces.classic.parameters import DEEPEST, MOST_PARAMETERS, merged, multipart, nested, url_encoded
from ippgateway.faces.classic.refusals import Refusal


@pytest.mark.parametrize(
    ("body", "tree"),
    [
        ("meta%5Bcompany%5D%5Bname%5D=X", {"meta": {"company": {"name": "X"}}}),
        ("personel[K][files][data][passport]=1", {"personel": {"K": {"files": {"data": {"passport": "1"}}}}}),
        ("a[]=1&a[]=2", {"a": {"0": "1", "1": "2"}}),
        ("a[5]=1&a[]=2", {"a": {"5": "1", "6": "2"}}),
        ("product[1][name]=b&product[0][name]=a", {"product": {"1": {"name": "b"}, "0": {"name": "a"}}}),
        ("a[][x]=1&a[][x]=2", {"a": {"0": {"x": "1"}, "1": {"x": "2"}}}),
        ("acquirers[aB3d-E5fg-7Hij]=on", {"acquirers": {"aB3d-E5fg-7Hij": "on"}}),
        ("d[shop.example_1-X]=1", {"d": {"shop.example_1-X": "1"}}),
        ("a=1&a=2", {"a": "2"}),
        ("a=1&a[b]=2", {"a": {"b": "2"}}),
        ("a[b]=2&a=1", {"a": "1"}),
        ("&=&=x&a=", {"a": ""}),
        ("a", {"a": ""}),
        ("a[b=1", {"a[b": "1"}),
        ("[a]=1", {"[a]": "1"}),
        ("a]=1", {"a]": "1"}),
        ("a[b]c=1", {"a": {"b": "1"}}),
        ("a[b]c[d]=1", {"a": {"b": "1"}}),
        ("a[b][c=1", {"a": {"b": "1"}}),
        ("a=%FF%zz+b", {"a": "\ufffd%zz b"}),
        ("a=1;b=2", {"a": "1;b=2"}),
    ],
)  # fmt: skip
def test_brackets_are_read_as_php_reads_them(body: str, tree: dict[str, object]) -> None:
    assert nested(url_encoded(body)) == tree


def test_insertion_order_is_kept() -> None:
    assert list(nested(url_encoded("p[1]=b&p[0]=a"))["p"]) == ["1", "0"]


def test_the_body_wins_on_equal_names_and_lists_are_not_mixed() -> None:
    assert merged([("a", "q"), ("l[]", "q"), ("b", "q")], [("a", "b"), ("l[]", "b")]) == {
        "b": "q",
        "a": "b",
        "l": {"0": "b"},
    }


def test_as_deep_as_allowed_and_no_deeper() -> None:
    assert nested([("a" + "[x]" * (DEEPEST - 1), "1")])
    with pytest.raises(Refusal, match="400"):
        nested([("a" + "[x]" * DEEPEST, "1")])


def test_as_many_as_allowed_and_no_more() -> None:
    assert len(nested(url_encoded("&".join(f"a{n}=1" for n in range(MOST_PARAMETERS))))) == MOST_PARAMETERS
    for read in (url_encoded, lambda text: list(merged([(text, "")] * MOST_PARAMETERS, [(text + "b", "")]))):
        with pytest.raises(Refusal, match="400"):
            read("&".join(["a=1"] * (MOST_PARAMETERS + 1)))


def part(name: str, value: bytes, extra: str = "") -> bytes:
    return f'--B\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n\r\n'.encode() + value + b"\r\n"


def test_multipart_scalars_are_read_and_files_dropped() -> None:
    file = part("file", b"\x00\xff", '; filename="x"\r\nContent-Type: image/png')
    body = part("id", b"1") + file + part("value[company][name]", "Bødker".encode()) + part("empty", b"") + b"--B--\r\n"
    assert multipart("multipart/form-data; boundary=B", body) == [
        ("id", "1"),
        ("value[company][name]", "Bødker"),
        ("empty", ""),
    ]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"--B--\r\n"),
        ("multipart/form-data; boundary=", b"--B--\r\n"),
        ("multipart/form-data; boundary=B", b"nothing of the kind"),
        ("multipart/form-data; boundary=B", part("a", b"1")),
        ("multipart/form-data; boundary=B", part("a", b"1", "\r\n" + "x" * 9_000)),
        ("multipart/form-data; boundary=B", part("a", b"1") * (MOST_PARAMETERS + 1) + b"--B--\r\n"),
        ("multipart/form-data; boundary=" + "B" * 5_000, b"x"),
    ],
)
def test_a_malformed_multipart_body_is_refused(kind: str, body: bytes) -> None:
    with pytest.raises(Refusal, match="400"):
        multipart(kind, body)


@given(st.binary(max_size=300))
def test_any_multipart_bytes_are_read_or_refused(noise: bytes) -> None:
    for body in (noise, part("a", noise) + b"--B--\r\n", part("a", b"1") + noise):
        with contextlib.suppress(Refusal):
            multipart("multipart/form-data; boundary=B", body)


NAME = st.text(alphabet="ab[]0=&%+.- \0é", max_size=24)


@given(st.lists(st.tuples(NAME, st.text(max_size=8)), max_size=12))
def test_any_names_make_a_tree_of_text(pairs: list[tuple[str, str]]) -> None:
    with contextlib.suppress(Refusal):
        assert depth(nested(pairs)) <= DEEPEST


def depth(tree: "parameters.Params | str") -> int:
    if isinstance(tree, str):
        return 0
    assert all(isinstance(key, str) for key in tree)
    return 1 + max(map(depth, tree.values()), default=0)
