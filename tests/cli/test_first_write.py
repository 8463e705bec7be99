"""Whichever command writes first to an empty database: the policy of the settings is in force, as after a start."""

import pytest

from bot.policy_files import load

MAIL = '[mailboxes.help]\naddress = "help@desk.example.com"\nkey = "env:MAIL_KEY"\nsenders = ["*"]\n'
HOOK = '[webhooks.page]\nurl = "https://page.example.com/"\nevents = ["*"]\nsecret = "env:SECRET"\n'
MESSAGE = "From: caller@example.com\nSubject: The fax\nMessage-ID: <1@example.com>\n\nIt is off.\n"


@pytest.mark.parametrize(
    "command",
    [
        ("token", "create", "--owner", "U1", "--scope", "incidents:read"),
        ("document", "new", "scope"),
        ("iso", "judge", "5.1", "works", "started", "--because", "They meet each month"),
        ("webhook", "list"),
        ("mail", "deliver", "help", "message.eml"),
    ],
    ids=lambda one: " ".join(one[:2]),
)
def test_the_policy_of_the_settings_is_in_force_after_a_commands_first_write(
    deskbell, policy_file, monkeypatch, tmp_path, command
):
    file = policy_file(MAIL + HOOK)
    monkeypatch.setenv("DESKBELL_POLICY", str(file))
    (tmp_path / "message.eml").write_text(MESSAGE)
    code, out, err = deskbell(*command)
    assert code == 0, (out, err)
    shown = deskbell("policy", "show")[1]
    assert "Version 1" in shown
    assert load(file).text.strip() in shown
