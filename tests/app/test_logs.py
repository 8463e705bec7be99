"""Log lines: no secret in them, and none that a message can forge."""

import codecs
import encodings
import io
import json
import logging

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot import logs

SECRETS = (
    "xoxb-not-a-real-token",
    "xoxe.xoxb-not-a-real-token",
    "xapp-not-a-real-token",
    "v0=" + "0123456789abcdef" * 4,
    "the-signing-secret",
    "T0123/456/abcDEF",
    "hunter2",
)
AT = {
    "T0123/456/abcDEF": "https://hooks.example/commands/{}",
    "hunter2": "postgresql://desk:{}@host/x",
}
"""Where those stand that have no form of their own."""


@pytest.fixture
def log():
    """What was logged, by format. The handlers of before come back."""
    root = logging.getLogger()
    before, level = root.handlers, root.level
    stream = io.StringIO()

    def set_up(form):
        logs.set_up("info", form, secrets=["the-signing-secret"], stream=stream)
        return stream

    yield set_up
    root.handlers = before
    root.setLevel(level)


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_reaches_a_line(log, form, secret):
    stream = log(form)
    told = AT.get(secret, "{}").format(secret)
    try:
        raise ValueError(f"in an exception {told}")
    except ValueError:
        logging.getLogger("a").exception("in words %s", told, stack_info=True)
    assert secret not in stream.getvalue()
    assert logs.STRUCK in stream.getvalue()


def test_a_socket_ticket_is_struck_out(log):
    stream = log("text")
    logging.getLogger("a").warning("connecting to wss://wss.example/link/?ticket=abc-123&app_id=9")
    assert "abc-123" not in stream.getvalue()
    assert "app_id=9" in stream.getvalue()


def test_a_message_cannot_forge_a_line(log):
    stream = log("text")
    logging.getLogger("a").warning("typed: %s", "x\n2026-01-01T00:00:00Z INFO    bot: all is well\r\x1b[2J\u2028")
    (line,) = stream.getvalue().splitlines()
    assert r"typed: x\n2026-01-01" in line


def test_a_line_is_written_when_the_interpreter_ends_and_knows_no_codecs(log):
    stream = log("text")
    codecs.unregister(encodings.search_function)
    try:
        logging.getLogger("desk").info("a\nb\x1b[0m \u2028")
    finally:
        codecs.register(encodings.search_function)
    assert stream.getvalue().endswith("desk: a\\nb\\x1b[0m \\u2028\n")


def test_an_exception_cannot_forge_a_line(log):
    stream = log("text")
    try:
        raise ValueError("x\n2026-01-01T00:00:00Z INFO    bot: all is well")
    except ValueError:
        logging.getLogger("a").exception("failed")
    first, *rest = stream.getvalue().splitlines()
    assert first.endswith("ERROR   a: failed")
    assert rest
    assert all(line.startswith("    | ") for line in rest)


def test_json_is_one_object_a_line(log):
    stream = log("json")
    logging.getLogger("a").warning("typed: %s", "x\ny")
    (line,) = stream.getvalue().splitlines()
    said = json.loads(line)
    assert (said["level"], said["logger"], said["message"]) == ("warning", "a", "typed: x\ny")
    assert said["at"].endswith("Z")


def test_the_level_is_kept(log):
    stream = log("text")
    logging.getLogger("a").debug("quiet")
    assert stream.getvalue() == ""


def test_what_libraries_say_of_a_sound_start_is_left_out(log):
    stream = log("text")
    said = "As you gave `client` as well, `token` will be unused."
    logging.getLogger("slack_bolt.AsyncApp").warning(said)
    logging.getLogger("alembic.runtime.plugins").info("setup plugin alembic.autogenerate.schemas")
    logging.getLogger("bot.app").warning(said)
    assert len(stream.getvalue().splitlines()) == 1


@pytest.mark.parametrize("client", [AsyncWebClient("xoxb-none").logger, AsyncWebhookClient("https://a.example").logger])
def test_slacks_clients_write_no_call_out_that_nobody_keeps(log, client):
    """They ask for the level that is set for them alone, and take none for DEBUG."""
    log("text")
    assert client.level == logging.INFO
