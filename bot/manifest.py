"""The Slack app's manifest, where it stands: beside this package's modules in a wheel, at the root of a checkout."""

from importlib import resources
from pathlib import Path

import yaml


def text() -> str:
    packed = resources.files("bot").joinpath("manifest.yml")
    if packed.is_file():
        return packed.read_text(encoding="utf-8")
    return (Path(__file__).parents[1] / "manifest.yml").read_text(encoding="utf-8")


def bot_scopes() -> list[str]:
    return _scopes("bot")


def optional_scopes() -> list[str]:
    """Which whoever installs the app may leave out."""
    return _scopes("bot_optional")


def _scopes(key: str) -> list[str]:
    scopes: list[str] = yaml.safe_load(text())["oauth_config"]["scopes"].get(key, [])
    return scopes
