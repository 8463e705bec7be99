"""The calendar's feed says what was typed, whatever that looks like to a calendar program."""

import pytest

from bot.rules.calendar.calendar import Entry, EntryKind
from bot.rules.change.flow import ChangeState
from handlers.blocks.samples import AT
from handlers.calendar.views import feed


def _told(title: str, service: str = "VPN") -> str:
    """The feed with its lines unfolded (RFC 5545, 3.1)."""
    entry = Entry(EntryKind.CHANGE, "CHG-1", title, AT, AT, ("vpn",), ChangeState.SCHEDULED)
    return feed.feed([entry], {"vpn": service}, "desk.example.com").decode().replace("\r\n ", "")


@pytest.mark.parametrize(
    ("title", "escaped"),
    [
        (r"Move \\FS01\NETLOGON", r"Move \\\\FS01\\NETLOGON"),
        (r"\n is no line break", r"\\n is no line break"),
        (r"C:\New, D:\net; E:\\", r"C:\\New\, D:\\net\; E:\\\\"),
        ("BEGIN:VEVENT", "BEGIN:VEVENT"),
        ("a\nSUMMARY:b", r"a\nSUMMARY:b"),
        ("x" * 200 + r"\N", "x" * 200 + r"\\N"),
    ],
)
def test_a_title_is_read_back_as_it_was_typed(title: str, escaped: str) -> None:
    assert f"SUMMARY:CHG-1 {escaped}\r\n" in _told(title)


def test_a_services_name_is_too() -> None:
    assert r"Services: \\\\FS01\\NETLOGON\, main." in _told("Move it", r"\\FS01\NETLOGON, main")
