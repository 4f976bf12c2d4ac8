"""The command line: `ippgateway COMMAND`. A command's module is imported only when it is called.

The keeper runs in this process, so that nothing outside the standard library may be imported here.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ippgateway.app.local.refusal import MISUSED, say
from ippgateway.app.settings import Settings, SettingsError, settings_table

_Arguments = Callable[[argparse.ArgumentParser], object]


def _none(_parser: argparse.ArgumentParser) -> None:
    """No arguments of its own."""


def _zone_name(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", choices=("pay", "site", "console", "desk", "worker"))


def _as_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", dest="as_json", help="for programs")


def _promises(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--publish", action="store_true", help="show the result on the site's page /trust")
    parser.add_argument("--keep", action="store_true", help="publish by schedule, in the foreground (run does it)")
    _as_json(parser)


def _what_of_keys(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("rotate", "rotate-master", "rotate-persons", "retire", "keep"))


def _backup(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("directory", help="where backups are kept")
    parser.add_argument("--only", choices=("data", "keys"), default="both", dest="what", help="one of the two")


def _restore(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("directory", help="where backups are kept")
    parser.add_argument("--to", metavar="TIME", help="as the data was then (as it was last)")
    parser.add_argument("--keys", action="store_true", dest="with_keys", help="the keys as well, not today's")


def _verify(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("verify",))


def _check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("check",))


def _simulation(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, default=1, help="the first seed (1)")
    parser.add_argument("--seeds", type=int, default=1, help="how many seeds from there on (1)")
    parser.add_argument("--days", type=float, default=1.0, help="simulated days in which purchases begin (1)")
    parser.add_argument("--count", type=int, default=None, help="purchases (12 a day)")
    parser.add_argument("--trace", action="store_true", help="print the whole course of events")


def _again(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--again", action="store_true", help="it ran before and died")


def _show_or_erase(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("show", "erase", "restrict", "release"),
                        help="whom is read from standard input")  # fmt: skip
    parser.add_argument("--yes", action="store_true", help="erase without asking")
    _as_json(parser)


def _invite(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("invite",), help="whom is read from standard input")
    parser.add_argument("--role", default="administrator", help="what they do (administrator)")
    parser.add_argument("--employer", required=True, help="whom they work for")
    parser.add_argument("--country", required=True, help="where they work: two letters of ISO 3166")
    parser.add_argument("--language", choices=("en", "da"), default="en", help="of the letter (en)")


def _recipients(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("list", "kinds", "add", "end"))
    parser.add_argument("entry", nargs="?", help="the entry to end")
    for name, doc in (
        ("kind", "a key of `recipients kinds`"), ("name", "the organisation's"), ("place", "country, two letters"),
        ("contract", "its date or number"), ("tool", "what carries a transfer beyond the EEA"),
        ("measures", "what protects such a transfer besides"), ("until", "last day, YYYY-MM-DD"),
        ("id", "of an acquirer that payments name"),
    ):  # fmt: skip
        parser.add_argument(f"--{name}", help=doc)
    parser.add_argument("--from", dest="begins", help="first day, YYYY-MM-DD (now)")
    parser.add_argument("--purpose", action="append", help="what for; may be repeated")
    parser.add_argument("--category", action="append", help="what it may have (all that is declared for its kind)")
    _as_json(parser)


def _retention(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--run", action="store_true", help="remove what is due, as the worker does every hour")
    parser.add_argument("--holds", action="store_true", help="list the legal holds instead")
    _as_json(parser)


def _policy(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("check", "write", "announce"))
    parser.add_argument("--from", dest="first_day", default="", help="the first day of a new version, ISO 8601")


def _record(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--csv", action="store_true", dest="as_csv", help="for programs and spreadsheets")
    parser.add_argument("--customers", action="store_true", help="name every customer whom we act for")


def _consents(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("export",), help="an address may be given on standard input")


@dataclass(frozen=True)
class Command:
    """A sub-command: `target` is `module:function`, called with the settings and the arguments by their names."""

    name: str
    doc: str
    target: str
    arguments: _Arguments = _none


COMMANDS = (
    Command("run", "start everything and keep it running", "ippgateway.app.cli:run"),
    Command("settings", "list every setting", "ippgateway.app.cli:show_settings"),
    Command("setup", "create roles and databases, migrate, seed (run does it)", "ippgateway.app.setup:main"),
    Command("demo", "print the demo's addresses, credentials and test cards", "ippgateway.app.demo:main", _as_json),
    Command("inventory", "print what is stored, why, how long", "ippgateway.app.inventory_command:main", _as_json),
    Command("record", "print the record of processing", "ippgateway.app.record_command:main", _record),
    Command("policy", "check, write or announce policy and terms", "ippgateway.app.policy_command:main", _policy),
    Command("consents", "export consents as proof", "ippgateway.app.consents_command:main", _consents),
    Command("promises", "check every promise", "ippgateway.app.promises_command:main", _promises),
    Command("keys", "replace keys, or destroy superseded ones", "ippgateway.app.keys_command:main", _what_of_keys),
    Command("backup", "back up data and keys, apart", "ippgateway.app.backup.make:main", _backup),
    Command("restore", "restore the data, to any moment", "ippgateway.app.backup.restore:main", _restore),
    Command("queue", "list what has no outcome yet", "ippgateway.app.queue_command:main", _as_json),
    Command(
        "person",
        "show what is held about somebody, erase or restrict it",
        "ippgateway.app.person_command:main",
        _show_or_erase,
    ),
    Command("staff", "invite the first of our staff", "ippgateway.app.staff_command:main", _invite),
    Command(
        "recipients",
        "list who outside may receive data, add or end one",
        "ippgateway.app.recipients_command:main",
        _recipients,
    ),
    Command(
        "retention", "show what is due to be removed, and why", "ippgateway.app.retention_command:main", _retention
    ),
    Command("audit", "verify the audit trail", "ippgateway.app.audit_command:main", _verify),
    Command("ledger", "recompute the ledger and compare", "ippgateway.app.ledger_command:main", _check),
    Command(
        "simulate", "simulate payments with faults from a seed", "ippgateway.app.simulate_command:main", _simulation
    ),
    Command("zone", "run one zone in the foreground (run does it)", "ippgateway.app.zones:main", _zone_name),
    Command("supervise", "start everything once (run does it)", "ippgateway.app.local.installation:supervise", _again),
)


def run(settings: Settings) -> int:
    """Start everything and keep it running until Ctrl-C."""
    from ippgateway.app.local import keeper  # noqa: PLC0415 - other commands do without it

    return keeper.keep((sys.executable, "-m", "ippgateway.app.cli", "supervise"), settings.data_dir)


def show_settings(_settings: Settings) -> int:
    """Print the table of settings; never a value."""
    say(settings_table())
    return 0


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(prog="ippgateway", description="The IPP Platform, a payment gateway.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        sub = commands.add_parser(command.name, help=command.doc, description=command.doc)
        command.arguments(sub)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns its exit code."""
    given = vars(parser().parse_args(argv))
    name = given.pop("command")
    command = next(c for c in COMMANDS if c.name == name)
    try:
        settings = Settings.from_env(os.environ)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return MISUSED
    module, _, function = command.target.partition(":")
    code = getattr(importlib.import_module(module), function)(settings, **given)
    return int(code or 0)


if __name__ == "__main__":
    raise SystemExit(main())
