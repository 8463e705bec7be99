"""The rich_text block (Slack: “Rich text block”)."""

from bot.sandbox.blocks.checks import Check, flag, listing, one_of, record, text, typed, whole
from bot.sandbox.blocks.objects import ID, KIND

STYLES = ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink")
_STYLE = record({}, dict.fromkeys(STYLES, flag))


def _inline(needed: dict[str, Check], **may: Check) -> Check:
    return record({"type": KIND, **needed}, {"style": _STYLE, **may})


INLINE = {
    "text": _inline({"text": text(40_000)}),
    "link": _inline({"url": text(3000)}, text=text(40_000), unsafe=flag),
    "emoji": _inline({"name": text(100)}, unicode=text(60), url=text(3000), skin_tone=whole(1, 6)),
    "user": _inline({"user_id": ID}),
    "usergroup": _inline({"usergroup_id": ID}),
    "channel": _inline({"channel_id": ID}),
    "team": _inline({"team_id": ID}),
    "broadcast": _inline({"range": one_of("here", "channel", "everyone")}),
    "color": _inline({"value": text(20)}),
    "date": _inline({"timestamp": whole(0, 99_999_999_999), "format": text(1000)}, url=text(3000), fallback=text(1000)),
}

_ELEMENTS = listing(typed(INLINE, "rich text element"), 1000, least=0)
_LITERAL = listing(typed({kind: INLINE[kind] for kind in ("text", "link")}, "rich text element"), 1000, least=0)
_SECTION = record({"type": KIND, "elements": _ELEMENTS}, {})
_BORDER = {"border": whole(0, 1)}

PARTS = {
    "rich_text_section": _SECTION,
    "rich_text_quote": record({"type": KIND, "elements": _ELEMENTS}, _BORDER),
    "rich_text_preformatted": record({"type": KIND, "elements": _LITERAL}, {"language": text(40), **_BORDER}),
    "rich_text_list": record(
        {
            "type": KIND,
            "style": one_of("bullet", "ordered"),
            "elements": listing(typed({"rich_text_section": _SECTION}, "list item"), 1000),
        },
        {"indent": whole(0, 8), "offset": whole(0, 10_000), **_BORDER},
    ),
}

RICH_TEXT = record(
    {"type": KIND, "elements": listing(typed(PARTS, "rich text part"), 1000)},
    {"block_id": ID},
)
