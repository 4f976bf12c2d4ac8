"""What the sandbox's programs never print, whoever writes it."""

import asyncio
import sys
from asyncio.subprocess import PIPE

_CANARY = "5105105105105100"

_PROGRAM = """
import asyncio, logging, sys
from ippsandbox.process import log, run

async def main(stop):
    canary = sys.stdin.read()
    logging.getLogger("aiohttp.server").error("bad request line %s", canary)
    def fail(argument):
        stop.set()
        raise ValueError(argument)
    asyncio.get_running_loop().call_soon(fail, canary)
    await stop.wait()
    log.info("done")
    return 3

sys.exit(run(main))
"""


async def test_neither_a_library_nor_a_failing_callback_can_print_what_it_was_given() -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", _PROGRAM, stdin=PIPE, stdout=PIPE, stderr=PIPE)
    output, errors = await asyncio.wait_for(process.communicate(_CANARY.encode()), 30)
    assert process.returncode == 3
    assert (output, errors) == (b"", b"internal error kind=ValueError\ndone\n")
