"""The command line: `deskbell run`, `demo`, `doctor`, `migrate`, `policy`, `preview` and more (`commands.py`)."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO


def main(arguments: Sequence[str] | None = None) -> None:
    """Ends the process: 0 when done, 1 with a sentence when not, 2 for a command that does not exist."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    # A program that closed what is printed does not want it; the command does its work all the same.
    sys.stdout, sys.stderr = sys.stdout or _nowhere(), sys.stderr or _nowhere()
    try:
        if given == ["run"]:  # A bot that serves for months need not hold what the other commands import.
            from bot.cli.run import run

            run()
        else:
            from bot.cli.commands import app

            app(args=given)
    except Exception as fault:  # noqa: BLE001 - the last resort: a person hears a sentence instead of a traceback
        from bot.cli.errors import sentence
        from bot.cli.output import say

        say(sentence(fault), error=True)
        sys.exit(1)


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")
