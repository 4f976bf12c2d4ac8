"""The embedded server: it survives kills, keeps its data, lets nobody in without a password and says nothing."""

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import psutil
import pytest

from ippgateway.app.local import cluster, installation, logs, postgres
from ippgateway.app.local.refusal import StartRefused
from ippgateway.app.local.watch import Watch
from ippgateway.app.settings import Settings
from ippgateway.core.ids import SystemRandomness

from . import dummies
from .living import alive, until

CANARY = "canary-4929000000006"
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes user")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter (pytest's own are closed to others)."""
    folder = Path(tempfile.mkdtemp(prefix="ippgateway-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def settings_for(folder: Path) -> Settings:
    return Settings.from_env({"IPPGATEWAY_DATA_DIR": str(folder / "data")})


@asynccontextmanager
async def server(settings: Settings) -> AsyncIterator[Watch]:
    places = installation.places(settings)
    watch = Watch(postgres.process(settings, SystemRandomness()), places, lambda _: None)
    watch.start()
    try:
        await watch.until_ready()
        yield watch
    finally:
        await watch.stop(5)
    assert not alive(settings.postgres_dir)


async def ask(settings: Settings, sql: str) -> object:
    connection = await asyncpg.connect(**postgres.admin_dsn(settings))
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def answers(settings: Settings) -> bool:
    try:
        return await ask(settings, "select count(*) from kept") == 1
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False


def user_of(pid: int) -> int:
    return int(psutil.Process(pid).uids().real)


def capabilities(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1], 16) for line in lines if line.startswith("CapEff"))


async def test_it_comes_back_after_every_kill_with_all_that_was_committed(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    async with server(settings) as watch:
        await ask(settings, "create table kept as select 1")
        first = watch.pid
        assert first is not None
        backend = await asyncpg.connect(**postgres.admin_dsn(settings))
        os.kill(await backend.fetchval("select pg_backend_pid()"), signal.SIGKILL)
        await until(lambda: answers(settings), "an answer after a backend was killed")
        assert watch.pid == first
        os.kill(first, signal.SIGKILL)
        await until(lambda: watch.pid not in {None, first}, "a new postmaster")
        await until(lambda: answers(settings), "an answer after the postmaster was killed")
        backend.terminate()
    async with server(settings):
        assert await answers(settings)


async def test_it_ends_with_its_supervisor_and_a_new_one_finds_it_whole(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    supervisor = subprocess.Popen(dummies.command("postgres", tmp_path))
    await until(lambda: cluster.password_file(settings).exists() and postgres.answers(settings), "an answer")
    await ask(settings, "create table kept as select 1")
    supervisor.kill()
    supervisor.wait()
    await until(lambda: not alive(tmp_path), "every process of the server ends")
    async with server(settings):
        assert await answers(settings)


async def test_a_postmaster_that_nobody_reaps_does_not_block_the_next_one(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    async with server(settings) as watch:
        data = Path(psutil.Process(watch.pid).cwd())
        paths = (data / "postmaster.pid", *settings.postgres_socket_dir.glob(".*.lock"))
        locks = {path: path.read_text() for path in paths}
    assert len(locks) == 2
    dead = subprocess.Popen(["/bin/true"], cwd="/", user=data.owner())
    await asyncio.to_thread(os.waitid, os.P_PID, dead.pid, os.WEXITED | os.WNOWAIT)
    try:
        for path, text in locks.items():
            path.write_text(f"{dead.pid}\n{text.partition(chr(10))[2]}")
        async with server(settings):
            assert await postgres.answers(settings)
    finally:
        dead.wait()


@needs_root
async def test_as_root_it_runs_as_another_user_even_where_he_may_not_enter(tmp_path: Path) -> None:
    """pytest's folders are closed to others, as a clone below /root is."""
    settings = settings_for(tmp_path)
    async with server(settings) as watch:
        assert watch.pid is not None
        assert user_of(watch.pid) != 0
        status = Path(f"/proc/{watch.pid}/status").read_text()
        # Reading and searching (bit 2) or, where a container has only that, overriding (bit 1); nothing else.
        assert {line.split()[1] for line in status.splitlines() if line.startswith("CapEff")} <= {
            f"{4:016x}",
            f"{2:016x}",
        }


@needs_root
async def test_as_root_in_an_open_folder_it_has_no_capability(open_folder: Path) -> None:
    settings = settings_for(open_folder)
    async with server(settings) as watch:
        assert watch.pid is not None
        assert user_of(watch.pid) != 0
        assert capabilities(watch.pid) == 0


@needs_root
async def test_programs_that_its_user_can_not_reach_are_copied(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_can_run", lambda *_: False)
    settings = settings_for(open_folder)
    async with server(settings) as watch:
        assert watch.pid is not None
        assert psutil.Process(watch.pid).exe().startswith(str(settings.postgres_dir / "bin-"))


async def test_the_way_in_is_a_local_socket_and_a_password(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    async with server(settings) as watch:
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(**{**postgres.admin_dsn(settings), "password": "guess"})
        assert watch.pid is not None
        assert not [c for c in psutil.Process(watch.pid).net_connections("inet") if c.status == psutil.CONN_LISTEN]
        assert await ask(settings, "show data_checksums") == "on"
    assert cluster.password_file(settings).stat().st_mode & 0o777 == 0o600
    assert settings.secrets_dir.stat().st_mode & 0o777 == 0o700


async def test_nothing_that_came_from_outside_reaches_its_log(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    async with server(settings):
        connection = await asyncpg.connect(**postgres.admin_dsn(settings))
        await connection.execute("create table unique_mail (mail text primary key)")
        for sql in ("select $1::text::int", "select $1::text::uuid", "insert into unique_mail values ($1), ($1)"):
            with pytest.raises(asyncpg.PostgresError):
                await connection.fetch(sql, CANARY)
        with pytest.raises(asyncpg.PostgresError):
            await connection.execute(f"do $$ begin raise warning '{CANARY}'; perform '{CANARY}'::int; end $$")
        slow = await asyncpg.connect(**postgres.admin_dsn(settings))
        running = slow.fetchval(f"select pg_sleep(60), '{CANARY}'")  # a crash report quotes what was running
        os.kill(slow.get_server_pid(), signal.SIGKILL)
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
            await running
        await until(lambda: postgres.answers(settings), "recovery")
        connection.terminate()
    assert CANARY not in (settings.log_dir / "postgres.log").read_text()


async def test_data_of_another_major_version_is_not_passed_over(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    installation.places(settings)
    (settings.postgres_dir / "15").mkdir(parents=True)
    with pytest.raises(StartRefused, match="PostgreSQL 15"):
        postgres.process(settings, SystemRandomness())


def test_a_log_past_its_limit_begins_anew_and_its_writer_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    writer = logs.open_log(path)
    os.write(writer, b"x" * 200)
    assert logs.rotate(path, limit=100)
    os.write(writer, b"after")
    os.close(writer)
    assert path.read_bytes() == b"after"
    assert (tmp_path / "a.log.1").stat().st_size == 200
    assert not logs.rotate(path, limit=100)
