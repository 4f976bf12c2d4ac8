"""A keeper and a supervisor over processes that do nothing, run by the tests as `dummies.py ROLE FOLDER [NAME]`."""

import asyncio
import signal
import sys
from pathlib import Path

from ippgateway.app.local import installation, keeper, postgres, ready
from ippgateway.app.local.refusal import say
from ippgateway.app.local.supervisor import Plan, Supervisor, make_folders
from ippgateway.app.local.watch import Places, Process, Watch
from ippgateway.app.settings import Settings
from ippgateway.core.ids import SystemRandomness


def command(role: str, folder: Path, *more: str) -> tuple[str, ...]:
    return (sys.executable, __file__, role, str(folder), *more)


def supervisor(folder: Path) -> int:
    places = Places(pids=folder / "pids", logs=folder / "logs")
    make_folders(places.pids, places.logs)

    def child(name: str) -> Process:
        return Process(
            name=name, argv=command("child", folder, name), env={}, ready=ready.socket(folder / f"{name}.sock")
        )

    stubborn = Process(
        name="stubborn",
        argv=command("stubborn", folder, "stubborn"),
        env={},
        ready=ready.socket(folder / "stubborn.sock"),
    )
    setup = Process(name="setup", argv=command("setup", folder), env={})
    plan = Plan(beside=[child("beside"), stubborn], setup=setup, zones=[child("one"), child("two")])
    return asyncio.run(Supervisor(plan, places, say, serving=lambda: "serving").run())


async def serve(folder: Path, name: str) -> None:
    server = await asyncio.start_unix_server(lambda _, writer: writer.close(), folder / f"{name}.sock")
    async with server:
        await server.serve_forever()


def setup(folder: Path) -> int:
    """Leaves with the code that the test wrote down, once for each line."""
    codes = (folder / "setup-codes").read_text().split()
    (folder / "setup-codes").write_text(" ".join(codes[1:]))
    sys.stderr.write("a sentence for the person\n")
    return int(codes[0]) if codes else 0


async def postgres_alone(folder: Path) -> None:
    settings = Settings.from_env({"IPPGATEWAY_DATA_DIR": str(folder / "data")})
    places = installation.places(settings)
    Watch(postgres.process(settings, SystemRandomness()), places, say).start()
    await asyncio.Event().wait()


def main() -> int:
    role, folder = sys.argv[1], Path(sys.argv[2])
    if role == "keeper":
        return keeper.keep(command("supervisor", folder), folder)
    if role == "supervisor":
        return supervisor(folder)
    if role == "setup":
        return setup(folder)
    if role == "postgres":
        asyncio.run(postgres_alone(folder))
    if role == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    asyncio.run(serve(folder, sys.argv[3]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
