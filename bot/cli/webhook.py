"""`deskbell webhook list | test | replay | enable | secret`: programs that are told what happens."""

import asyncio
import base64
import json
import secrets
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from bot.cli.output import say, say_json, say_table
from bot.cli.policy.deadline import instant_of
from bot.cli.transaction import run
from bot.rules.time.local_time import zone_of
from bot.rules.webhook import signing
from bot.rules.webhook.events import TEST, zulu
from bot.rules.webhook.policy import Webhook
from bot.settings import load_local, secret

app = typer.Typer(no_args_is_help=True, help="Webhooks: programs that are told what happens.")
SECONDS = 10.0

Key = Annotated[str, typer.Argument(help="A webhook of the policy, by its key.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Print each webhook of the policy: on or off, what waits, what was given up, and the last error."""
    from bot.usecases.webhook import endpoints

    rows = [_as_dict(one) for one in run(lambda tx, _now: endpoints.every(tx), writes=True)]
    if as_json:
        say_json(rows)
        return
    if not rows:
        say("The policy has no section [webhooks.NAME]; docs/webhooks.md has one to begin with.")
        return
    heads = ("key", "state", "waiting", "given_up", "sent", "last_sent_at", "next_try_at", "last_error")
    say_table(heads, [["" if row[head] is None else str(row[head]) for head in heads] for row in rows])
    for row in rows:
        for found in row["secrets"]:
            said = found["public_key"] or found["fault"]
            if said:
                say(f"{row['key']}: {found['variable']}: {said}")


@app.command("test")
def send_test(key: Key, as_json: AsJson = False) -> None:
    """Send a signed message of the type webhook.test now, and print what is answered. Nothing is tried again."""
    from bot.usecases.webhook import endpoints

    webhook = run(lambda tx, _now: endpoints.named(tx, key), writes=True)
    status, said = asyncio.run(_called(webhook))
    if as_json:
        say_json({"key": key, "url": webhook.url, "status": status, "said": said})
    else:
        say(f"{key}: {said}", error=not _taken(status))
    raise typer.Exit(0 if _taken(status) else 1)


@app.command()
def replay(
    key: Key,
    messages: Annotated[
        list[int] | None,
        typer.Argument(metavar="[MESSAGE]...", help="Only these, by their numbers in `deskbell outbox`."),
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="All that happened from then on, like 2026-03-02T09:00Z, sent already or not.")
    ] = None,
) -> None:
    """Send again what was given up, or passed over while it was off. Each keeps its id."""
    from bot.usecases.webhook import endpoints

    begins = instant_of(since, zone_of("UTC")) if since else None
    count = run(lambda tx, now: endpoints.replay(tx, key, begins, messages or (), now=now), writes=True)
    say(f"{count} messages are sent again." if count else "There is nothing to send again.")


@app.command()
def enable(key: Key) -> None:
    """Turn a webhook on again that answered 410 Gone."""
    from bot.usecases.webhook import endpoints

    run(lambda tx, now: endpoints.enable(tx, key, now), writes=True)
    say(f"The webhook {key} is on. `deskbell webhook replay {key}` sends what was passed over.")


@app.command("secret")
def secret_(
    ed25519: Annotated[
        bool, typer.Option("--ed25519", help="A key pair: whoever is told gets the public key.")
    ] = False,
) -> None:
    """Print a new secret, to be put into the environment."""
    made = secrets.token_bytes(32)
    prefix = signing.PRIVATE if ed25519 else signing.SYMMETRIC
    text = prefix + base64.b64encode(made).decode()
    say(text)
    if ed25519:
        say(f"The public key, for whoever is told: {signing.Key.parse(text).public}", error=True)


def _as_dict(one: Any) -> dict[str, Any]:
    queue = one.queue
    return {
        "key": one.key,
        "url": one.webhook.url,
        "events": list(one.webhook.events),
        "state": "off" if one.off else "waits" if queue.waiting and queue.last_error else "on",
        "off_because": one.off,
        "waiting": queue.waiting,
        "given_up": queue.given_up,
        "sent": queue.sent,
        "last_sent_at": zulu(queue.last_sent_at) if queue.last_sent_at else None,
        "next_try_at": zulu(queue.next_try_at) if queue.next_try_at else None,
        "last_error": queue.last_error,
        "secrets": [_secret(name) for name in one.webhook.variables],
    }


def _secret(name: str) -> dict[str, str | None]:
    """Whether it can sign, and what the other side verifies with; never what it is."""
    found = secret(name)
    try:
        key = signing.Key.parse(found)
    except signing.BadSecret as fault:
        said = str(fault) if found else "is not set"
        return {"variable": name, "public_key": None, "fault": said}
    return {"variable": name, "public_key": key.public if key.private else None, "fault": None}


async def _called(webhook: Webhook) -> tuple[int | None, str]:
    from bot.delivery.webhook_calls import WebhookCaller
    from handlers.delivery.slack_tasks import CallWebhook

    payload = {"type": TEST, "timestamp": zulu(datetime.now(UTC)), "data": {}}
    step = CallWebhook(webhook.url, f"msg_{secrets.token_hex(12)}", json.dumps(payload).encode(), webhook.variables)
    caller = WebhookCaller(secret, allow_private=load_local().webhooks_allow_private)
    try:
        return await caller.attempt(step, SECONDS)
    finally:
        await caller.close()


def _taken(status: int | None) -> bool:
    return status is not None and 200 <= status < 300
