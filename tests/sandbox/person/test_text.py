"""What a person types, and what a reader sees."""

from datetime import UTC, datetime

import pytest

from bot.sandbox import Workspace
from bot.sandbox.text import dates
from bot.sandbox.text.mrkdwn import Reader, typed

NOON = int(datetime(2026, 3, 2, 12, 5, 9, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("<@U0000000004> in <#C0000000002|old-name>", "@agent in #service-desk"),
        ("<https://example.com|the page> <https://example.com>", "the page https://example.com"),
        ("<mailto:a@example.com|a@example.com> <mailto:b@example.com>", "a@example.com b@example.com"),
        ("*bold* _it_ ~no~ `code` snake_case 2*3*4", "bold it no code snake_case 2*3*4"),
        ("*see <https://example.com|this>*", "see this"),
        ("<!here> <!subteam^S0000000001> <!subteam^S9|@gone>", "@here @cab @gone"),
        ("a &lt;b&gt; &amp;amp;", "a <b> &amp;"),
        ("<@U404> <#C404|gone>", "@U404 #gone"),
        (f"<!date^{NOON}^due {{date_short_pretty}} at {{time}}|soon>", "due today at 7:05 AM"),
        ("<!date^soon^{date}|never>", "never"),
    ],
)
def test_a_reader_sees_names_and_times_of_their_own(slack: Workspace, stored: str, shown: str) -> None:
    slack.add_usergroup("cab", ["agent"])
    assert Reader(slack, slack.person("agent").user).shows(stored) == shown


@pytest.mark.parametrize(
    ("words", "named", "stored"),
    [
        ("a < b & c", True, "a &lt; b &amp; c"),
        ("@agent see #service-desk", True, "<@U0000000004|agent> see <#C0000000002|service-desk>"),
        ("ask @agent.", False, "ask <@U0000000004>."),
        ("@nobody #nowhere a@agent.example", True, "@nobody #nowhere a@agent.example"),
        ("<!channel> <@U0000000004>", True, "&lt;!channel&gt; &lt;@U0000000004&gt;"),
        ("@here @cab", False, "<!here> <!subteam^S0000000001>"),
    ],
)
def test_what_is_typed_becomes_references(slack: Workspace, words: str, named: bool, stored: str) -> None:
    slack.add_usergroup("cab", ["agent"])
    assert typed(slack, words, named=named) == stored


@pytest.mark.parametrize(
    ("pattern", "shown"),
    [
        ("{date_num}", "2026-03-02"),
        ("{date_slash}", "03/02/2026"),
        ("{date}", "March 2nd, 2026"),
        ("{date_short}", "Mar 2, 2026"),
        ("{date_long}", "Monday, March 2nd, 2026"),
        ("{date_pretty}", "today"),
        ("{date_long_pretty}", "today"),
        ("{time}", "12:05 PM"),
        ("{time_secs}", "12:05:09 PM"),
        ("{ago}", "1 hour ago"),
        ("{unknown}", "{unknown}"),
    ],
)
def test_dates_are_written_as_slack_writes_them(pattern: str, shown: str) -> None:
    at = datetime.fromtimestamp(NOON, UTC)
    assert dates.show(pattern, at, at.replace(hour=13, minute=30)) == shown


def test_near_days_have_names_and_far_ones_dates() -> None:
    at = datetime.fromtimestamp(NOON, UTC)
    shown = [dates.show("{date_short_pretty}", at, at.replace(day=day)) for day in (1, 3, 4)]
    assert shown == ["tomorrow", "yesterday", "Mar 2, 2026"]
    assert [dates.show("{date}", at.replace(day=d), at)[:10] for d in (1, 3, 11, 22)] == [
        "March 1st,",
        "March 3rd,",
        "March 11th",
        "March 22nd",
    ]
    assert dates.ago(at, at.replace(hour=10)) == "in 2 hours"
