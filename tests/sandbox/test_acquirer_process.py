"""The acquirer host as a process: killed in the middle of its work, and asked to stop."""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

from aiohttp import ClientSession
from raw8583 import PAN, Client, code_of, request, stan_of


async def _start(directory: Path) -> tuple[Process, int, int]:
    command = [
        sys.executable,
        "-m",
        "ippsandbox.acquirer",
        "--port",
        "0",
        "--books-port",
        "0",
        "--data",
        str(directory),
    ]
    process = await asyncio.create_subprocess_exec(*command, stderr=PIPE)
    assert process.stderr is not None
    line = (await asyncio.wait_for(process.stderr.readline(), 30)).decode()
    ports = dict(word.split("=") for word in line.split() if "=" in word)
    return process, int(ports["port"]), int(ports["books_port"])


async def test_nothing_that_was_answered_is_lost_by_a_kill(tmp_path: Path) -> None:
    process, port, _ = await _start(tmp_path)
    client = await Client.connect(port)
    client.send(b"".join(request(stan=f"{n:06d}") for n in range(1, 401)))
    answered = {stan_of(await client.receive()) for _ in range(150)}
    process.kill()
    await process.communicate()
    await client.close()

    process, port, books_port = await _start(tmp_path)
    async with ClientSession() as session, session.get(f"http://127.0.0.1:{books_port}/books") as response:
        booked = [entry["stan"] for entry in await response.json()]
    assert answered <= set(booked)
    assert len(booked) == len(set(booked))

    client = await Client.connect(port)
    assert code_of(await client.ask(request(stan=min(answered)))) == "00"
    async with ClientSession() as session, session.get(f"http://127.0.0.1:{books_port}/books/totals") as response:
        assert (await response.json())["208"]["approved"]["count"] == len(booked)

    process.send_signal(signal.SIGTERM)
    _, errors = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 0
    assert PAN.encode() not in errors
    assert await client.closed()
    await client.close()
    records = [json.loads(line) for line in (tmp_path / "journal.jsonl").read_bytes().splitlines()]
    assert len(records) == len(booked)


async def test_what_a_stranger_sends_appears_in_no_output(tmp_path: Path) -> None:
    process, port, books_port = await _start(tmp_path)
    canary = b"5105105105105100"
    for address in (port, books_port):
        reader, writer = await asyncio.open_connection("127.0.0.1", address)
        writer.write(canary + b" /" + canary + b" HTTP/9\r\n" + canary + b": \0\r\n\r\n")
        writer.write_eof()
        await asyncio.wait_for(reader.read(), 10)
        writer.close()
    process.send_signal(signal.SIGINT)
    _, errors = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 0
    assert canary not in errors
    assert errors.count(b"\n") == 1
