# ruff: noqa: E501 - rows of other tools, a line each
"""Rows of each tool, as it exports them, read as tickets."""

import io
import json
import tracemalloc
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter

from bot.rules.imports import mapping, reading
from bot.rules.imports.chunks import FileFault
from bot.rules.imports.instants import Clock
from bot.rules.imports.refusals import BadMapping, NoMapping
from bot.rules.imports.spec import How
from bot.rules.imports.ticket import Source, Who
from bot.rules.incident.flow import IncidentState as S
from bot.rules.incident.flow import PendingOn
from bot.rules.incident.priority import Impact, Priority, Urgency
from bot.rules.record.refs import Noun

NOW = datetime(2026, 6, 1, tzinfo=UTC)
PLAIN = How(Clock(), NOW)
BERLIN = How(Clock(ZoneInfo("Europe/Berlin")), NOW)


def read(source, text, how=PLAIN, size=17):
    """In small pieces, so that every row is cut somewhere."""
    data = text if isinstance(text, bytes) else (text if isinstance(text, str) else json.dumps(text)).encode()
    pieces = [data[at : at + size] for at in range(0, len(data), size)] or [b""]
    return list(reading.read(pieces, reading.spec_of(source, how, "a file"), how))


def one(source, text, how=PLAIN):
    (row,) = read(source, text, how)
    assert row.ticket, row.fault
    return row.ticket


SNOW = {
    "number": "INC0000060", "sys_id": "1c741bd70b2322007518478d83673af3", "sys_class_name": "incident",
    "state": "7", "opened_at": "2016-12-12 15:19:57", "resolved_at": "2016-12-13 21:43:14",
    "closed_at": "2016-12-14 02:46:44", "short_description": "Unable to connect to email", "impact": "2",
    "urgency": "2",
    "priority": "3", "description": "It appears to be down.", "close_notes": "Restarted.",
    "close_code": "Solved (Permanently)", "category": "inquiry", "sys_updated_on": "2016-12-14 02:46:44",
    "caller_id": {"link": "https://dev/api/now/table/sys_user/681c", "value": "681ccaf9c0a8016400b98a06818d57c7"},
    "assigned_to": {"display_value": "Beth Anglin", "link": "https://dev/x"},
    "comments_and_work_notes": "2016-12-13 21:43:14 - Beth Anglin (Work notes)\nRestarted it.\n\n"
    "2016-12-12 16:00:00 - Remote Caller (Additional comments)\nStill down.\n",
}  # fmt: skip


def test_servicenow_by_its_api_and_by_its_lists():
    ticket = one(Source.SERVICENOW, {"result": [SNOW]})
    assert (ticket.source_id, ticket.old_ref, ticket.state) == ("INC0000060", "INC0000060", S.CLOSED)
    assert ticket.opened_at == datetime(2016, 12, 12, 15, 19, 57, tzinfo=UTC)
    assert ticket.closed_at == datetime(2016, 12, 14, 2, 46, 44, tzinfo=UTC)
    assert (ticket.impact, ticket.urgency, ticket.priority) == (Impact.MEDIUM, Urgency.MEDIUM, Priority.P3)
    assert (ticket.reporter, ticket.assignee) == (Who(id="681ccaf9c0a8016400b98a06818d57c7"), Who("Beth Anglin"))
    assert (ticket.resolution, ticket.resolution_code) == ("Restarted.", "Solved (Permanently)")
    first, second = ticket.comments
    assert (first.text, first.who, first.internal) == ("Still down.", Who("Remote Caller"), False)
    assert (second.text, second.internal, second.at) == ("Restarted it.", True, ticket.resolved_at)
    listed = (
        "Number,Opened,Short description,Caller,Priority,State,Category,Assignment group,Assigned to,Updated\r\n"
        'INC0000060,12.12.2016 16:19:57,"Unable to ""connect"" to email",Remote Caller,3 - Moderate,On Hold,Inquiry / Help,'
        "Service Desk,Beth Anglin,14.12.2016 03:46:44\r\n"
    )
    ticket = one(Source.SERVICENOW, listed, BERLIN)
    assert (ticket.opened_at, ticket.state) == (datetime(2016, 12, 12, 15, 19, 57, tzinfo=UTC), S.PENDING)
    assert (ticket.summary, ticket.pending_on) == ('Unable to "connect" to email', PendingOn.VENDOR)
    (row,) = read(Source.SERVICENOW, listed)
    assert "--zone" in row.fault
    xml = (
        '<?xml version="1.0" encoding="ISO-8859-1"?>\n<unload unload_date="2026-01-01">\n<incident action="INSERT">\n'
        "<number>INC1</number><short_description>A &amp; B é</short_description><state>3</state><hold_reason>1</hold_reason>"
        '<opened_at>2026-01-02 03:04:05</opened_at><assigned_to display_value="Beth Anglin">46c6</assigned_to></incident>'
        "<change_request><number>CHG1</number></change_request></unload>"
    )
    row, change = read(Source.SERVICENOW, xml)
    assert (row.line, row.ticket.summary, row.ticket.state) == (3, "A & B é", S.PENDING)
    assert (row.ticket.pending_on, row.ticket.assignee, change.left_out) == (
        PendingOn.CUSTOMER, Who("Beth Anglin"), "change_request",
    )  # fmt: skip


JIRA = (
    "Summary,Issue key,Issue id,Issue Type,Status,Priority,Assignee,Reporter,Created,Resolved,Component/s,Component/s,"
    "Description,Comment,Comment\n"
    "Mail is slow,DESK-1,1001,[System] Incident,Waiting for customer,High,manager,engineer@example.com,12/Apr/26 3:30 PM,,"
    'Mail,Web,"Two\nlines","12/Apr/26 4:00 PM;manager;Looks; good","no; date"\n'
    "A laptop,DESK-2,1002,[System] Service request,Done,Low,,engineer,12/Apr/26 3:30 PM,13/Apr/26 3:30 PM,,,,,\n"
)


def test_jira_by_csv_with_columns_of_one_name_and_by_its_api():
    first, second = read(Source.JIRA, JIRA, BERLIN)
    ticket = first.ticket
    assert (first.line, second.line, second.left_out) == (2, 4, "Service request")
    assert (ticket.state, ticket.pending_on, ticket.priority) == (S.PENDING, PendingOn.CUSTOMER, Priority.P2)
    assert (ticket.opened_at.hour, ticket.service, ticket.description) == (13, "Mail", "Two\nlines")
    assert ticket.reporter == Who(email="engineer@example.com")
    assert [(note.text, note.at and note.at.hour) for note in ticket.comments] == [
        ("Looks; good", 14), ("no; date", None),
    ]  # fmt: skip
    taken = read(Source.JIRA, JIRA, replace(BERLIN, take=("Service Request",)))[1].ticket
    assert (taken.state, taken.resolved_at.day, taken.assignee) == (S.CLOSED, 13, None)
    body = {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "It is back"}]}]}
    issue = {
        "id": "10", "key": "DESK-3",
        "fields": {
            "summary": "Wi-Fi", "issuetype": {"name": "Incident"}, "created": "2026-04-12T13:30:00.000+0000",
            "status": {"name": "In der Klärung", "statusCategory": {"key": "indeterminate"}},
            "reporter": {"displayName": "Engineer", "emailAddress": "Engineer@example.com", "accountId": "5b"},
            "priority": {"name": "Highest"}, "security": {"name": "HR only"},
            "comment": {"comments": [{"author": {"displayName": "Auditor"}, "body": body, "created":
                        "2026-04-12T14:00:00.000+0000", "jsdPublic": False}]},
        },
    }  # fmt: skip
    ticket = one(Source.JIRA, {"startAt": 0, "issues": [issue]})
    assert (ticket.state, ticket.private, ticket.priority) == (S.IN_PROGRESS, True, Priority.P1)
    assert (ticket.reporter, ticket.comments[0].text) == (Who("Engineer", "engineer@example.com"), "It is back")
    assert ticket.comments[0].internal


def test_glpi_in_its_languages_and_numbers():
    english = (
        '"ID";"Title";"Status";"Last update";"Opening date";"Priority";"Requester - Requester";"Category";"Description";\n'
        '"1 234";"Écran noir";"Processing (assigned)";"2026-02-03 11:00";"2026-02-03 10:00";"Very high";"Caller Remote";'
        '"Hardware > Screen";"&#60;p&#62;It &amp; that&#60;/p&#62;";\n'
    )
    ticket = one(Source.GLPI, english, BERLIN)
    assert (ticket.source_id, ticket.state, ticket.priority) == ("1234", S.ACKNOWLEDGED, Priority.P1)
    assert (ticket.description, ticket.opened_at.hour) == ("It & that", 9)
    french = (
        english.replace("Title", "Titre").replace('"Status"', '"Statut"').replace("Opening date", "Date d'ouverture")
    )
    ticket = one(Source.GLPI, french.replace("Processing (assigned)", "Résolu"), BERLIN)
    assert (ticket.state, ticket.resolved_at.hour) == (S.RESOLVED, 10)
    told = {
        "id": 7, "name": "Printer", "content": "&lt;p&gt;No&lt;br&gt;paper&lt;/p&gt;", "date": "2026-02-03 10:00:00",
        "closedate": "2026-02-04 10:00:00", "status": 6, "priority": 2, "urgency": 5, "impact": 1, "type": 1,
        "_followups": [{"content": "<b>Filled</b>", "date": "2026-02-03 12:00:00", "users_id": "caller",
        "is_private": 1}],
    }  # fmt: skip
    first, second = read(Source.GLPI, [told, {**told, "id": 8, "type": 2}], BERLIN)
    ticket = first.ticket
    assert (ticket.description, ticket.priority, ticket.impact, ticket.urgency) == (
        "No\npaper", Priority.P4, Impact.LOW, Urgency.HIGH,
    )  # fmt: skip
    assert (ticket.comments[0].text, ticket.comments[0].internal, second.left_out) == ("Filled", True, "Request")


def test_zammad_with_its_articles():
    told = {
        "id": 2, "number": "22002", "title": "Mail", "state": "pending reminder", "priority": "3 high",
        "group": "Users",
        "customer": "caller@example.com", "owner": "-", "created_at": "2021-11-03T11:51:13.759Z",
        "updated_at": "2021-11-03T11:52:13.759Z", "pending_time": "2021-12-01T08:00:00.000Z",
        "articles": [
            {"id": 9, "body": "<div>Fixed?</div>", "content_type": "text/html", "from": "Agent <a@example.com>",
             "internal": True, "created_at": "2021-11-03T12:00:00.000Z"},
            {"id": 8, "body": "It fails", "content_type": "text/plain", "created_at": "2021-11-03T11:51:13.800Z"},
        ],
    }  # fmt: skip
    ticket = one(Source.ZAMMAD, [told])
    assert (ticket.old_ref, ticket.state, ticket.priority) == ("22002", S.PENDING, Priority.P2)
    assert (ticket.description, ticket.reporter, ticket.assignee) == ("It fails", Who(email="caller@example.com"), None)
    assert ticket.pending_until == datetime(2021, 12, 1, 8, tzinfo=UTC)
    (article,) = ticket.comments
    assert (article.text, article.who, article.internal) == ("Fixed?", Who("Agent", "a@example.com"), True)
    plain = {**told, "state_id": 4, "priority_id": 2, "close_at": "2021-11-05T08:00:00.000Z", "articles": []}
    ticket = one(Source.ZAMMAD, [{name: value for name, value in plain.items() if name not in ("state", "priority")}])
    assert (ticket.state, ticket.priority, ticket.closed_at.day) == (S.CLOSED, Priority.P3, 5)


def test_incidentbot_and_dispatch_of_which_times_are_utc():
    told = {
        "id": 3, "slug": "inc-202601021200-login", "description": "Nobody can log in. All regions", "severity": "sev2",
        "status": "monitoring", "created_at": "2026-01-02T12:00:00.123456", "updated_at": None, "components": "Login",
        "is_security_incident": True, "roles": {"incident_commander": "U012AB3CD"}, "statuses": ["investigating"],
    }  # fmt: skip
    ticket = one(Source.INCIDENTBOT, {"data": [told], "count": 1})
    assert (ticket.source_id, ticket.state, ticket.priority) == (told["slug"], S.IN_PROGRESS, Priority.P2)
    assert (ticket.private, ticket.assignee, ticket.opened_at.hour) == (True, Who(id="U012AB3CD"), 12)
    ticket = one(Source.INCIDENTBOT, {"data": [{**told, "status": "resolved", "updated_at": "2026-01-03T09:00:00"}]})
    assert (ticket.state, ticket.closed_at.day) == (S.CLOSED, 3)
    told = {
        "id": 12, "name": "dispatch-default-default-12", "title": "Cache", "description": "It is cold",
        "status": "Stable",
        "visibility": "Restricted", "reported_at": "2024-01-02T03:04:05.000Z", "stable_at": "2024-01-02T05:00:00.000Z",
        "incident_priority": {"name": "Critical"}, "incident_type": {"name": "Cache"},
        "commander": {"individual": {"name": "Caller", "email": "caller@example.com"}},
        "events": [{"started_at": "2024-01-02T03:05:00Z", "source": "Dispatch Core App", "description": "Created"}],
    }  # fmt: skip
    ticket = one(Source.DISPATCH, {"items": [told], "total": 1})
    assert (ticket.state, ticket.priority, ticket.private) == (S.RESOLVED, Priority.P1, True)
    assert (ticket.assignee, ticket.old_ref) == (Who("Caller", "caller@example.com"), told["name"])
    assert ticket.comments[0].text == "Created"


MAP = """
zone = "Europe/Berlin"
day_first = true
[columns]
id = "Ticket #"
summary = "Betreff"
state = "Stand"
opened = "Angelegt"
closed = "Zu"
reporter = "Melder"
reporter_email = "Mail"
priority = "Prio"
private = "Vertraulich"
work_notes = ["Notiz"]
[states]
"wartet auf Kunde" = "pending customer"
"erledigt" = "closed"
[priorities]
"A" = "P1"
"""


def test_any_csv_by_a_mapping():
    mapped = mapping.parse(MAP, "map.toml")
    how = How(Clock(ZoneInfo("Europe/Berlin"), mapped.order), NOW, mapped)
    text = (
        "Ticket #;Betreff;Stand;Angelegt;Zu;Melder;Mail;Prio;Vertraulich;Notiz\n"
        "7;=HYPERLINK(1);wartet auf Kunde;02/03/2026 10:00;;Remote Caller;Caller@Example.com;a;ja;-2+3\n"
        "8;Zu;erledigt;02/03/2026 10:00;03/03/2026 10:00;;;Z;nein;\n"
    )
    first, second = (row.ticket for row in read(Source.CSV, text, how))
    assert (first.summary, first.state, first.pending_on) == ("=HYPERLINK(1)", S.PENDING, PendingOn.CUSTOMER)
    assert (first.opened_at.month, first.priority, first.private) == (3, Priority.P1, True)
    assert (first.reporter, first.comments[0].internal) == (Who("Remote Caller", "caller@example.com"), True)
    assert (second.state, second.closed_at.day, second.priority) == (S.CLOSED, 3, None)
    assert "“Z” is not known" in second.notes[0]
    with pytest.raises(NoMapping):
        read(Source.CSV, text)
    with pytest.raises(FileFault, match="no column “Melder”"):
        read(Source.CSV, text.replace("Melder", "Melderin"), how)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[columns]\nid = "ID"', "does not say which column is “summary”, “state” and “opened”"),
        ('[columns]\nidd = "ID"', "idd"),
        ('zone = "Mars"', "Mars"),
        ('[states]\n"x" = "waiting"', "is no state"),
        ('[people]\n"caller" = "caller"', "no member's id"),
        ("[columns", "TOML"),
    ],
)
def test_a_mapping_that_cannot_be_used(text, why):
    with pytest.raises(BadMapping, match=why):
        reading.spec_of(Source.CSV, How(Clock(), NOW, mapping.parse(text, "map.toml")), "map.toml")


SHEET = "xl/worksheets/sheet1.xml"


def zipped(**parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as whole:
        for name, text in parts.items():
            whole.writestr(name, text)
    return file.getvalue()


def spoiled(method):
    """Packed in a way that Excel never uses, and broken in the middle."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as whole:
        whole.writestr(SHEET, "<worksheet><sheetData/></worksheet>" * 50)
    packed = bytearray(file.getvalue())
    packed[len(SHEET) + 50 : len(SHEET) + 90] = bytes(40)
    return bytes(packed)


def sheet(rows):
    """As Excel writes it, with a sheet behind it that is not the list."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    dated = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    first, other = book.add_worksheet("List"), book.add_worksheet("Notes")
    other.write_row(0, 0, ["Not", "the", "list"])
    for line, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, datetime):
                first.write_datetime(line, column, value, dated)
            elif value is not None:
                first.write(line, column, value)
    book.close()
    return file.getvalue()


def test_a_list_that_was_exported_for_excel_is_read_with_its_dates():
    rows = [
        ["Number", "Short description", "State", "Opened", "Resolved", "Priority"],
        ["INC0000060", "E-mail & <calendar> fail", "Closed", datetime(2016, 12, 12, 15, 19, 57), datetime(2016, 12, 13, 21, 43), 3],  # noqa: DTZ001
        [],
        ["INC0000061", "Mail", "New", "2016-12-14 08:00:00", None, 4],
    ]  # fmt: skip
    found = read(Source.SERVICENOW, sheet(rows), BERLIN, 4096)
    assert [(row.line, row.fault) for row in found] == [(2, ""), (4, "")]
    first, last = (row.ticket for row in found)
    assert (first.source_id, first.summary) == ("INC0000060", "E-mail & <calendar> fail")
    assert first.opened_at == datetime(2016, 12, 12, 14, 19, 57, tzinfo=UTC), "by the zone that was given"
    assert first.resolved_at == datetime(2016, 12, 13, 20, 43, tzinfo=UTC)
    assert (last.opened_at, last.resolved_at) == (datetime(2016, 12, 14, 7, tzinfo=UTC), None)


HEAD = "Number,Short description,State,Opened\n"


@pytest.mark.parametrize(
    ("source", "text", "why"),
    [
        (Source.SERVICENOW, b"", "empty"),
        (Source.SERVICENOW, b"PK\x03\x04rest", "a zip file that cannot be unpacked"),
        (Source.SERVICENOW, zipped(**{"readme.txt": "x"}), "none of Excel's"),
        (Source.SERVICENOW, zipped(**{SHEET: "<worksheet/>"}), "its first sheet is empty"),
        (Source.SERVICENOW, zipped(**{SHEET: "<worksheet><sheetData>"}), "no sound XML"),
        (Source.SERVICENOW, zipped(**{SHEET: '<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'}), "DOCTYPE"),
        (Source.SERVICENOW, zipped(**{SHEET: f'<worksheet><sheetData><row r="1"><c r="{"A" * 1_000_000}1"/></row>'}), "three letters"),
        (Source.SERVICENOW, spoiled(zipfile.ZIP_LZMA), "a zip file that cannot be unpacked"),
        (Source.SERVICENOW, spoiled(zipfile.ZIP_BZIP2), "a zip file that cannot be unpacked"),
        (Source.SERVICENOW, sheet([["Number", "State"], ["INC1", "New"]]), "no column “short_description”"),
        (Source.SERVICENOW, "Number,State\nINC1,New\n", "no column “short_description” or “Short description” and “opened_at”"),
        (Source.SERVICENOW, (HEAD + "INC1,Caf\xe9,New,2026-01-01 10:00\n").encode("latin-1"), "line 2 is not UTF-8"),
        (Source.SERVICENOW, '{"result": [{"number": "INC1"}', "line 1: the JSON ends in the middle"),
        (Source.SERVICENOW, '{"result": [{"number": "INC1"} {}]}', "has no “,” where it must"),
        (Source.SERVICENOW, '{"result":\n[{"number": NaN}]}', "line 2"),
        (Source.SERVICENOW, "[" * 100_000, "nested too deeply|ends"),
        (Source.SERVICENOW, "<unload><incident><number>1</incident></unload>", "no sound XML"),
        (Source.SERVICENOW, '<!DOCTYPE x [<!ENTITY a "b">]><unload/>', "DOCTYPE"),
        (Source.SERVICENOW, HEAD + 'INC1,"never ended,New,2026\n' + "x" * 1_100_000, "is a quote missing"),
        (Source.SERVICENOW, HEAD + 'INC1,Mail,New,"2026-01-01 10:00\nINC2,VPN,New,2026-01-02 10:00', "line 2: a quotation mark"),
        (Source.SERVICENOW, '{"result":\n[{"number": ' + "9" * 5000 + "}]}", "line 2: it has a number that is too long"),
        (Source.SERVICENOW, '[{"number": "INC1"},\n{"number": "INC2", "number": "INC3"}]', "line 2: an object has two “number”"),
        (Source.SERVICENOW, '{"number": "INC2", "number": "INC3"}', "line 1: an object has two “number”"),
        (Source.CSV, "{}", "reads CSV"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read(source, text, why):
    mapped = mapping.parse(MAP, "map.toml") if source is Source.CSV else mapping.NOTHING
    with pytest.raises(FileFault, match=why):
        read(source, text, How(Clock(ZoneInfo("UTC")), NOW, mapped), size=100_000)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("INC1,Mail,Frobnicated,2026-01-01 10:00", "is “Frobnicated”"),
        ("INC1,Mail,New,", "has no “Opened”"),
        (",Mail,New,2026-01-01 10:00", "has no “Number”"),
        ("INC1,,New,2026-01-01 10:00", "has no “Short description”"),
        ("INC1,Mail,New", "has 3 cells, and the file 4 columns"),
        ("INC1,Mail,New,2026-01-01 10:00,more", "has 5 cells"),
        ("INC1,Mail,New,2027-01-01 10:00", "yet to come"),
        ("INC1,Mail,,2026-01-01 10:00", "has no “State”"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named_and_the_others_are_read(row, why):
    how = How(Clock(ZoneInfo("UTC")), NOW)
    first, second = read(Source.SERVICENOW, f"\n{HEAD}{row}\nINC2,Mail,New,2026-01-01 10:00\n", how)
    assert why in first.fault
    assert (first.line, second.line, second.ticket.source_id) == (3, 4, "INC2")
    closed = {**SNOW, "closed_at": "2016-12-11 10:00:00"}
    assert "was closed before it was opened" in read(Source.SERVICENOW, [closed])[0].fault
    assert read(Source.SERVICENOW, [3])[0].fault == "is no object"


CHANGE = {
    "number": "CHG1", "state": "3", "short_description": "Swap", "opened_at": "2026-01-01 10:00:00",
    "start_date": "2026-01-02 10:00:00", "end_date": "2026-01-02 11:00:00", "closed_at": "2026-01-03 10:00:00",
}  # fmt: skip


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (
            {"start_date": "9999-12-31 23:59:59", "end_date": "9999-12-31 23:59:59"},
            "“start_date”, which is too far ahead",
        ),
        ({"end_date": "9999-12-31 23:59:59"}, "“end_date”, which is too far ahead"),
        ({"work_end": "2026-07-01 10:00:00"}, "“work_end”, which is too far ahead"),
        ({"number": "9" * 201}, "has 201 characters in “number”"),
    ],
)
def test_a_change_that_cannot_be_taken(told, why):
    spec = reading.spec_of(Source.SERVICENOW, PLAIN, "a file", Noun.CHANGE)
    (row,) = reading.read([json.dumps([CHANGE | told]).encode()], spec, PLAIN)
    assert why in row.fault


def test_what_was_changed_last_before_it_began_is_not_when_it_was_closed():
    told = SNOW | {"closed_at": "", "resolved_at": "", "sys_updated_on": "2010-01-01 10:00:00"}
    assert one(Source.SERVICENOW, [told]).closed_at is None


def test_encodings_and_pages_of_answers():
    text = HEAD + "INC1,Café,New,2026-01-01 10:00\n"
    for data, encoding in (
        (text.encode("utf-8-sig"), None),
        (text.encode("utf-16"), None),
        (text.encode("cp1252"), "cp1252"),
    ):
        how = How(Clock(ZoneInfo("UTC")), NOW, mapping.NOTHING.model_copy(update={"encoding": encoding}))
        assert one(Source.SERVICENOW, data, how).summary == "Café"
    for encoding in ("hex", "undefined", "klingon"):
        how = How(Clock(ZoneInfo("UTC")), NOW, mapping.NOTHING.model_copy(update={"encoding": encoding}))
        with pytest.raises(FileFault, match="no encoding that is known"):
            read(Source.SERVICENOW, text, how)
    with pytest.raises(FileFault, match="an empty object"):
        read(Source.SERVICENOW, "{}")
    pages = json.dumps({"result": [SNOW]}, indent=1) + "\n" + json.dumps([{**SNOW, "number": "INC2"}])
    rows = read(Source.SERVICENOW, pages + json.dumps({**SNOW, "number": "INC3"}))
    assert [row.ticket.source_id for row in rows] == ["INC0000060", "INC2", "INC3"]
    long = one(Source.SERVICENOW, [{**SNOW, "short_description": "x" * 200}])
    assert (len(long.summary), long.description.startswith("x" * 200)) == (150, True)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["csv", "json", "xml"])
def test_a_long_file_takes_no_more_memory_than_a_short_one(form):
    def pieces(count):
        if form == "csv":
            yield HEAD.encode()
            yield from (f"INC{n},{'x' * 500},New,2026-01-01 10:00\n".encode() for n in range(count))
        elif form == "json":
            yield b'{"result": ['
            yield from (json.dumps({**SNOW, "number": f"INC{n}"}).encode() + b"," for n in range(count))
            yield b"{}]}"
        else:
            yield b"<unload>"
            yield from (f"<incident><number>{n}</number></incident>".encode() for n in range(count))
            yield b"</unload>"

    def peak(count):
        how = How(Clock(ZoneInfo("UTC")), NOW)
        tracemalloc.start()
        read_in_all = sum(1 for _ in reading.read(pieces(count), reading.spec_of(Source.SERVICENOW, how, ""), how))
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert read_in_all >= count
        return found

    short, long = peak(50), peak(1500)
    assert long < 2 * short + 200_000  # kept rows would be over a million
