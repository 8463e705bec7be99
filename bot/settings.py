"""The environment, read once: each variable, what is allowed in it, and where its value is found."""

import ipaddress
import os
import re
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from urllib.parse import unquote, urlsplit

from dotenv import dotenv_values
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.rules.policy_format.hints import nearest

ENV_FILE = ".env"

_OURS = "DESKBELL_"
_PAGES = "api.slack.com/apps → your app"
_FOUND = {
    "SLACK_BOT_TOKEN": f"{_PAGES} → OAuth & Permissions → Bot User OAuth Token (it begins with xoxb-)",
    "SLACK_APP_TOKEN": (
        f"{_PAGES} → Basic Information → App-Level Tokens → Generate, with the scope connections:write "
        "(it begins with xapp-)"
    ),
    "SLACK_SIGNING_SECRET": f"{_PAGES} → Basic Information → App Credentials → Signing Secret → Show",
    "DESKBELL_SLACK_API_URL": "leave it out to use Slack itself",
    "DESKBELL_DATABASE_URL": "sqlite:///deskbell.db for a file, postgresql://user:password@host/name for a server",
    "DESKBELL_BOT_PASSWORD": "for `deskbell migrate --roles`: the password of the role that the bot runs as",
    "DESKBELL_HOST": "the address to listen on, 127.0.0.1 unless a proxy on another machine must reach it",
    "DESKBELL_PORT": "a port from 0 to 65535 (0 takes a free one)",
    "DESKBELL_PUBLIC_URL": "where the port above can be reached from outside, such as https://deskbell.example.com",
    "DESKBELL_POLICY": "the path of your policy file, or of a folder of them; leave it out for the shipped one",
    "DESKBELL_KEEP_DAYS": "a whole number of days from 1 to 3650",
    "DESKBELL_AUDIT_KEY": "what `deskbell audit key` prints, or the path of a PEM file with an Ed25519 key",
    "DESKBELL_AUDIT_FILE": "the path of a file for the journal's checkpoints, in a folder that is there",
    "DESKBELL_API": "on or off: whether the REST API is served at /api/v1",
    "DESKBELL_WEBHOOKS_ALLOW_PRIVATE": "on only where you try webhooks on your own machine; leave it out otherwise",
    "DESKBELL_LOG_LEVEL": "debug, info, warning or error",
    "DESKBELL_LOG_FORMAT": "text or json",
}
"""Every variable that is read, and what to put there."""


class SettingsFault(Exception):
    """The environment cannot be used; `sentences` name each variable at fault, and never its value."""

    def __init__(self, sentences: list[str]) -> None:
        self.sentences = sentences
        super().__init__("\n".join(sentences))


def text_of(file: Path) -> str:
    """Raises SettingsFault for a file that cannot be read, or not as UTF-8."""
    try:
        return file.read_text("utf-8-sig")
    except OSError as fault:
        raise SettingsFault([f"{file} cannot be read: {fault.strerror}."]) from None
    except UnicodeDecodeError:
        raise SettingsFault([f"{file} is not UTF-8 text; save it as such."]) from None


def _begins(prefix: str, other: str) -> AfterValidator:
    shape = re.compile(prefix + r"[A-Za-z0-9_-]+", re.ASCII)

    def check(token: SecretStr) -> SecretStr:
        value = token.get_secret_value().strip()
        if value.startswith(other):
            raise ValueError(f"holds a token that begins with {other}: the two tokens have changed places")
        if not shape.fullmatch(value):
            raise ValueError(f"is not a token that begins with {prefix}")
        return SecretStr(value)

    return AfterValidator(check)


def _signing_secret(secret: SecretStr) -> SecretStr:
    value = secret.get_secret_value().strip()
    if value.startswith(("xoxb-", "xapp-")):
        raise ValueError("holds a token, not the signing secret")
    if len(value) < 16:
        raise ValueError("is too short to be a signing secret")
    return SecretStr(value)


def _api_url(url: str) -> str:
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("is not a web address")
    if parts.query or parts.fragment or parts.username or not parts.path.rstrip("/").endswith("/api"):
        raise ValueError("must end in /api/, with nothing after it")
    if parts.scheme == "http" and not _loopback(parts.hostname):
        raise ValueError("must begin with https://, because the token travels to it")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}/"


def _public_url(url: str) -> str:
    """Nothing is given where nobody reads calendars."""
    if not url:
        return url
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("is not a web address")
    if parts.query or parts.fragment or parts.username:
        raise ValueError("must be an address alone, with nothing behind its path")
    if parts.scheme == "http" and not _loopback(parts.hostname):
        raise ValueError("must begin with https://, because people's calendar addresses travel to it")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _database_url(url: SecretStr) -> SecretStr:
    value = url.get_secret_value().strip()
    if not re.match(r"sqlite:///.|postgresql(\+psycopg)?://.", value):
        raise ValueError("begins with neither sqlite:/// nor postgresql://")
    try:
        _ = urlsplit(value).port
    except ValueError:
        raise ValueError("has no number for a port; in a password write @ as %40, : as %3A and / as %2F") from None
    return SecretStr(value)


def _file_or_folder(path: Path) -> Path:
    if not (path.is_file() or path.is_dir()):
        raise ValueError(f"names {path}, and there is no such file here")
    return path


def _audit_key(key: SecretStr) -> SecretStr:
    """As text, whether it was given or its file was named. Raises ValueError without telling what was there."""
    from bot.rules.journal import signing  # brings cryptography along, which only those need who sign

    value = key.get_secret_value().strip()
    if value.endswith(".pem"):
        value = text_of(Path(value))
    signing.signer(value)
    return SecretStr(value)


def _in_a_folder(path: Path) -> Path:
    if not path.parent.is_dir():
        raise ValueError(f"names {path}, and there is no such folder here")
    return path


_Lower = BeforeValidator(lambda value: value.strip().lower() if isinstance(value, str) else value)


class LocalSettings(BaseSettings):
    """What the commands that never speak to Slack need."""

    model_config = SettingsConfigDict(
        frozen=True,
        env_file=ENV_FILE,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        hide_input_in_errors=True,
        populate_by_name=True,
    )

    database_url: Annotated[SecretStr, AfterValidator(_database_url)] = Field(
        SecretStr("sqlite:///deskbell.db"), validation_alias="DESKBELL_DATABASE_URL"
    )
    """Secret because a server's address holds its password."""
    bot_password: SecretStr | None = Field(None, validation_alias="DESKBELL_BOT_PASSWORD")
    """Read where roles are made; the bot itself has its password in the address."""
    host: str = Field("127.0.0.1", validation_alias="DESKBELL_HOST")
    port: int = Field(8700, ge=0, le=65535, validation_alias="DESKBELL_PORT")
    policy: Annotated[Path, AfterValidator(_file_or_folder)] | None = Field(None, validation_alias="DESKBELL_POLICY")
    keep_days: int = Field(90, ge=1, le=3650, validation_alias="DESKBELL_KEEP_DAYS")
    """How long messages that were sent are remembered. Records, cards and the journal stay."""
    audit_key: Annotated[SecretStr, AfterValidator(_audit_key)] | None = Field(
        None, validation_alias="DESKBELL_AUDIT_KEY"
    )
    """A seed in base64, or what a PEM file says."""
    audit_file: Annotated[Path, AfterValidator(_in_a_folder)] | None = Field(
        None, validation_alias="DESKBELL_AUDIT_FILE"
    )
    webhooks_allow_private: bool = Field(False, validation_alias="DESKBELL_WEBHOOKS_ALLOW_PRIVATE")
    """For tests and the sandbox: webhooks go to any address, calendars are read from any, and without TLS."""
    log_level: Annotated[Literal["debug", "info", "warning", "error"], _Lower] = Field(
        "info", validation_alias="DESKBELL_LOG_LEVEL"
    )
    log_format: Annotated[Literal["text", "json"], _Lower] = Field("text", validation_alias="DESKBELL_LOG_FORMAT")

    @property
    def secrets(self) -> list[str]:
        """What must never stand in a log: as it was given, and a password also as it is meant."""
        password = urlsplit(self.database_url.get_secret_value()).password or ""
        given = [secret.get_secret_value() for secret in (self.audit_key, self.bot_password) if secret is not None]
        return [one for one in (*given, password, unquote(password)) if one]


class Settings(LocalSettings):
    """What it takes to serve a workspace: an app token for Socket Mode, else a signing secret for HTTP."""

    bot_token: Annotated[SecretStr, _begins("xoxb-", "xapp-")] = Field(validation_alias="SLACK_BOT_TOKEN")
    app_token: Annotated[SecretStr, _begins("xapp-", "xoxb-")] | None = Field(None, validation_alias="SLACK_APP_TOKEN")
    signing_secret: Annotated[SecretStr, AfterValidator(_signing_secret)] | None = Field(
        None, validation_alias="SLACK_SIGNING_SECRET", validate_default=True
    )
    slack_api_url: Annotated[str, AfterValidator(_api_url)] = Field(
        "https://slack.com/api/", validation_alias="DESKBELL_SLACK_API_URL"
    )
    """Ends in /api/."""
    public_url: Annotated[str, AfterValidator(_public_url)] = Field("", validation_alias="DESKBELL_PUBLIC_URL")
    """Without a slash at the end; empty where nobody has said."""
    api: bool = Field(False, validation_alias="DESKBELL_API")
    """Whether the REST API is served."""

    @field_validator("signing_secret")
    @classmethod
    def _one_door(cls, secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        """`app_token` is absent here where it was faulty, which has been said already."""
        if secret is None and info.data.get("app_token", ...) is None:
            app_token = _FOUND["SLACK_APP_TOKEN"]
            raise ValueError(f"is not set, and neither is SLACK_APP_TOKEN for Socket Mode ({app_token}); set one")
        return secret

    @property
    def socket_mode(self) -> bool:
        return self.app_token is not None

    @property
    def secrets(self) -> list[str]:
        given = (self.bot_token, self.app_token, self.signing_secret)
        return [*super().secrets, *(secret.get_secret_value() for secret in given if secret is not None)]


_NAMED = {field: str(info.validation_alias) for field, info in Settings.model_fields.items()}
"""Pydantic places the fault of a default under the field's own name."""

_Read = TypeVar("_Read", bound=LocalSettings)


def load() -> Settings:
    """From the environment and `.env` (the environment wins). Raises SettingsFault with a sentence for each fault."""
    return _read(Settings)


def load_local() -> LocalSettings:
    """As `load`, for what never speaks to Slack."""
    return _read(LocalSettings)


def secret(name: str) -> str:
    """What a variable that the policy names holds, of the environment or `.env`; empty where it is not set."""
    return os.environ.get(name) or dotenv_values(ENV_FILE).get(name) or ""


def strays() -> dict[str, str]:
    """Variables called DESKBELL_… that nothing reads, each with the name that was probably meant, or nothing."""
    given = {*os.environ, *dotenv_values(ENV_FILE)}
    unread = sorted(name for name in given if name.startswith(_OURS) and name not in _FOUND)
    known = [name.removeprefix(_OURS) for name in _FOUND if name.startswith(_OURS)]
    close = {name: nearest(name.removeprefix(_OURS), known) for name in unread}
    return {name: _OURS + meant if meant else "" for name, meant in close.items()}


def _read(kind: type[_Read]) -> _Read:
    try:
        return kind()
    except ValidationError as error:
        raise SettingsFault([_sentence(detail) for detail in error.errors(include_input=False)]) from None
    except UnicodeDecodeError:
        raise SettingsFault([".env is not UTF-8 text; save it as such."]) from None


def _sentence(detail: ErrorDetails) -> str:
    name = str(detail["loc"][0])
    name = _NAMED.get(name, name)
    match detail["type"]:
        case "missing":
            fault = "is not set"
        case "value_error":
            fault = str(detail["ctx"]["error"])
        case _:
            fault = "cannot be used"
    return f"{name} {fault}. What to put there: {_FOUND[name]}."
