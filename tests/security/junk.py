"""Files and bodies that hold junk: what tests give to each command and door that reads one."""

import io
import json
import zipfile

HEADS = "number,short_description,description,state,opened_at,caller_id,id,title,Name,Serial"
ROW = "INC1,VPN,Long,1,2025-01-02 10:00:00,Requester,7,VPN,web,S1"


def csv(*rows: str, head: str = HEADS, mark: str = ",") -> bytes:
    return "\n".join([head, *rows]).replace(",", mark).encode("utf-8", "surrogatepass")


def filled(words: str) -> bytes:
    """These words in every column."""
    return csv(",".join([f'"{words}"'] * (HEADS.count(",") + 1)))


def xlsx(sheet: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as parts:
        parts.writestr("xl/worksheets/sheet1.xml", sheet)
    return packed.getvalue()


JUNK = {
    "nothing": b"",
    "blanks": b" \n\n\t\n",
    "a mark of order alone": b"\xef\xbb\xbf",
    "a mark of order": b"\xef\xbb\xbf" + csv(ROW),
    "UTF-16": csv(ROW).decode().encode("utf-16"),
    "Latin-1": csv(ROW.replace("VPN", "Büro")).decode().encode("latin-1"),
    "bytes": bytes(range(256)) * 40,
    "zeros": b"\0" * 4000,
    "zeros in CSV": csv(ROW.replace("VPN", "V\0PN")),
    "semicolons": csv(ROW, mark=";"),
    "tabs": csv(ROW, mark="\t"),
    "headings alone": csv(),
    "a heading twice": csv(ROW + ",x", head=HEADS + ",number"),
    "an empty heading": csv(ROW + ",x", head=HEADS + ","),
    "too few cells": csv("INC1,VPN"),
    "too many cells": csv(ROW + ",1,2,3,4"),
    "an open quote": csv('INC1,"VPN' + "\nx" * 50),
    "a quote within": csv('INC1,VP"N,"Lo"ng",1'),
    "40,000 characters": filled("x" * 40_000),
    "300,000 characters": filled("x" * 300_000),
    "nothing to be seen": filled("\u3164\u200b"),
    "controls": filled("a\x1b[2J\x07\x85b"),
    "right to left": filled("\u202e\u2066gnp.exe"),
    "half a character": filled("a\ud800b"),
    "emoji": filled("🙂"),
    "year 0": csv(ROW.replace("2025-01-02", "0000-00-00")),
    "year 9999": csv(ROW.replace("2025-01-02", "9999-12-31")),
    "huge numbers": filled("9" * 400),
    "numbers": filled("1e999"),
    "true": b"true",
    "null": b"null",
    "a number": b"1e999",
    "digits": b"[" + b"9" * 5000 + b"]",
    "a list of lists": b"[[1, [2]], {}]",
    "a list of nothing": b"[null, 1, \"x\", true, []]",
    "an object": b"{}",
    "wrong types": json.dumps([{one: {"a": [1, None, {"b": True}]} for one in HEADS.split(",")}]).encode(),
    "wrong results": json.dumps({"result": 7, "records": "x", "issues": None, "tickets": {"a": 1}}).encode(),
    "deep": b"[" * 100_000,
    "deep and closed": b"[" * 50_000 + b"]" * 50_000,
    "deep objects": b'{"a":' * 50_000,
    "NaN": b'[{"number": NaN, "id": Infinity}]',
    "half a character in JSON": b'[{"number": "\\ud800", "id": "\\ud800", "short_description": "\\udfff"}]',
    "a key twice": b'[{"id": 1, "id": 2, "number": "a", "number": "b"}]',
    "unclosed JSON": b'[{"id": 1',
    "XML": b"<a><b><number>1</number><id>&amp;</id></b></a>",
    "unclosed XML": b"<a><b>",
    "entities": b'<!DOCTYPE a [<!ENTITY x "xx">]><a><b>&x;</b></a>',
    "a zip file": b"PK\x03\x04" + b"\0" * 100,
    "an empty sheet": xlsx(b"<worksheet/>"),
    "a sheet of junk": xlsx(b"<worksheet><row r='x'><c r='ZZZZ9' t='s'><v>x</v></c></row></worksheet>"),
    "TOML": b'a = 1\n[services.x]\nname = "\\u0000"\n',
    "deep TOML": b"a = " + b"[" * 50_000,
    "deep tables": b"[" + b"a." * 20_000 + b"a]\n",
    "TOML of year 0": b"a = 0000-01-01\nb = 9999-12-31T23:59:60Z\nc = 1e999\nd = " + b"9" * 5000,
}  # fmt: skip
