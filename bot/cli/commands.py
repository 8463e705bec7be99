"""The command line: `deskbell run`, `demo`, `doctor`, `migrate`, `policy` and `preview`.

Commands import the bot when they are called, so that `deskbell --help` answers at once.
"""

import asyncio
import difflib
import os
import sys
from collections import Counter
from collections.abc import Sequence
from importlib import metadata
from typing import Annotated

import typer

from bot.cli import account, alerts, audit, backup, ci, document, imports, mail, on_call, outbox, token, webhook
from bot.cli.iso import iso
from bot.cli.output import say, say_json
from bot.cli.policy import policy
from bot.cli.reports import report, review, trends
from bot.cli.reports.export import export
from bot.cli.run import log_as_told, run
from bot.rules.policy_format.hints import listed
from bot.settings import LocalSettings, load, load_local

app = typer.Typer(
    name="deskbell",
    help="A service desk and change management that live in Slack.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(policy.app, name="policy")
app.add_typer(outbox.app, name="outbox")
app.add_typer(audit.app, name="audit")
app.add_typer(on_call.app, name="oncall")
app.add_typer(trends.app, name="trends")
app.add_typer(alerts.app, name="alerts")
app.add_typer(report.app, name="report")
app.add_typer(ci.app, name="ci")
app.add_typer(iso.app, name="iso")
app.add_typer(document.app, name="document")
app.add_typer(review.app, name="review")
app.add_typer(account.app, name="account")
app.add_typer(token.app, name="token")
app.add_typer(mail.app, name="mail")
app.add_typer(webhook.app, name="webhook")


def _version(wanted: bool) -> None:
    if wanted:
        say(f"deskbell {metadata.version('deskbell')}")
        raise typer.Exit


Version = Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which one this is.")]
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="Instead of DESKBELL_PORT; 0 takes a free one.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]
Roles = Annotated[
    bool, typer.Option("--roles", help="Then give the bot a PostgreSQL role that cannot change the journal.")
]
Role = Annotated[str, typer.Option("--role", help="That role's name.")]
AsSql = Annotated[
    bool, typer.Option("--print", help="Print the role's SQL for a database administrator to run instead.")
]
View = Annotated[str | None, typer.Argument(help="One view's name; all of them if left out.")]


@app.callback()
def _deskbell(_: Version = False) -> None:
    pass


app.command()(run)


@app.command()
def demo(port: Port = None) -> None:
    """Open a Slack workspace on this machine with Deskbell and its cast in it; needs no account."""
    settings = load_local()
    log_as_told(settings.model_copy(update={"log_level": os.environ.get("DESKBELL_LOG_LEVEL", "warning")}))
    asyncio.run(_play(settings.host, settings.port if port is None else port))


async def _play(host: str, port: int) -> None:
    from bot.app import until_signalled
    from bot.demo import demo
    from bot.demo.history import DAYS

    say(f"Opening a workspace, and playing the last {DAYS} days in it: about ten seconds.")
    await until_signalled(demo(host, port, announce=_announce))
    say("Closed; nothing is left behind.")


def _announce(address: str) -> None:
    say(f"The workspace is open at {address} (Ctrl-C closes it). Type /incident VPN is down in #service-desk to begin.")
    say(f"What a program is told meanwhile: curl -N '{address}/webhooks?follow'")


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Check the set-up, and say what is wrong and how to mend it. Changes nothing; exit code 1 if anything failed."""
    settings = load()
    log_as_told(settings.model_copy(update={"log_level": "error"}), settings.secrets)
    from bot import doctor as surgery
    from bot.cli.output import say_checks

    checks = asyncio.run(surgery.examine(settings))
    if as_json:
        say_json([check.as_dict() for check in checks])
    else:
        say_checks(checks)
    raise typer.Exit(1 if surgery.failed(checks) else 0)


@app.command()
def migrate(roles: Roles = False, role: Role = "deskbell_bot", as_sql: AsSql = False) -> None:
    """Bring the database to this version's schema. Replicas of the release before serve on meanwhile."""
    from storage.db import schema

    settings = load_local()
    url = settings.database_url.get_secret_value()
    before = schema.current(url)
    schema.migrate(url)
    after = schema.current(url)
    said = f"is at {after} already" if before == after else f"went from {before or 'nothing'} to {after}"
    say(schema.check(url) if schema.is_newer(after) else f"The database's schema {said}.", error=as_sql)
    if roles:
        _give_roles(url, role, _bot_password(settings, role), as_sql=as_sql)


def _give_roles(url: str, role: str, password: str | None, *, as_sql: bool) -> None:
    from storage.db import database_roles

    if as_sql:
        say("\n".join(f"{statement};" for statement in database_roles.script(url, role)))
        return
    made = database_roles.grant(url, role, password)
    say(f"The role {role} {'was made' if made else 'was there'} and has its rights, and no others.")
    say("Have DESKBELL_DATABASE_URL name it where the bot runs, and the owner where you migrate.")


def _bot_password(settings: LocalSettings, role: str) -> str | None:
    """Asked for where somebody sits there. None leaves the role the one it has."""
    if settings.bot_password is not None:
        return settings.bot_password.get_secret_value()
    if not sys.stdin.isatty():
        return None
    asked = f"Password for {role} (nothing: leave it as it is)"
    return str(typer.prompt(asked, default="", show_default=False, hide_input=True)) or None


@app.command()
def preview(name: View = None) -> None:
    """Print views as Block Kit JSON, with samples in them: to read, or to paste into Slack's Block Kit Builder."""
    from bot.rules.policy.policy import parse
    from handlers import home
    from handlers.gallery import gallery

    drawn = gallery(parse(""), list(home.TABLES))
    if name is not None and name not in drawn:
        say(f"There is no view “{name}”. {_close_to(name, list(drawn))}", error=True)
        raise typer.Exit(1)
    say_json(drawn if name is None else drawn[name])


CLOSE_MOST = 8
NOUNS_MOST = 25


def _close_to(name: str, known: Sequence[str]) -> str:
    """Those that were probably meant; where there are none, their nouns."""
    words = set(name.casefold().replace(",", " ").split())
    shared = [one for one in known if words & set(one.casefold().replace(",", " ").split())]
    close = list(dict.fromkeys([*difflib.get_close_matches(name, known, n=3, cutoff=0.5), *shared]))
    if close:
        more = f" and {len(close) - CLOSE_MOST} more" if len(close) > CLOSE_MOST else ""
        return f"Did you mean {listed(close[:CLOSE_MOST], 'or')}{more}?"
    often = Counter(one.split()[0].rstrip(",") for one in known).most_common(NOUNS_MOST)
    nouns = listed(sorted(noun for noun, _ in often))
    return f"There are {len(known)}; most begin with {nouns}. `deskbell preview` prints them all."


app.command()(backup.backup)
app.command()(backup.restore)
app.command()(export)
app.command("import")(imports.import_)

command = typer.main.get_command(app)
"""What these are to Click. Typer would build it anew at each call, and tests call some hundreds in one process."""
