"""A day is written as “Mon 9 Mar 2026” where people read it: “2026-03-09” is for files and for what is typed."""

import re

from cast import Desk
from every_noun import screens, texts

ISO = re.compile(r"\d{4}-\d\d-\d\d")
TYPED = re.compile(r"“[^”]*”|`[^`]*`|<!date[^>]*>|<http[^>]*>", re.DOTALL)
"""What people typed and may type, and instants, which Slack writes for each reader."""


async def test_no_screen_has_a_day_as_files_have_it(lived_in_desk: Desk) -> None:
    desk = lived_in_desk
    for typed in ("report action RPT-1 @manager friday Mend it", "survey action SVY-1 @manager friday Ask again"):
        await desk.manager.runs(f"/{typed}")
    await desk.settles()
    assert "Fri 13 Mar 2026" in (await desk.manager.runs("/survey SVY-1")).text
    assert "Mon 2 Mar 2026 to Sun 8 Mar 2026" in (await desk.manager.runs("/report RPT-1")).text
    found = set()
    for person in (desk.manager, desk.requester):
        async for name, blocks in screens(desk, person):
            found |= {(name, said) for _, said in texts(blocks) if ISO.search(TYPED.sub("", said))}
    assert not found
