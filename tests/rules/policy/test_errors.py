"""Every fault in a policy file, in words, with its line."""

import copy
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.policy.policy import Policy, PolicyFaults, parse, restore
from bot.rules.policy_format import kinds
from bot.rules.policy_format.document import written


def faults(text):
    with pytest.raises(PolicyFaults) as refused:
        parse(text)
    return [str(fault) for fault in refused.value.faults]


def only(text):
    (fault,) = faults(text)
    return fault


def test_every_fault_is_told_at_once_in_the_order_of_the_file():
    told = faults(
        "\n"
        "[services.vpn]\n"
        'owner = "netops"\n'
        'chanel = "changes"\n'
        "\n"
        "[targets]\n"
        'P1 = { response = "5h", resolution = "4h" }\n'
        'P7 = { response = "1h", resolution = "4h" }\n'
    )
    assert told == [
        "line 3, services.vpn.owner: there is no group “netops”. "
        "Groups are “service-desk”, “change-approvers”, “change-managers”, “cab” and “security”",
        "line 4, services.vpn.chanel: is not a key that belongs here. Did you mean “channel”? "
        "What does: “name”, “owner”, “channel”, “on_call”, “criticality”, “hours”, “description”, “also”, "
        "“depends_on” and “out_of_scope”",
        "line 7, targets.P1: the response target is longer than the resolution target",
        "line 8, targets.P7: must be one of 'P1', 'P2', 'P3', 'P4' or 'P5'",
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("warn_at = ", "line 1: this is not TOML: Invalid value"),
        (
            "warn_at = 75\nwarn_at = 80",
            "line 2: this stands here for the second time, and nobody can say which is meant; keep one",
        ),
        (
            "[services.vpn]\n[services.vpn]",
            "line 2, services.vpn: this stands here for the second time, and nobody can say which is meant; keep one",
        ),
        (
            "targets.P1.response = '1h'\n[targets.P1]\n",
            "line 2, targets.P1: this stands here for the second time, and nobody can say which is meant; keep one",
        ),
        (
            "sla = { a = 1, a = 2 }",
            "line 1, a: this stands here for the second time, and nobody can say which is meant; keep one",
        ),
        (
            "sla = { a = 1 }\n[sla.b]",
            "line 2, sla.b: this stands here for the second time, and nobody can say which is meant; keep one",
        ),
        (
            "sla = [1]\n[[sla]]",
            "line 2, sla: this stands here for the second time, and nobody can say which is meant; keep one",
        ),
        ('\n\n[services.vpn\nname = "x"', "line 3: this is not TOML: Expected ']' at the end of a table declaration"),
        ('name = "unclosed', "line 1: this is not TOML: Unterminated string"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(text, fault):
    assert only(text) == fault


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("warn_at = 0", "line 1, warn_at: must be 1 or more"),
        ("warn_at = 100", "line 1, warn_at: must be 99 or less"),
        ('warn_at = "75"', "line 1, warn_at: must be a whole number"),
        ("warn_at = true", "line 1, warn_at: must be a whole number"),
        ("warnat = 75", "line 1, warnat: is not a key that belongs here. Did you mean “warn_at”?"),
        ("[groups]\ncab = false", "line 2, groups.cab: cannot be left out"),
        ("[channels]\nchanges = 5", "line 2, channels.changes: must be a table"),
        ('[channels.changes]\nname = "Change Control"', "channels.changes.name: “Change Control” is no Slack channel"),
        (f'[channels.changes]\nname = "{"c" * 81}"', "line 2, channels.changes.name: “ccc"),
        ('[channels.changes]\nname = "änderungen"', "line 2, channels.changes.name: “änderungen” is no Slack channel"),
        ("[services]\nvnp = false", "line 2, services.vnp: there is no such entry in the default policy"),
        ('[services.vpn]\ncriticality = "huge"', "services.vpn.criticality: must be one of 'high', 'medium' or 'low'"),
        ('[services.vpn]\nchannel = "chanes"', "there is no channel “chanes”; did you mean “changes”?"),
        ('[services.vpn]\nname = "  "', "line 2, services.vpn.name: is empty"),
        ('[services.vpn]\nname = "email"', "has the same name as the service"),
        ('[services.vpn]\nname = 5', "line 2, services.vpn.name: must be text, in quotes"),
        ('[services.vpn]\nkey = "x"', "line 2, services.vpn.key: is not a key that belongs here"),
        ('[groups.cab]\npeople = "U012AB3CD"', "line 2, groups.cab.people: must be a list"),
        ('[groups.cab]\npeople = ["U012AB3CD", "A Lead"]', "groups.cab.people.1: “A Lead” is neither a member's id"),
        ("[groups.cab]\npeople = []", "line 1, groups.cab: does not name its members; it takes exactly one of"),
        ('[groups.cab]\nchannel = "a"\nusergroup = "b"', "groups.cab: names its members by usergroup and by channel"),
        ('[priorities.high]\nhigh = "P0"', "line 2, priorities.high.high: must be one of 'P1'"),
        ('[priorities.huge]\nhigh = "P1"', "line 1, priorities.huge: must be one of 'high', 'medium' or 'low'"),
        ('[targets.P1]\nresponse = "soon"', "line 2, targets.P1.response: is not a length of time"),
    ],
)  # fmt: skip
def test_a_fault_is_a_sentence_with_its_line(text, words):
    assert words in "\n".join(faults(text))


CALENDAR = '[calendars.x]\nzone = "Europe/London"\nhours = "24x7"\n'
ROTA = """[rotas.vpn]
zone = "UTC"
[[rotas.vpn.layers]]
turn = "1 day"
from = "2026-01-05T09:00"
people = ["U012AB3CD"]
"""
BIG = '[ci_types.big]\ntitle = "Big"\n[ci_types.big.attributes]\n' + "\n".join(f'a{n} = "text"' for n in range(91))
QUESTIONS = "\n".join(f'[risk.questions.q{n}]\nasks = "x"\nanswers = ["a", "b", "c", "d"]' for n in range(25))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (ROTA + "form = 1", "Did you mean “from”? What does: “people”, “turn”, “from”, “until” and “only”"),
        (BIG, "ci_types.big.attributes: a menu of Slack has room for 90 attributes"),
        (CALENDAR.replace("Europe/London", "localtime"), "line 2, calendars.x.zone: “localtime” is not a time zone"),
        (CALENDAR.replace("Europe/London", "posixrules"), "line 2, calendars.x.zone: “posixrules” is not a time zone"),
        (CALENDAR.replace("Europe/London", "Factory"), "line 2, calendars.x.zone: “Factory” is not a time zone"),
        (CALENDAR.replace("Europe", "right/Europe"), "did you mean “Europe/London”?"),
        (CALENDAR.replace("Europe/L", "europe/l"), "did you mean “Europe/London”?"),
        ('[changes]\ncalendar_zone = "localtime"', "line 2, changes.calendar_zone: “localtime” is not a time zone"),
        ('[service_targets.vpn.P1]\nresponse = "5h"', "line 2, service_targets.vpn.P1: the response of P1 (5h)"),
        ('[service_targets.vpn.any]\nresolution = "10m"', "line 2, service_targets.vpn.any: the response of"),
        ('[operational_targets.cab]\nany = { resolution = "4h" }\nP1 = { response = "5h" }',
         "line 3, operational_targets.cab.P1: the response of P1 (5h) is longer than"),
        ('[channels.security]\nname = "service-desk"', "#service-desk is to be private here and public"),
        ('[channels.zz]\nname = "changes"\nprivate = true', "line 2, channels.zz.name: #changes is to be private"),
        ('[groups.cab]\nchannel = "changes"', "line 2, groups.cab.channel: #changes is public (channels.changes)"),
        ('[approvals.normal]\nstages = ["any of"]', "line 2, approvals.normal.stages.0: “any of” is no stage"),
        ('[approvals.normal]\nstages = []', "line 2, approvals.normal.stages: must have at least 1 item"),
        ("[approvals.normal]\nstages = [" + "'any of cab'," * 10 + "]", "stages: must have at most 9 items"),
        (QUESTIONS, "risk.questions: must have at most 20 items"),
        ('[risk.questions.people]\nanswers = ["a"]', "answers: must have at least 4 items"),
        ('[risk.floors.f]\nquestion = "people"\nscores = 9\nrisk = "high"\nbecause = "x"', "must be less than 4"),
        ('[risk.floors.f]\nquestion = "people"\nscores = 1\ncriticality = "hihg"\nrisk = "high"\nbecause = "x"',
         "line 4, risk.floors.f.criticality: must be one of 'high', 'medium' or 'low'; did you mean “high”?"),
        ('[risk]\nhigh = 99', "line 2, risk.high: medium must begin below high"),
        (CALENDAR + 'holidays = { contry = "GB" }', "Did you mean “country”? What does: “country” and “subdivision”"),
        (CALENDAR.replace('"24x7"', "{ mon = [] }"), "line 3, calendars.x.hours: there are none in any week"),
        ('[alarms.x]\nto = ["nobody"]', "line 2, alarms.x.to.0: “nobody” is nobody"),
        ('[alarms.x]\nto = ["channel"]\nkinds = []', "line 3, alarms.x.kinds: must have at least 1 item"),
        ('[alarms.x]\nto = ["channel"]\nmention = "yes"', "line 3, alarms.x.mention: must be true or false"),
        ('[alerts.x]\nformat = "grafana"\nkey = "env:KEY"\nauto_resolve = "no"', "auto_resolve: must be true or false"),
        ('[alarms.x]\nat = 100\nto = ["channel"]\nagain_every = "30s"', "alarms.x.again_every: must be a minute"),
        ('[sla]\nreopen = "resmue"', "'new cycle'; did you mean “resume”?"),
        ('[sla]\npauses_on = ["custmer"]', "line 2, sla.pauses_on.0: “custmer” is no pending reason"),
        ('[delivery.owners]\nchangesx = "x"', "there is no channel “changesx”; did you mean “changes”?"),
        ('[incidents]\ncodes = ["a", "A"]', "line 2, incidents.codes: two resolution codes are the same"),
        ('[incidents]\nclose_after = 2', "line 2, incidents.remind_after: the reminder must come before the closing"),
        ('[delivery]\nurgent = ["sla_breech"]', "“sla_breech” is none of the"),
        ('[services.vpn]\nname = "a\\u0000b"', "holds a character that does not show (U+0000"),
        ('[services.vpn]\nname = "\\u3164"', "line 2, services.vpn.name: shows nothing"),
    ],
)  # fmt: skip
def test_a_fault_is_told_once_where_it_is(text, words):
    assert words in only(text)


ODD = ["x", "", 5, -1, 1.5, True, False, [], ["x"], [5], {}, {"x": 5}, "\u3164", "x" * 5000, ["x"] * 200]
LEAKS = ("input", "validation", "dictionary", "tuple", "pydantic", "pattern", "string", "function-", "type=")


def paths(table, path=()):
    for key, value in table.items():
        yield (*path, key)
        if isinstance(value, dict):
            yield from paths(value, (*path, key))


WHOLE = parse("").model_dump(mode="json", exclude_none=True)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.sampled_from(list(paths(WHOLE))), st.sampled_from(ODD), st.booleans())
def test_whatever_stands_anywhere_is_told_in_words_of_ours(path, odd, beside):
    data = copy.deepcopy(WHOLE)
    table = data
    for key in path[:-1]:
        table = table[key]
    table[f"{path[-1]}x" if beside else path[-1]] = odd
    found = found_in(written(data), restore)
    for fault in found:
        assert not any(word in fault.message.lower() for word in LEAKS), str(fault)
        assert "[" not in fault.where, str(fault)
    assert len(set(found)) == len(found), found
    # Of a whole section several things may be wrong at one key; an owner of a channel has a name on either side.
    if len(path) > 1 and path[0] != "approvals" and path[:2] != ("delivery", "owners"):
        assert len({fault.where for fault in found}) == len(found), found


def test_a_group_that_names_its_members_twice_is_told_beside_its_other_faults():
    told = faults('[groups.n]\nusergroup = "a"\npeople = ["UA12"]\nx = 1')
    assert told[:2] == [
        "line 1, groups.n.title: is missing",
        "line 3, groups.n: names its members by usergroup and by people; "
        "it takes exactly one of usergroup, channel and people",
    ]


def test_a_desk_without_any_service_is_refused():
    away = "\n".join(f"services.{key} = false" for key in parse("").services)
    assert only(away) == "line 1, services: there is no service; name at least one that people can report on"


def test_a_service_of_the_default_that_lost_its_owner_points_at_the_line_that_took_it():
    told = faults('[services.vpn]\nowner = "netops"\n\n[channels]\nservice-desk = false')
    assert "line 5, channels.service-desk: cannot be left out: Deskbell itself uses it" in told
    assert any(one.startswith("line 5, services.email.channel: there is no channel “service-desk”") for one in told)


def test_a_board_that_leads_nowhere_is_told_with_its_lines():
    told = [str(one) for one in found_in('[cab]\ngroups = ["bord", "cab"]\nchannel = "nowhere"')]
    assert told[0].startswith("line 2, cab.groups: there is no group “bord”")
    assert told[1].startswith("line 3, cab.channel: there is no channel “nowhere”")
    assert "cab.groups" in only("[cab]\ngroups = []")


def test_a_gap_in_a_stored_matrix_is_told():
    whole = parse("").text
    with pytest.raises(PolicyFaults, match=r"priorities\.low\.high: impact low with urgency high has no priority"):
        restore(whole.replace('[priorities.low]\nhigh = "P3"', "[priorities.low]"))


@pytest.mark.parametrize("text", ["groups = 5", "services = false", "priorities.low = 5", "targets.P1 = false"])
def test_what_is_no_table_is_told_once(text):
    assert only(text).endswith("must be a table of keys and values")


def test_nesting_without_end_is_a_fault_and_no_crash():
    assert only("a = " + "[" * 20_000) == "this is nested too deeply to be a policy"
    assert only("[" + ".".join("a" * 50) + "]") == "this is nested too deeply to be a policy"


QUOTES, PAIRS = "'" * 190_000, "'," * 95_000


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("x = 1\n" + "a." * 190_000 + "b = 1", "line 2: this is nested too deeply to be a policy"),
        ("'a' . " * 60_000 + "b = 1", "line 1: this is nested too deeply to be a policy"),
        (f'x."{QUOTES}" = 1\nx."{QUOTES}" = 1', "line 2: this stands here for the second time"),
        (f'x = {{"{QUOTES}" = 1, "{QUOTES}" = 2}}', "line 1, ''''"),
        (f'["{PAIRS}"]\n' * 2, "line 2, ',',',"),
        ("".join(f"a{one} = 1\n" for one in range(2_000)), "line 1, a0: is not a key that belongs here."),
    ],
)
def test_a_text_as_long_as_a_form_takes_is_judged_at_once(text: str, fault: str) -> None:
    """What takes the square of a text took seven minutes of the first."""
    assert str(found_in(text)[0]).startswith(fault)


def test_what_a_key_probably_means_is_looked_up_for_the_first_hundred():
    told = faults("".join(f"warn_att{one:03} = 1\n" for one in range(150)))
    assert sum("Did you mean “warn_at”?" in one for one in told) == 100


def test_a_number_without_end_is_a_fault_with_its_line():
    assert only("warn_at = 75\nx = " + "9" * 5000) == "line 2: this has a number that is too long to be read"


def test_a_key_is_named_as_a_file_writes_it():
    rota = '[rotas.vpn]\nzone = "UTC"\n[[rotas.vpn.layers]]\npeople = ["U0A"]\nturn = "1 day"\n'
    assert only(f'{rota}frm = "2026-01-05T09:00"').endswith(
        "Did you mean “from”? What does: “people”, “turn”, “from”, “until” and “only”"
    )
    layer = f'{rota}from = "2026-01-05T09:00"\n'
    assert only(f'{layer}until = "9999-12-31T23:59-12:00"').endswith("is none of the years from 1901 to 2198")


VALUES = st.recursive(
    st.sampled_from(['"x"', '"P1"', "5", "true", "false", "1.5", "1979-05-27", '"15m"', "[]"]),
    lambda inner: (
        st.lists(inner, max_size=2).map(lambda parts: f"[{', '.join(parts)}]")
        | st.lists(inner, max_size=2).map(
            lambda parts: "{" + ", ".join(f"k{i} = {p}" for i, p in enumerate(parts)) + "}"
        )
    ),
    max_leaves=4,
)
NAMES = ["services", "groups", "channels", "targets", "priorities", "vpn", "cab", "P1", "high", "name", "x"]
KEYS = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4).map(".".join)


@pytest.mark.slow
@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_any_file_is_a_policy_or_a_list_of_faults_with_lines(pairs):
    assert all(fault.message and fault.line for fault in found_in("\n".join(f"{k} = {v}" for k, v in pairs.items())))


def found_in(text, read=parse):
    try:
        read(text)
    except PolicyFaults as refused:
        return refused.faults
    return []


def keys_of(model, path=()):
    """Each key that a policy can hold, with the table that it stands in."""
    for name, field in model.model_fields.items():
        if field.exclude:
            continue
        kind = kinds.opened(field.annotation)[0]
        entries = kinds.entries_of(kind)[1]
        below = kinds.model_of(kind) or (kinds.model_of(kinds.opened(entries)[0]) if entries is not None else None)
        key = field.alias or name
        if below is None:
            yield path, key
        else:
            yield from keys_of(below, (*path, key, *(("zz",) if entries is not None else ())))


@pytest.mark.parametrize("value", ["5", '["a", 5]'])
def test_whatever_is_written_is_a_fault_in_words_of_ours(value):
    by_table = {}
    for path, key in keys_of(Policy):
        by_table.setdefault(path, []).append(f"{key} = {value}")
    text = "\n".join(
        "\n".join([f"[{'.'.join(path)}]" if path else "", *keys]) for path, keys in sorted(by_table.items())
    )
    with pytest.raises(PolicyFaults) as found:
        parse(text)
    assert not re.search(r"Input|valid|should|dictionary|instance|NoneType|pydantic", str(found.value))
