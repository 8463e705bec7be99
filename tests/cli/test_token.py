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


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--owner", "U1", "--scope", "all"], 1),
        (["--owner", "U1"], 2),
        (["--owner", "U1", "--scope", "x", "--expires", "soon"], 2),
    ],
)
def test_what_cannot_be_made(deskbell, arguments, code):
    assert deskbell("token", "create", *arguments)[0] == code
