"""The command line: `deskbell run`, `demo`, `doctor`, `migrate`, `policy`, `preview` and more (`commands.py`)."""

import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn, TextIO

from bot.cli.collector import uncollected

STOPPED = 128 + signal.SIGINT


def main(arguments: Sequence[str] | None = None) -> None:
    """Ends the process: 0 when done, 1 with a sentence when not, 2 for a command that does not exist, 130 at Ctrl-C."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    # A program that closed what is printed does not want it; the command does its work all the same.
    sys.stdout, sys.stderr = sys.stdout or _nowhere(), sys.stderr or _nowhere()
    try:
        if given == ["run"]:  # A bot that serves for months need not hold what the other commands import.
            with uncollected():
                from bot.cli.run import run

            run()
        else:
            with _stopped_at_once(given):
                with uncollected():
                    from bot.cli.commands import command

                command(args=given)
    except KeyboardInterrupt:
        sys.exit(STOPPED)
    except Exception as fault:  # noqa: BLE001 - the last resort: a person hears a sentence instead of a traceback
        from bot.cli.errors import sentence
        from bot.cli.output import say

        say(sentence(fault), error=True)
        sys.exit(1)


def _stop(*_: object) -> NoReturn:
    raise KeyboardInterrupt


@contextmanager
def _stopped_at_once(given: Sequence[str]) -> Iterator[None]:
    """Ctrl-C takes back what a command has begun to write. Under asyncio's own handler it would go on to its end, since
    SQLite's work never waits; what serves has a handler of its own."""
    if given[:1] == ["demo"] or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, _stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")
