"""The page of the promises: what was found, when, and since when; and what it says when nobody looked."""

import json
import re
from collections import Counter
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import pytest
from checked import EVERY_S, SENTENCE, Checked
from reader import Seen, ask

from ippgateway.faces import pages
from ippgateway.faces.pages.evidence import SAID
from ippgateway.faces.site import trust_words as words
from ippgateway.faces.site.trust import page_of
from ippgateway.faces.site.trust_plot import drawn
from ippgateway.privacy.trust import Day, Standing
from ippgateway.privacy.trust import Seen as What
from ippgateway.promises.finding import Status, Surface
from ippgateway.promises.register import REGISTER, SECTIONS

LANGUAGES = pytest.mark.parametrize("language", ["en", "da"])
TICK = 'd="M3 8.5l3.5 3.5L13 4.5"'
FACES = Path(pages.__file__).parents[1]


async def page(checked: Checked, language: str = "en") -> str:
    """What the page says, as it is sent."""
    answer = await ask(checked.app, f"/{language}/trust")
    assert answer.status == 200
    return answer.text


def lines(text: str) -> dict[str, str]:
    """What stands of each promise, by its id."""
    parts = re.split(r'<li id="[A-Z]', text)[1:]
    return {Seen(f'<li id="X{part}', mark="data-promise").marked[0]: part.partition("</li>")[0] for part in parts}


@LANGUAGES
async def test_every_promise_of_the_register_stands_there_in_its_section_with_its_words(
    language: str, checked: Checked
) -> None:
    checked.post()
    text = unescape(await page(checked, language))
    shown = lines(text)
    assert list(shown) == [promise.id for promise in REGISTER]
    for section in SECTIONS:
        assert f'<h2 id="{section.key}">{getattr(section.title, language)}</h2>' in text
        for promise in section.promises:
            assert getattr(promise.title, language) in shown[promise.id]


@LANGUAGES
async def test_each_standing_is_told_by_a_word_and_by_a_sign_of_its_own(language: str, checked: Checked) -> None:
    but = dict(zip(("SCOPE-1", "SCOPE-2", "SCOPE-3", "SCOPE-4"), list(Standing)[1:], strict=True))
    checked.post(but)
    shown = lines(await page(checked, language))
    signs = set()
    for promise_id, standing in {"COLLECT-1": Standing.KEPT, **but}.items():
        assert getattr(words.IS[standing], language) in shown[promise_id]
        signs.add(re.search(r"<svg.*?</svg>", shown[promise_id], re.DOTALL)[0])  # type: ignore[index]
        assert (TICK in shown[promise_id]) is (standing is Standing.KEPT)
    assert len(signs) == len(Standing)


@LANGUAGES
async def test_a_line_says_what_was_found_where_when_and_since_when(language: str, checked: Checked) -> None:
    begun = checked.post({"CARD-3": Standing.BROKEN}).at
    checked.clock.advance(3_600)
    kept = checked.post().at
    checked.clock.advance(3_600)
    newest = checked.post().at
    line = lines(await page(checked, language))["CARD-3"]
    assert SENTENCE in line
    assert getattr(words.SURFACES["main database"], language) in line
    assert re.findall(r'datetime="([^"]+)"', line) == [each.isoformat(timespec="seconds") for each in (newest, kept)]
    assert begun.isoformat(timespec="seconds") in lines(await page(checked, language))["CARD-4"]


@LANGUAGES
async def test_the_head_counts_what_is_kept_and_names_what_is_not(language: str, checked: Checked) -> None:
    but = {"CARD-2": Standing.BROKEN, "SEC-3": Standing.UNCHECKED, "SEC-4": Standing.PARTLY}
    checked.post(but)
    text = await page(checked, language)
    assert f"<strong>{len(REGISTER) - 3} {getattr(words.OF, language)} {len(REGISTER)}</strong>" in text
    named = text.partition('class="wanting"')[2].partition("</ul>")[0]
    assert re.findall(r'href="#([A-Z0-9-]+)"', named) == ["CARD-2", "SEC-3"]


async def test_a_check_that_could_not_run_is_never_kept_and_says_when_it_last_could(checked: Checked) -> None:
    could = checked.post().at
    checked.clock.advance(60)
    checked.post({"SEC-3": Standing.UNCHECKED}, evidence="can't be checked: nobody answers")
    line = lines(await page(checked))["SEC-3"]
    assert "could not be checked" in line
    assert "nobody answers" in line
    assert TICK not in line
    assert could.isoformat(timespec="seconds") in line
    assert json.loads((await ask(checked.app, "/trust.json")).text)["counts"]["kept"] == len(REGISTER) - 1


@LANGUAGES
async def test_without_a_result_nothing_counts_as_kept_and_the_page_says_so(language: str, checked: Checked) -> None:
    text = await page(checked, language)
    assert getattr(words.NONE, language) in unescape(text)
    assert list(lines(text)) == [promise.id for promise in REGISTER]
    assert TICK not in text.partition('id="check"')[0]
    told = json.loads((await ask(checked.app, "/trust.json")).text)
    assert told["checked_at"] is None
    assert {promise["status"] for promise in told["promises"]} == {None}
    assert told["counts"]["kept"] == 0


@LANGUAGES
async def test_an_old_result_says_so_and_counts_nothing_as_kept(language: str, checked: Checked) -> None:
    checked.post()
    checked.clock.advance(2 * EVERY_S - 1)
    assert getattr(words.LATE, language) not in unescape(await page(checked, language))
    checked.clock.advance(1)
    text = await page(checked, language)
    assert getattr(words.LATE, language) in unescape(text)
    assert f"{getattr(words.ALL_KEPT, language)}." not in text
    assert TICK not in text.partition('id="check"')[0]
    assert json.loads((await ask(checked.app, "/trust.json")).text)["late"] is True
    checked.post()
    assert getattr(words.LATE, language) not in unescape(await page(checked, language))


@LANGUAGES
@pytest.mark.parametrize("body", [b"", b"{", b'{"at":"2026-03-04T14:02:00"}', b"\xff\xfe", b"[" * 100_000])
async def test_a_result_that_can_not_be_read_says_so(body: bytes, language: str, checked: Checked) -> None:
    checked.path.write_bytes(body)
    text = await page(checked, language)
    assert getattr(words.UNREADABLE, language) in unescape(text)
    assert TICK not in text.partition('id="check"')[0]
    checked.post()
    assert getattr(words.UNREADABLE, language) not in unescape(await page(checked, language))


async def test_a_newer_result_is_shown_without_a_restart_and_an_unchanged_one_is_not_sent_again(
    checked: Checked,
) -> None:
    checked.post({"CARD-3": Standing.BROKEN})
    before = await ask(checked.app, "/en/trust")
    assert (await ask(checked.app, "/en/trust", if_none_match=before.header("etag") or "")).status == 304
    checked.clock.advance(60)
    checked.post()
    after = await ask(checked.app, "/en/trust", if_none_match=before.header("etag") or "")
    assert after.status == 200
    assert TICK in lines(after.text)["CARD-3"]


async def test_what_is_for_programs_says_the_same_as_the_page(checked: Checked) -> None:
    checked.post({"CARD-2": Standing.BROKEN, "VISIT-1": Standing.NOT_BUILT})
    answer = await ask(checked.app, "/trust.json")
    assert answer.header("content-type") == "application/json"
    assert "default-src 'none'" in (answer.header("content-security-policy") or "")
    told, shown = json.loads(answer.text), lines(await page(checked))
    assert [promise["id"] for promise in told["promises"]] == list(shown)
    for promise in told["promises"]:
        assert words.IS[Standing(promise["status"])].en in shown[promise["id"]]
        assert set(promise["title"]) == {"en", "da"}
    assert Counter(promise["status"] for promise in told["promises"]) == {
        status: count for status, count in told["counts"].items() if count and status != "all"
    }
    assert told["days"][-1]["kept"] == told["counts"]["kept"] == len(REGISTER) - 2
    assert (await ask(checked.app, "/trust.json", method="POST")).status == 405


async def test_the_plot_has_a_bar_for_each_day_that_somebody_looked_and_its_numbers_as_a_table(
    checked: Checked,
) -> None:
    for pause_days, broken in ((0, 1), (1, 2), (3, 0)):
        checked.clock.advance(timedelta(days=pause_days).total_seconds())
        checked.post({promise.id: Standing.BROKEN for promise in REGISTER[:broken]})
    text = await page(checked)
    figure, table = (text.partition(f"<{tag}")[2].partition(f"</{tag}>")[0] for tag in ('figure class="days"', "table"))
    assert figure.count("<g>") == 3
    assert "108 kept" in figure
    numbers = [re.findall(r">(\d+)<", row) for row in table.split("<tr>")[2:]]
    assert numbers == [[str(len(REGISTER) - broken), "0", "0", str(broken), "0"] for broken in (0, 2, 1)]


def test_a_bar_is_as_high_as_its_numbers_and_a_plot_as_wide_as_its_days() -> None:
    first = Day(day=date(2026, 1, 1), kept=1, partly=1, broken=0, unchecked=0, not_built=2)
    plot = drawn([first])
    assert plot is not None
    assert [(piece.standing, piece.top, piece.height) for piece in plot.bars[0].pieces] == [
        (Standing.KEPT, 75, 25), (Standing.PARTLY, 50, 25), (Standing.NOT_BUILT, 0, 50),
    ]  # fmt: skip
    assert plot.bars[0].left < plot.width
    assert drawn([]) is None


def test_a_promise_that_came_after_the_result_is_not_kept() -> None:
    assert {told.sign for told in page_of(SECTIONS, What()).promises} == {"unknown"}


@pytest.mark.parametrize(
    ("seconds", "en", "da"),
    [
        (21_600, "again every 6 hours", "igen hver 6. time"),
        (3_600, "again every hour", "igen hver time"),
        (90, "again every 90 seconds", "igen hvert 90. sekund"),
        (172_800, "again every 2 days", "igen hver 2. dag"),
        (0, "by hand, without a timetable", "i hånden, uden tidsplan"),
    ],
)
def test_how_often_somebody_looks_is_said_as_people_say_it(seconds: int, en: str, da: str) -> None:
    assert words.every(seconds) == type(words.BY_HAND)(en=en, da=da)


def test_whatever_a_check_can_say_has_words() -> None:
    assert set(words.SURFACES) >= {surface.value for surface in Surface}
    assert {status.value for status in Status} | {"not checked"} == {standing.value for standing in Standing}
    assert set(words.IS) == set(words.WAS) == set(words.MEANS) == set(SAID) == set(Standing)


# --- the tick beside what a promise is about ---


@LANGUAGES
@pytest.mark.parametrize("path", ["", "/privacy"])
async def test_a_tick_stands_only_beside_what_was_found_kept_and_leads_to_its_line(
    path: str, language: str, checked: Checked
) -> None:
    assert TICK not in (await ask(checked.app, f"/{language}{path}")).text
    at = checked.post().at
    text = (await ask(checked.app, f"/{language}{path}")).text
    shown = re.findall(r'<a class="proof" data-promise="([A-Z0-9-]+)" href="([^"]+)">(.*?)</a>', text)
    assert shown
    for promise_id, address, said in shown:
        assert address == f"/{language}/trust#{promise_id}"
        assert TICK in said
        assert at.isoformat(timespec="seconds") in said
    assert text.count(TICK) == len(shown)
    checked.post({promise_id: Standing.PARTLY for promise_id, _, _ in shown})
    assert TICK not in (await ask(checked.app, f"/{language}{path}")).text
    checked.post()
    checked.clock.advance(2 * EVERY_S)
    assert TICK not in (await ask(checked.app, f"/{language}{path}")).text


def test_every_promise_that_a_page_names_is_in_the_register() -> None:
    named = {
        promise
        for template in FACES.rglob("*.html")
        for promise in re.findall(r'(?:evidence|standing|promise=|proof=)\(?"([A-Z]+-\d+)"', template.read_text())
    }
    assert named
    assert named <= {promise.id for promise in REGISTER}


@LANGUAGES
async def test_every_page_leads_to_it(language: str, checked: Checked) -> None:
    for path in ("", "/privacy", "/terms", "/trust"):
        assert f'href="/{language}/trust"' in (await ask(checked.app, f"/{language}{path}")).text
