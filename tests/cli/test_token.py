"""`deskbell token`: made, listed and revoked on a fresh machine."""

import json

import pytest


def test_a_token_is_shown_once_and_can_be_taken_back(deskbell):
    code, out, err = deskbell("token", "create", "--owner", "U1", "--scope", "incidents:read", "--expires", "90d")
    assert (code, out.strip().startswith("dbk_"), "Token 1 acts as U1" in err) == (0, True, True)
    code, listed, _ = deskbell("token", "list", "--json")
    (row,) = json.loads(listed)
    assert (row["person"], row["scopes"], row["revoked_at"]) == ("U1", ["incidents:read"], None)
    assert out.strip() not in listed
    assert deskbell("token", "revoke", "1")[0] == 0
    code, _, err = deskbell("token", "revoke", "1")
    assert (code, "There is no token 1 that is good" in err) == (1, True)


def test_a_service_account_has_tokens_of_its_own(deskbell):
    code, out, _ = deskbell("account", "create", "grafana", "--group", "service-desk", "--title", "Boards")
    assert (code, "may what a member of service-desk may" in out) == (0, True)
    for wrong, said in (
        (("grafana",), "already"),
        (("Grafana",), "cannot name"),
        (("x", "--group", "y"), "no group “y”"),
    ):
        group = () if "--group" in wrong else ("--group", "service-desk")
        code, _, err = deskbell("account", "create", *wrong, *group)
        assert (code, said in err) == (1, True), err
    code, out, err = deskbell("token", "create", "--account", "grafana", "--scope", "incidents:read")
    assert (code, out.startswith("dbk_"), "acts as grafana" in err) == (0, True, True)
    assert json.loads(deskbell("token", "list", "--json")[1])[0]["person"] == "service:grafana"
    assert json.loads(deskbell("account", "list", "--json")[1])[0]["group_key"] == "service-desk"
    code, out, _ = deskbell("account", "close", "grafana")
    assert (code, "Its token is good no more" in out) == (0, True)
    assert json.loads(deskbell("token", "list", "--json")[1])[0]["revoked_at"]
    code, _, err = deskbell("token", "create", "--account", "grafana", "--scope", "incidents:read")
    assert (code, "no open service account “grafana”" in err) == (1, True)
    assert deskbell("account", "close", "grafana")[0] == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--owner", "U1", "--account", "x", "--scope", "incidents:read"], 2),
        (["--scope", "incidents:read"], 2),
        (["--owner", "U1", "--scope", "all"], 1),
        (["--owner", "U1"], 2),
        (["--owner", "U1", "--scope", "x", "--expires", "soon"], 2),
    ],
)
def test_what_cannot_be_made(deskbell, arguments, code):
    assert deskbell("token", "create", *arguments)[0] == code
