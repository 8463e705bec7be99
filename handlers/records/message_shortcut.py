"""What a message shortcut is sent with."""

from typing import Any


def link_of(shortcut: dict[str, Any]) -> str:
    """The address of the message that it was used on."""
    domain, ts = shortcut["team"].get("domain", "slack"), str(shortcut["message"].get("ts") or shortcut["message_ts"])
    return f"https://{domain}.slack.com/archives/{shortcut['channel']['id']}/p{ts.replace('.', '')}"
