from typing import Any

import pytest

from handlers.request.payload_schema import DEEPEST, MOST_PARTS, as_slack_sends


def command(**more: Any) -> dict[str, Any]:
    return {"command": "/incident", "user_id": "U1", "team_id": "T1", "trigger_id": "1.2", **more}


def nested(levels: int) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("more", "taken"),
    [
        ({"rest": nested(DEEPEST - 1)}, True),
        ({"rest": nested(DEEPEST)}, False),
        ({"rest": nested(10 * DEEPEST)}, False),
        ({"rest": [1] * (MOST_PARTS - 100)}, True),
        ({"rest": [1] * (MOST_PARTS + 2)}, False),
        ({"rest": [{}] * MOST_PARTS}, False),
        ({"text": "a,[{" * MOST_PARTS}, True),
        ({"text": '"' + '\\"' * 3 + ",[{" * MOST_PARTS}, True),
        ({"text": "a\n" + " " * 3 * DEEPEST}, True),
        ({"text": "the backslash, u and noughts: \\u0000"}, True),
        ({"text": "\x00"}, False),
        ({"text": "\\\x00"}, False),
        ({"text": "\ud800"}, False),
        ({"a\n" + " " * 3 * DEEPEST: "a key"}, True),
    ],
)
def test_a_body_is_neither_too_deep_nor_too_much_and_can_be_kept(more: dict[str, Any], taken: bool) -> None:
    assert as_slack_sends(command(**more)) is taken
