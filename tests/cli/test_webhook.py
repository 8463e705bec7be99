"""`deskbell webhook`: listed, tried, replayed, and a secret made, without Slack."""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import standardwebhooks

SECRET = f"whsec_{base64.b64encode(bytes(32)).decode()}"


@pytest.fixture
def program():
    """A program on this machine that keeps what it is told."""
    told = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            told.append((body, {name.lower(): value for name, value in self.headers.items()}))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, told
    server.shutdown()
    server.server_close()


def test_a_webhook_is_tried_and_listed(deskbell, policy_file, program, monkeypatch):
    port, told = program
    monkeypatch.setenv("HOOK", SECRET)
    text = f'[webhooks.status]\nurl = "http://127.0.0.1:{port}/"\nevents = ["*"]\nsecret = ["env:HOOK", "env:OTHER"]\n'
    monkeypatch.setenv("DESKBELL_POLICY", str(policy_file(text)))
    code, _, err = deskbell("webhook", "test", "status")
    assert (code, "OTHER is not set" in err) == (1, True)
    policy_file(text.replace('["env:HOOK", "env:OTHER"]', '"env:HOOK"'))
    code, _, err = deskbell("webhook", "test", "status")
    assert (code, "only https" in err, told) == (1, True, [])
    monkeypatch.setenv("DESKBELL_WEBHOOKS_ALLOW_PRIVATE", "on")
    code, out, _ = deskbell("webhook", "test", "status", "--json")
    assert (code, json.loads(out)["status"]) == (0, 204)
    assert standardwebhooks.Webhook(SECRET).verify(*told[0])["type"] == "webhook.test"
    (row,) = json.loads(deskbell("webhook", "list", "--json")[1])
    assert (row["state"], row["waiting"], row["secrets"]) == (
        "on", 0, [{"variable": "HOOK", "public_key": None, "fault": None}],
    )  # fmt: skip
    assert "status" in deskbell("webhook", "list")[1]
    assert deskbell("webhook", "replay", "status") == (0, "There is nothing to send again.\n", "")
    assert "is not off" in deskbell("webhook", "enable", "status")[2]
    assert "There are: status." in deskbell("webhook", "replay", "stats")[2]
    assert deskbell("webhook", "replay", "status", "--since", "yesterday")[0] == 2


def test_a_secret_is_made(deskbell):
    code, out, _ = deskbell("webhook", "secret")
    assert (code, standardwebhooks.Webhook(out.strip()) is not None) == (0, True)
    code, out, err = deskbell("webhook", "secret", "--ed25519")
    assert (code, out.startswith("whsk_"), "whpk_" in err) == (0, True, True)
    assert "no section" in deskbell("webhook", "list")[1]
