"""The environment, and the sentences about what is wrong with it."""

import pytest
from pydantic import ValidationError

from bot import policy_files
from bot.settings import Settings, SettingsFault, load, load_local, strays

SECRET = "0123456789abcdef0123456789abcdef"
SOCKET = {"SLACK_BOT_TOKEN": "xoxb-not-a-real-token", "SLACK_APP_TOKEN": "xapp-not-a-real-token"}
HTTP = {"SLACK_BOT_TOKEN": "xoxb-not-a-real-token", "SLACK_SIGNING_SECRET": SECRET}


@pytest.fixture
def environ(monkeypatch, tmp_path):
    """Nothing but what the test sets, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields.values():
        monkeypatch.delenv(str(name.validation_alias), raising=False)

    def put(**variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    return put


def refused():
    with pytest.raises(SettingsFault) as fault:
        load()
    return fault.value.sentences


def test_an_app_token_means_socket_mode(environ):
    environ(**SOCKET)
    settings = load()
    assert settings.socket_mode
    assert (settings.host, settings.port, settings.policy) == ("127.0.0.1", 8700, None)
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.database_url.get_secret_value() == "sqlite:///deskbell.db"


def test_without_one_slack_comes_over_http(environ):
    environ(**HTTP)
    assert not load().socket_mode


def test_the_env_file_is_read_and_the_environment_wins(environ, tmp_path):
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=xoxb-from-file\nSLACK_APP_TOKEN=xapp-file\nDESKBELL_PORT=9000\n")
    environ(DESKBELL_PORT="9001")
    settings = load()
    assert settings.bot_token.get_secret_value() == "xoxb-from-file"
    assert settings.port == 9001


def test_lines_left_empty_in_the_env_file_count_as_left_out(environ, tmp_path):
    (tmp_path / ".env").write_text(
        "SLACK_BOT_TOKEN=xoxb-a\nSLACK_APP_TOKEN=\nDESKBELL_PORT=\nSLACK_SIGNING_SECRET=" + SECRET
    )
    assert not load().socket_mode


def test_a_newcomer_hears_of_everything_that_is_missing_and_where_it_is_found(environ):
    bot_token, door = refused()
    assert bot_token.startswith("SLACK_BOT_TOKEN is not set")
    assert "OAuth & Permissions" in bot_token
    assert door.startswith("SLACK_SIGNING_SECRET is not set, and neither is SLACK_APP_TOKEN")
    assert "App-Level Tokens" in door
    assert "App Credentials" in door


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SLACK_BOT_TOKEN", "xapp-not-a-real-token", "the two tokens have changed places"),
        ("SLACK_APP_TOKEN", "xoxb-not-a-real-token", "the two tokens have changed places"),
        ("SLACK_BOT_TOKEN", "not-a-real-token", "is not a token that begins with xoxb-"),
        ("SLACK_BOT_TOKEN", "xoxb-not a real token", "is not a token"),
        ("SLACK_SIGNING_SECRET", "xoxb-not-a-real-token", "holds a token, not the signing secret"),
        ("SLACK_SIGNING_SECRET", "short", "is too short"),
        ("DESKBELL_PORT", "eighty", "cannot be used. What to put there: a port"),
        ("DESKBELL_PORT", "65536", "cannot be used. What to put there: a port"),
        ("DESKBELL_SLACK_API_URL", "http://example.com/api/", "must begin with https://"),
        ("DESKBELL_SLACK_API_URL", "https://example.com/", "must end in /api/"),
        ("DESKBELL_SLACK_API_URL", "https://example.com/api/?x", "must end in /api/"),
        ("DESKBELL_SLACK_API_URL", "slack.com/api/", "is not a web address"),
        ("DESKBELL_DATABASE_URL", "mysql://u:p@host/x", "begins with neither sqlite:/// nor postgresql://"),
        ("DESKBELL_DATABASE_URL", "postgresql://user:p:w@host:port/x", "write @ as %40"),
        ("DESKBELL_POLICY", "missing.toml", "names missing.toml, and there is no such file here"),
        ("DESKBELL_LOG_LEVEL", "loud", "debug, info, warning or error"),
        ("DESKBELL_LOG_FORMAT", "xml", "text or json"),
    ],
)
def test_a_bad_value_is_a_sentence_that_names_its_variable(environ, name, value, words):
    environ(**(SOCKET | {name: value}))
    (sentence,) = refused()
    assert sentence.startswith(name)
    assert words in sentence


@pytest.mark.parametrize(
    "name", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "DESKBELL_DATABASE_URL"]
)
def test_no_fault_repeats_a_secret(environ, name):
    environ(**(SOCKET | {name: "hunter2!"}))
    assert "hunter2" not in str(refused())


def test_settings_show_no_secret(environ):
    environ(**SOCKET, SLACK_SIGNING_SECRET=SECRET, DESKBELL_DATABASE_URL="postgresql://desk:hunter2@host/x")
    shown = repr(load()) + str(load()) + load().model_dump_json()
    assert not any(secret in shown for secret in ("not-a-real-token", SECRET, "hunter2"))


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("", ""),
        ("https://deskbell.example.com", "https://deskbell.example.com"),
        ("https://example.com/deskbell/", "https://example.com/deskbell"),
        ("http://127.0.0.1:8700", "http://127.0.0.1:8700"),
    ],
)
def test_the_public_address_is_brought_into_form(environ, given, used):
    environ(**SOCKET, DESKBELL_PUBLIC_URL=given)
    assert load().public_url == used


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ("deskbell.example.com", "is not a web address"),
        ("http://deskbell.example.com", "must begin with https://"),
        ("https://example.com/?a=b", "with nothing behind its path"),
        ("https://me:word@example.com", "with nothing behind its path"),
    ],
)
def test_a_public_address_that_would_not_do_is_refused(environ, given, fault):
    environ(**SOCKET, DESKBELL_PUBLIC_URL=given)
    assert any(fault in sentence and sentence.startswith("DESKBELL_PUBLIC_URL") for sentence in refused())


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("http://127.0.0.1:8700/api", "http://127.0.0.1:8700/api/"),
        ("http://localhost:1/api/", "http://localhost:1/api/"),
        ("http://[::1]:1/api/", "http://[::1]:1/api/"),
        ("https://example.com/proxied/api", "https://example.com/proxied/api/"),
    ],
)
def test_the_api_address_is_brought_into_form(environ, given, used):
    environ(**SOCKET, DESKBELL_SLACK_API_URL=given)
    assert load().slack_api_url == used


def test_what_was_pasted_with_blanks_or_in_capitals_is_understood(environ):
    environ(
        SLACK_BOT_TOKEN=" xoxb-a\n", SLACK_APP_TOKEN="xapp-b ", DESKBELL_LOG_LEVEL="DEBUG", DESKBELL_LOG_FORMAT="Json"
    )
    settings = load()
    assert settings.bot_token.get_secret_value() == "xoxb-a"
    assert (settings.log_level, settings.log_format) == ("debug", "json")


def test_commands_that_never_speak_to_slack_need_no_token(environ):
    environ(DESKBELL_PORT="0")
    assert load_local().port == 0


def test_settings_cannot_be_changed_in_passing(environ):
    environ(**SOCKET)
    with pytest.raises(ValidationError, match="frozen"):
        load().port = 1


def test_a_misspelt_variable_is_noticed(environ, tmp_path):
    environ(DESKBELL_PROT="1")
    (tmp_path / ".env").write_text("DESKBELL_ZZZ=1\n")
    assert strays() == {"DESKBELL_PROT": "DESKBELL_PORT", "DESKBELL_ZZZ": ""}


def test_an_env_file_in_another_encoding_is_a_sentence(environ, tmp_path):
    (tmp_path / ".env").write_bytes(b"SLACK_BOT_TOKEN=\xff")
    assert refused() == [".env is not UTF-8 text; save it as such."]


def test_a_policy_in_another_encoding_is_a_sentence(environ, tmp_path):
    (tmp_path / "policy.toml").write_bytes(b"\xff")
    environ(**SOCKET, DESKBELL_POLICY="policy.toml")
    with pytest.raises(SettingsFault, match="is not UTF-8 text"):
        policy_files.load(load().policy)


def test_the_example_lists_every_variable(request):
    example = (request.config.rootpath / ".env.example").read_text()
    for field in Settings.model_fields.values():
        assert f"{field.validation_alias}=" in example
