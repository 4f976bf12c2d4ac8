"""The link against a scripted host: what is certain, what is unknown, and how it comes back."""

import asyncio
import io
from dataclasses import replace

import pytest
from fake_host import BOUND_S, FakeHost, until
from link_bench import CALM, HASTY, Fixed, Pauses, ask, link_to, linked, ready, why_not_sent, why_unknown
from samples import PAN, SECURITY_CODE, VALUE, authorisation, reversal_of

from gates import way
from ippgateway.connectors.iso8583 import messages
from ippgateway.connectors.iso8583.connection import Answers, Connection
from ippgateway.connectors.iso8583.link import Iso8583Link
from ippgateway.core import log
from ippgateway.core.secret import Secret
from ippgateway.domains.payments.ports import (
    Approved,
    CardData,
    Declined,
    DeclineReason,
    NotSent,
    NotSentReason,
    UnknownReason,
)
from ippgateway.privacy.catalogue import ACQUIRER, PAYMENT


async def test_the_first_message_of_a_connection_is_a_sign_on_and_the_last_a_sign_off() -> None:
    async with linked() as (link, host):
        assert link.metrics.signed_on
        assert host.codes() == ["001"]
    assert host.codes() == ["001", "002"]
    assert [arrived.fields[41] for arrived in host.network] == ["IPPNET00", "IPPNET00"]
    assert not link.metrics.signed_on
    assert await why_not_sent(link) is NotSentReason.LINK_DOWN


async def test_200_in_flight_are_answered_in_any_order() -> None:
    async with linked() as (link, host):
        tasks = [ask(link, number) for number in range(200)]
        arrived = await host.all_arrived(200)
        assert link.metrics.in_flight == 200
        for request in sorted(arrived, key=lambda a: int(a.fields[11]) * 7919 % 211):
            request.answer(de38=request.fields[11]) if int(request.fields[11]) % 3 else request.answer("51")
        answers = await asyncio.gather(*tasks)
        for number, answer in enumerate(answers):
            stan = f"{number + 1:06d}"
            if (number + 1) % 3:
                assert answer == Approved(auth_code=stan, rrn="606323" + stan, response_code="00")
            else:
                assert isinstance(answer, Declined)
                assert answer.reason is DeclineReason.INSUFFICIENT_FUNDS
        assert link.metrics.in_flight == 0


async def test_the_same_stan_at_two_terminals_is_two_payments() -> None:
    async with linked() as (link, host):
        first, second = ask(link, 5), ask(link, 5 + 999_999)
        one, other = await host.all_arrived(2)
        assert one.fields[11] == other.fields[11]
        other.answer("05")
        assert isinstance(await second, Declined)
        one.answer()
        assert isinstance(await first, Approved)


async def test_a_reversal_and_its_repeat_are_acknowledged() -> None:
    async with linked() as (link, host):
        for repeat, mti in ((False, "0420"), (True, "0421")):
            task = asyncio.create_task(link.reverse(reversal_of(authorisation(), repeat=repeat)))
            request = await host.arrived()
            assert request.mti == mti
            assert request.fields[90][:20] == "0100" + "000001" + "0304233009"
            request.answer()
            await task


async def test_a_timer_that_runs_out_leaves_the_outcome_unknown_and_the_late_answer_changes_nothing() -> None:
    async with linked(HASTY) as (link, host):
        task = ask(link)
        request = await host.arrived()
        assert await why_unknown(task) is UnknownReason.TIMEOUT
        assert link.metrics.in_flight == 0
        request.answer()
        await until(lambda: link.metrics.late == 1)
        assert (link.metrics.duplicates, link.metrics.unmatched) == (0, 0)


async def test_a_second_answer_is_counted_and_ignored() -> None:
    async with linked() as (link, host):
        task = ask(link)
        request = await host.arrived()
        request.writer.write(request.reply() + request.reply("05"))
        assert isinstance(await task, Approved)
        await until(lambda: link.metrics.duplicates == 1)


async def test_an_answer_to_nothing_and_a_request_of_the_host_are_counted_and_ignored() -> None:
    async with linked() as (link, host):
        task = ask(link)
        request = await host.arrived()
        request.answer(de11="999999")
        request.writer.write(replace(request, mti="0800").reply().replace(b"0810", b"0800"))
        request.answer()
        assert isinstance(await task, Approved)
        assert link.metrics.unmatched == 2
        assert link.metrics.garbled == 0


async def test_a_connection_lost_after_sending_leaves_all_unknown_and_is_made_anew() -> None:
    async with linked() as (link, host):
        tasks = [ask(link, number) for number in range(20)]
        arrived = await host.all_arrived(20)
        arrived[0].writer.transport.abort()
        assert {await why_unknown(task) for task in tasks} == {UnknownReason.CONNECTION_LOST}
        await until(lambda: host.codes() == ["001", "001"] and link.metrics.signed_on)
        assert link.metrics.reconnects == 1
        task = ask(link, 100)
        (await host.arrived()).answer()
        assert isinstance(await task, Approved)


async def test_an_answer_over_the_next_connection_counts_as_late() -> None:
    async with linked() as (link, host):
        task = ask(link)
        request = await host.arrived()
        request.writer.transport.abort()
        assert await why_unknown(task) is UnknownReason.CONNECTION_LOST
        await until(lambda: len(host.lines) == 2 and link.metrics.signed_on)
        host.lines[1].write(request.reply())
        await until(lambda: link.metrics.late == 1)


async def test_without_a_connection_nothing_is_sent() -> None:
    async with FakeHost() as host:
        link = link_to(host.port)
        assert await why_not_sent(link) is NotSentReason.LINK_DOWN
        await link.close()
    assert host.requests.empty()


async def test_before_the_sign_on_is_answered_nothing_is_sent() -> None:
    async with FakeHost(answers_network=False) as host, link_to(host.port) as link:
        await until(lambda: host.codes() == ["001"])
        assert await why_not_sent(link) is NotSentReason.LINK_DOWN


async def test_a_refused_sign_on_is_tried_again_and_nothing_is_sent_meanwhile() -> None:
    async with FakeHost(sign_on_code="91") as host, link_to(host.port) as link:
        await until(lambda: len(host.network) >= 3)
        assert await why_not_sent(link) is NotSentReason.LINK_DOWN
        host.sign_on_code = "00"
        await ready(link)


@pytest.mark.parametrize(("largest", "factor"), [(False, 0.5), (True, 0.9995)])
async def test_pauses_double_up_to_a_limit_with_a_random_part(largest: bool, factor: float) -> None:
    async with FakeHost() as host:
        port = host.port
    clock = Pauses()
    link = Iso8583Link(
        way=way(ACQUIRER, PAYMENT),
        host="127.0.0.1",
        port=port,
        clock=clock,
        randomness=Fixed(largest=largest),
        settings=CALM,
    )
    async with link:
        await until(lambda: len(clock.slept) >= 8)
    expected = [0.1, 0.2, 0.4, 0.8, 1.6, 3.0, 3.0, 3.0]
    assert clock.slept[:8] == pytest.approx([factor * pause for pause in expected])


async def test_a_host_that_comes_back_is_signed_on_to_again() -> None:
    async with linked() as (link, host):
        port = host.port
        assert host.server is not None
        host.server.close()
        host.lines[0].transport.abort()
        await until(lambda: not link.metrics.signed_on)
        async with FakeHost(port=port) as successor:
            await ready(link)
            assert successor.codes() == ["001"]
            assert link.metrics.reconnects == 1


async def test_an_idle_line_is_tested_and_a_missed_echo_ends_it() -> None:
    restless = replace(CALM, echo_idle_s=0.01, echo_timeout_s=0.05, sign_on_timeout_s=0.05)
    async with linked(restless) as (link, host):
        await until(lambda: host.codes().count("301") >= 2)
        assert link.metrics.reconnects == 0
        host.answers_network = False
        await until(lambda: host.ended == 1)
        host.answers_network = True
        await until(lambda: len(host.lines) >= 2 and link.metrics.signed_on)
        assert link.metrics.reconnects >= 1


async def test_frames_may_be_split_and_merged_and_keep_alives_lie_between() -> None:
    async with linked() as (link, host):
        tasks = [ask(link, number) for number in range(3)]
        one, two, three = await host.all_arrived(3)
        stream = b"\0\0" + one.reply() + b"\0\0\0\0" + two.reply("05") + three.reply()
        for at in range(0, len(stream) - 40, 7):
            one.writer.write(stream[at : min(at + 7, len(stream) - 40)])
            await one.writer.drain()
            await asyncio.sleep(0)
        one.writer.write(stream[-40:])
        found = await asyncio.gather(*tasks)
        assert [type(answer) for answer in found] == [Approved, Declined, Approved]
        assert link.metrics.garbled == 0


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x08\x01" + b"0" * 2049,  # longer than any message
        b"\xff\xff",
        b"\x00\x05hello",
        b"\x00\x140110000000000200000000",  # no key
        b"GET / HTTP/1.1\r\n\r\n",
    ],
)
async def test_garbage_ends_the_connection_and_makes_what_was_in_flight_unknown(garbage: bytes) -> None:
    async with linked() as (link, host):
        task = ask(link)
        request = await host.arrived()
        request.writer.write(garbage + request.reply())
        assert await why_unknown(task) is UnknownReason.CONNECTION_LOST
        await until(lambda: len(host.lines) == 2 and link.metrics.signed_on)
        assert link.metrics.garbled == 1


async def test_more_than_the_limit_in_flight_are_not_sent() -> None:
    async with linked(replace(CALM, most_in_flight=2)) as (link, host):
        tasks = [ask(link, number) for number in range(2)]
        arrived = await host.all_arrived(2)
        assert await why_not_sent(link, 2) is NotSentReason.TOO_MANY_IN_FLIGHT
        for request in arrived:
            request.answer()
        await asyncio.gather(*tasks)
        assert host.requests.empty()


async def test_a_message_that_is_in_flight_is_not_sent_again() -> None:
    async with linked() as (link, host):
        task = ask(link)
        request = await host.arrived()
        assert await why_not_sent(link) is NotSentReason.ALREADY_IN_FLIGHT
        request.answer()
        assert isinstance(await task, Approved)


class _Stuck(asyncio.Transport):
    """A transport whose other end does not read."""

    def get_write_buffer_size(self) -> int:
        return 262_145

    def is_closing(self) -> bool:
        return False


async def test_a_host_that_does_not_read_is_not_written_to_without_limit() -> None:
    connection = Connection(Answers())
    connection.connection_made(_Stuck())
    with pytest.raises(NotSent) as caught:
        await connection.ask(messages.authorisation(authorisation()), timeout_s=BOUND_S)
    assert caught.value.reason is NotSentReason.CONGESTED


async def test_what_the_wire_can_not_express_is_not_sent() -> None:
    async with linked() as (link, host):
        long_number = CardData(pan=Secret("4" * 20), expiry_month=1, expiry_year=2030)
        with pytest.raises(NotSent) as caught:
            await link.authorise(authorisation(card=long_number))
        assert caught.value.reason is NotSentReason.UNREPRESENTABLE
        assert host.requests.empty()


async def test_an_approval_of_another_amount_is_unknown() -> None:
    async with linked() as (link, host):
        task = ask(link)
        (await host.arrived()).answer(de4="000000000001")
        assert await why_unknown(task) is UnknownReason.UNUSABLE_ANSWER


async def test_closing_waits_for_what_is_in_flight() -> None:
    async with linked() as (link, host):
        task = ask(link)
        request = await host.arrived()
        closing = asyncio.create_task(link.close())
        await until(lambda: not link.metrics.signed_on)
        assert await why_not_sent(link, 1) is NotSentReason.LINK_DOWN
        request.answer()
        assert isinstance(await task, Approved)
        await closing
        assert host.codes() == ["001", "002"]


async def test_a_caller_that_goes_away_leaves_nothing_behind() -> None:
    async with linked() as (link, host):
        task = ask(link)
        request = await host.arrived()
        task.cancel()
        await asyncio.wait({task})
        assert link.metrics.in_flight == 0
        request.answer()
        await until(lambda: link.metrics.late == 1)


async def test_nothing_of_a_card_is_ever_written(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    written = io.StringIO()
    monkeypatch.setattr(log, "_stream", written)
    shown = []
    async with linked(HASTY) as (link, host):
        for connections, spoil in (
            (1, lambda _: None),  # no answer in time
            (1, lambda r: r.answer("10")),  # neither yes nor no
            (2, lambda r: r.writer.write(b"\0\x30" + r.raw[:48])),  # a mutilated message with the card in it
        ):
            task = ask(link, len(shown))
            spoil(await host.arrived())
            await asyncio.wait({task})
            shown.append(repr(task.exception()) + repr(task) + repr(link) + repr(link.metrics))
            await until(lambda n=connections: len(host.lines) == n and link.metrics.signed_on)
    assert "link.lost" in written.getvalue()
    everything = "".join([*shown, written.getvalue(), caplog.text, *capfd.readouterr()])
    for secret in (PAN, PAN[6:], SECURITY_CODE + "06", VALUE):
        assert secret not in everything
