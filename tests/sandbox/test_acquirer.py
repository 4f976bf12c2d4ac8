"""The acquirer host against a client whose bytes are written by hand."""

import asyncio
import json
from pathlib import Path

import pytest
from hosting import Start
from raw8583 import PAN, Client, code_of, frame, network, request, reversal, stan_of

from ippsandbox.acquirer.journal import Journal, JournalDamaged, open_journal
from ippsandbox.acquirer.line import TcpLine
from ippsandbox.cards import DEMO_CARDS


async def test_network_messages_are_answered_and_payments_wait_for_the_sign_on(start: Start) -> None:
    running = await start()
    client = await Client.connect(running.port, sign_on=False)
    assert await client.silent()
    assert code_of(await client.ask(request())) == "91"
    answer = await client.ask(network("001", stan="000042"))
    assert answer == "0810" + "82200000028000000400000000000000" + "0614120000" + "000042" + "00" + "TERM0001" + "001"
    assert code_of(await client.ask(request())) == "00"
    assert (await client.ask(network("002"))).endswith("00TERM0001002")
    assert code_of(await client.ask(request(stan="000101"))) == "91"
    assert len(running.host.books) == 1
    await client.close()


async def test_an_approval_echoes_the_request_and_is_booked(start: Start) -> None:
    running = await start()
    client = await Client.connect(running.port)
    answer = await client.ask(request("0200"))
    assert answer == (
        "0210322000010EC08000" + "000000" + "000000012550" + "0614120001" + "000100" + "06112233" + "616512000100"
        "A1B2C3" + "00" + "TERM0001" + "MERCHANT0000001" + "208"
    )
    assert await running.get("/books") == [
        {
            "mti": "0200",
            "terminal": "TERM0001",
            "stan": "000100",
            "transmitted_at": "0614120001",
            "rrn": "616512000100",
            "amount_minor": 12550,
            "currency": "208",
            "card": "411111******1111",
            "response_code": "00",
            "state": "approved",
            "kind": "sale",
            "held_minor": 0,
            "captured_minor": 12550,
            "refunded_minor": 0,
        }
    ]
    await client.close()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"pan": "4111111111111112"}, "14"),
        ({"expiry": "2605"}, "54"),
        ({"expiry": "2606"}, "00"),
        ({"amount": "000000000000"}, "13"),
        ({"private": "0503000"}, "82"),
        ({"private": "05040000"}, "82"),
        ({"pan": DEMO_CARDS["decline_lost_card"]}, "41"),
        ({"pan": DEMO_CARDS["decline_authentication_required"]}, "1A"),
        ({"pan": DEMO_CARDS["approve_amex"]}, "00"),
        ({"pan": DEMO_CARDS["approve_diners"]}, "00"),
    ],
)
async def test_what_the_card_and_the_data_decide(start: Start, change: dict[str, str], code: str) -> None:
    running = await start()
    client = await Client.connect(running.port)
    assert code_of(await client.ask(request(**change))) == code
    state = "approved" if code == "00" else "declined"
    amount_minor = int(change.get("amount", "12550"))
    assert await running.get("/books/totals") == {
        "208": {
            state: {"count": 1, "amount_minor": amount_minor},
            "held_minor": amount_minor if code == "00" else 0,
            "captured_minor": 0,
            "refunded_minor": 0,
        }
    }
    await client.close()


async def test_messages_that_break_the_format_are_refused_and_never_booked(start: Start) -> None:
    running = await start()
    client = await Client.connect(running.port)
    good = request()[2:].decode()
    broken = [
        good.replace("81259", "81208"),  # entry mode against condition code
        good.replace("616512000100", "616512000101"),  # retrieval reference against STAN
        good.replace("0130102050503123", "0139902050503123"),  # unknown tag in DE 48
        good.replace("0130102050503123", "0130503123010205"),  # tags out of order
        good.replace("0130102050503123", "0200102050503123"),  # DE 48 longer than the rest
        good + "0",  # something left over
        good.replace(" 208", " DNK"),  # country in letters
        good.replace("1400010614", "2500010614"),  # no such hour
        good.replace("723C448108E18000", "723C448108E08000"),  # bitmap without the DE 48 that is there
    ]
    for text in broken:
        answer = await client.ask(frame(text))
        assert answer.startswith("0110")
        assert "30TERM0001" in answer
    assert len(running.host.books) == 0
    assert running.host.counts["format_error"] == len(broken)
    await client.close()


async def test_what_cannot_be_answered_is_dropped_and_counted(start: Start) -> None:
    running = await start()
    client = await Client.connect(running.port)
    client.send(frame("0300" + "8220000000800000" + "0400000000000000"))
    client.send(frame("0110" + "322000010AC08000"))
    client.send(frame("not a message"))
    client.send(frame(request()[2:70].decode()))  # cut short before the terminal
    client.send(b"\0\0")  # a keep-alive
    assert await client.silent()
    assert running.host.counts["unknown_type"] == 2
    assert running.host.counts["undecodable"] == 1
    client.send(b"\x08\x01")  # announces 2,049 bytes
    assert await client.closed()
    await client.close()


async def test_a_repeat_gets_the_stored_answer_and_is_booked_once_also_after_a_restart(start: Start) -> None:
    running = await start()
    client = await Client.connect(running.port)
    first = await client.ask(request())
    assert await client.ask(request()) == first
    await client.close()
    running = await start()
    client = await Client.connect(running.port)
    assert await client.ask(request()) == first
    assert code_of(await client.ask(request(amount="000000012551"))) == "94"
    assert code_of(await client.ask(request(pan="4012888888881881"))) == "94"
    assert code_of(await client.ask(request(terminal="TERM0002"))) == "00"
    assert len(await running.get("/books")) == 2
    await client.close()


async def test_a_reversal_undoes_its_original_and_its_repeats_do_nothing_more(start: Start) -> None:
    running = await start()
    client = await Client.connect(running.port)
    await client.ask(request())
    await client.ask(request("0200", stan="000101"))
    answer = await client.ask(reversal())
    assert (answer[:4], code_of(answer), stan_of(answer)) == ("0430", "00", "000900")
    assert await client.ask(reversal("0421")) == answer
    assert await running.get("/books/totals") == {
        "208": {
            "reversed": {"count": 1, "amount_minor": 12550},
            "approved": {"count": 1, "amount_minor": 12550},
            "held_minor": 0,
            "captured_minor": 12550,
            "refunded_minor": 0,
        }
    }
    await client.close()


async def test_a_reversal_with_another_amount_or_card_reverses_nothing(start: Start) -> None:
    running = await start()
    client = await Client.connect(running.port)
    await client.ask(request())
    assert code_of(await client.ask(reversal(amount="000000000001"))) == "30"
    assert code_of(await client.ask(reversal(pan="4012888888881881"))) == "30"
    assert (await running.get("/books"))[0]["state"] == "approved"
    await client.close()


async def test_an_original_that_comes_after_its_reversal_is_declined_also_after_a_restart(start: Start) -> None:
    running = await start()
    client = await Client.connect(running.port)
    assert code_of(await client.ask(reversal("0421"))) == "00"
    await client.close()
    running = await start()
    client = await Client.connect(running.port)
    assert code_of(await client.ask(request())) == "68"
    assert code_of(await client.ask(request("0200"))) == "00"  # another message class is another request
    assert [entry["state"] for entry in await running.get("/books")] == ["declined", "approved"]
    await client.close()


async def test_timeout_late_and_twice_are_booked_before_they_misbehave(start: Start) -> None:
    running = await start()
    client = await Client.connect(running.port)
    client.send(request(pan=DEMO_CARDS["timeout"], stan="000201"))
    client.send(request(pan=DEMO_CARDS["late"], stan="000202"))
    client.send(request(pan=DEMO_CARDS["twice"], stan="000203"))
    assert stan_of(await client.receive()) == "000203"
    assert stan_of(await client.receive()) == "000203"
    assert await client.silent()
    assert running.host.books.totals()["208"]["approved"]["count"] == 3
    [(delay_s, answer)] = running.timers
    assert delay_s == 7
    answer()
    late = await client.receive()
    assert (stan_of(late), code_of(late)) == ("000202", "00")
    await client.close()


async def test_many_in_flight_on_many_connections(start: Start) -> None:
    running = await start()
    clients = [await Client.connect(running.port) for _ in range(8)]
    for number, client in enumerate(clients):
        client.send(b"".join(request(stan=f"{number}{n:05d}") for n in range(1, 101)))
    for number, client in enumerate(clients):
        answers = [await client.receive() for _ in range(100)]
        assert {stan_of(answer) for answer in answers} == {f"{number}{n:05d}" for n in range(1, 101)}
        assert {code_of(answer) for answer in answers} == {"00"}
        await client.close()
    totals = running.host.books.totals()["208"]
    assert totals["approved"] == {"count": 800, "amount_minor": 800 * 12550}
    assert totals["held_minor"] == 800 * 12550


async def test_a_frame_may_come_byte_by_byte(start: Start) -> None:
    running = await start()
    line = TcpLine(running.host)
    line.signed_on = True
    for byte in request():
        line.data_received(bytes([byte]))
    assert len(running.host.books) == 1


async def test_faults(start: Start) -> None:
    running = await start()
    client = await Client.connect(running.port)
    assert await running.play("silent") == 200
    [line] = running.host.lines
    line.data_received(request() + network("301"))
    assert running.host.counts["ignored"] == 2
    assert await running.play("normal") == 200
    assert await client.silent()
    assert len(running.host.books) == 0
    assert await running.play("drop") == 200
    assert await client.closed()
    refused = await Client.connect(running.port, sign_on=False)
    assert await refused.closed()
    assert await running.play("nonsense") == 400
    assert await running.play("normal") == 200
    await (await Client.connect(running.port)).close()
    await client.close()
    await refused.close()


async def test_files_hold_no_card_number_and_no_security_code(start: Start, tmp_path: Path) -> None:
    running = await start()
    client = await Client.connect(running.port)
    await client.ask(request(private="0102050504" + "9173"))
    await client.ask(reversal())
    await client.close()
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"411111******1111" in held
    assert PAN.encode() not in held
    assert b"9173" not in held
    assert PAN[6:12].encode() not in held.replace(b"411111******1111", b"")
    assert {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {
        "journal.jsonl": 0o600,
        "fingerprint.key": 0o600,
    }


async def test_a_torn_last_line_is_cut_off_and_damage_elsewhere_refuses(start: Start, tmp_path: Path) -> None:
    running = await start()
    client = await Client.connect(running.port)
    await client.ask(request())
    await client.ask(request(stan="000101"))
    await client.close()
    journal = tmp_path / "journal.jsonl"
    whole = journal.read_bytes()
    journal.write_bytes(whole[:-9])
    running = await start()
    assert len(running.host.books) == 1
    client = await Client.connect(running.port)
    await client.ask(request(stan="000102"))
    await client.close()
    running = await start()
    assert len(running.host.books) == 2
    assert all(json.loads(line) for line in journal.read_bytes().splitlines())
    journal.write_bytes(b'{"torn\n' + whole)
    with pytest.raises(JournalDamaged, match="line 1"):
        await start()


async def test_books_have_one_host_at_a_time(start: Start, tmp_path: Path) -> None:
    await start()
    with pytest.raises(BlockingIOError):
        open_journal(tmp_path, replay=lambda _: None)


async def test_nothing_is_told_when_the_disk_refuses(start: Start, tmp_path: Path) -> None:
    class Full:
        def write(self, _: bytes) -> int:
            raise OSError(28, "no space")

        def close(self) -> None:
            pass

    failures: list[str] = []
    told: list[str] = []
    journal = Journal(Full(), on_failure=lambda: failures.append("journal"))  # type: ignore[arg-type]
    journal.write({"entry": 1}, lambda: told.append("first"))
    await asyncio.wait([journal._writer])
    with pytest.raises(OSError, match="no space"):
        await journal._writer
    journal.write({"entry": 2}, lambda: told.append("second"))
    await journal.close()
    assert (failures, told) == (["journal"], [])
