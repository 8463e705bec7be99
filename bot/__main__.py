"""`python -m bot` is the same as `deskbell`."""

from bot.cli import main

main()
