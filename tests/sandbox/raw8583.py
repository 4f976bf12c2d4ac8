"""A hand-written client of the acquirer link: bytes are spelled out here, no code is shared with either side."""

import asyncio
import contextlib

PAN = "4111111111111111"

_NETWORK_BITMAP = "82200000008000000400000000000000"  # 7 11 41 70
_REQUEST_BITMAP = "723C448108E18000"  # 2 3 4 7 11 12 13 14 18 22 25 32 37 41 42 43 48 49
_REVERSAL_BITMAP = "F238400108C080000000004000000000"  # 2 3 4 7 11 12 13 18 32 37 41 42 49 90
_VOID_BITMAP = "F238400108C080000000004200000000"  # the same and 95
_ADVICE_BITMAP = "F23840010CC080000000004000000000"  # 2 3 4 7 11 12 13 18 32 37 38 41 42 49 90
_APPROVAL_BITMAP = "322000010EC08000"  # 3 4 7 11 32 37 38 39 41 42 49
_REFUSAL_BITMAP = "322000010AC08000"  # the same without 38


def frame(text: str) -> bytes:
    """A message in ASCII with its two bytes of length."""
    return len(text).to_bytes(2, "big") + text.encode("latin-1")


def network(code: str, *, stan: str = "000001") -> bytes:
    """0800."""
    return frame(f"0800{_NETWORK_BITMAP}0614120000{stan}TERM0001{code}")


def request(
    mti: str = "0100",
    *,
    pan: str = PAN,
    stan: str = "000100",
    terminal: str = "TERM0001",
    amount: str = "000000012550",
    expiry: str = "3004",
    private: str = "0102050503123",
    entry: str = "81259",
    currency: str = "208",
    merchant: str = "MERCHANT0000001",
) -> bytes:
    """0100 or 0200, sent on 14 June at 12:00:01 UTC. `entry` is DE 22 and DE 25."""
    return frame(
        f"{mti}{_REQUEST_BITMAP}"
        f"{len(pan):02d}{pan}000000{amount}0614120001{stan}1400010614{expiry}5399{entry}"
        f"06112233616512{stan}{terminal}{merchant}"
        f"Den lille butik        Aarhus        208"
        f"{len(private):03d}{private}{currency}"
    )


def reversal(
    mti: str = "0420",
    *,
    of: str = "0100",
    pan: str = PAN,
    stan: str = "000900",
    original_stan: str = "000100",
    amount: str = "000000012550",
    stays: int | None = None,
) -> bytes:
    """0420 or 0421 for what `request` sends; with DE 95, when an amount in minor units stays."""
    return frame(
        f"{mti}{_REVERSAL_BITMAP if stays is None else _VOID_BITMAP}"
        f"{len(pan):02d}{pan}000000{amount}0614120100{stan}14010006145399"
        f"06112233616512{original_stan}TERM0001MERCHANT0000001208"
        f"{of}{original_stan}061412000100000112233{'0' * 11}" + ("" if stays is None else f"{stays:012d}{'0' * 30}")
    )


def advice(
    mti: str = "0220",
    *,
    does: str = "capture",
    minor: int = 12550,
    stan: str = "000500",
    of: str = "0100",
    original_stan: str = "000100",
    pan: str = PAN,
    approval: str = "A1B2C3",
    reference: str = "616512",
    terminal: str = "TERM0001",
    merchant: str = "MERCHANT0000001",
    currency: str = "208",
) -> bytes:
    """0220 or 0221 for what `request` sends."""
    return frame(
        f"{mti}{_ADVICE_BITMAP}"
        f"{len(pan):02d}{pan}{'200000' if does == 'refund' else '000000'}{minor:012d}0614120200{stan}14020006145399"
        f"06112233{reference}{original_stan}{approval}{terminal}{merchant}{currency}"
        f"{of}{original_stan}061412000100000112233{'0' * 11}"
    )


def increment(*, minor: int = 5000, stan: str = "000300", of: str = "616512000100", **change: str) -> bytes:
    """0100 with tag 07."""
    return request(stan=stan, amount=f"{minor:012d}", private=f"0601C0713I{of}", **change)


def code_of(answer: str) -> str:
    """DE 39 of a 0110, 0210, 0230 or 0430, after checking that everything around it is what `request` sent."""
    approved = answer[4:20] == _APPROVAL_BITMAP
    assert approved or answer[4:20] == _REFUSAL_BITMAP
    assert answer[20:26] == "000000" or (answer.startswith("0230") and answer[20:26] == "200000")
    assert answer[54:62] == "06112233"
    at = 80 if approved else 74
    assert answer[at + 10 : at + 24] == "MERCHANT000000"
    assert len(answer) == at + 28
    return answer[at : at + 2]


def stan_of(answer: str) -> str:
    """DE 11 of a 0110, 0210, 0230 or 0430."""
    return answer[48:54]


class Client:
    """One connection to the host."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def connect(cls, port: int, *, sign_on: bool = True) -> "Client":
        client = cls(*await asyncio.open_connection("127.0.0.1", port))
        if sign_on:
            assert (await client.ask(network("001"))).startswith("0810")
        return client

    def send(self, data: bytes) -> None:
        self._writer.write(data)

    async def receive(self) -> str:
        size = int.from_bytes(await asyncio.wait_for(self._reader.readexactly(2), 10), "big")
        return (await asyncio.wait_for(self._reader.readexactly(size), 10)).decode("ascii")

    async def ask(self, data: bytes) -> str:
        self.send(data)
        return await self.receive()

    async def silent(self) -> bool:
        """Whether nothing but the answer to an echo comes: what was sent before got no answer."""
        answer = await self.ask(network("301", stan="777777"))
        return answer.startswith("0810") and "777777" in answer

    async def closed(self) -> bool:
        """Whether the host has closed the connection."""
        with contextlib.suppress(ConnectionError):
            return await asyncio.wait_for(self._reader.read(1), 10) == b""
        return True

    async def close(self) -> None:
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()
