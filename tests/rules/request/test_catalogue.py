"""The catalogue of requests in the policy: what can never work is told with its line."""

import pytest

from bot.rules.policy.policy import PolicyFaults, parse, restore

LAPTOP = """[requests.laptop]
title = "A laptop"
service = "laptops"
[[requests.laptop.questions]]
id = "need"
asks = "What do you need?"
type = "choice"
options = ["A new one", "A repair"]
required = true
[[requests.laptop.questions]]
id = "asset"
asks = "Which one is broken?"
type = "text"
required = true
when = { need = "A repair" }
"""


def told(text):
    with pytest.raises(PolicyFaults) as refused:
        parse(text)
    return [str(fault) for fault in refused.value.faults]


def test_a_catalogue_item_is_data_and_is_kept_as_a_version():
    laptop = parse(LAPTOP).requests["laptop"]
    assert [one.id for one in laptop.questions] == ["need", "asset"]
    again = restore(parse(LAPTOP).text).requests["laptop"]
    assert (again.questions, again.form_digest) == (laptop.questions, laptop.form_digest)
    either = LAPTOP.replace(
        '{ need = "A repair" }', '{ or = [{ need = "A repair" }, { not = { need = "A new one" } }] }'
    )
    assert (
        restore(parse(either).text).requests["laptop"].questions[1].when
        == parse(either).requests["laptop"].questions[1].when
    )


@pytest.mark.parametrize(
    ("old", "new", "where", "fault"),
    [
        ('need = "A repair"', 'ned = "A repair"',
         "line 15, requests.laptop.questions.1.when",
         "there is no question “ned”"),
        ('need = "A repair"', 'need = "A rapair"',
         "line 15, requests.laptop.questions.1.when",
         "“A rapair” is no answer"),
        ('need = "A repair"', "or = []",
         "line 15, requests.laptop.questions.1.when",
         "“or” must be a list of tables"),
        ('service = "laptops"', 'service = "laptop"',
         "line 3, requests.laptop.service",
         "there is no service “laptop”"),
        ('id = "asset"', 'id = "need"',
         "line 11, requests.laptop.questions.1.id",
         "there is a question “need” above"),
        ('type = "text"', 'type = "txt"',
         "line 13, requests.laptop.questions.1.type", ""),
        ('"A repair"]', '"A repair", "' + "x" * 76 + '"]',
         "line 8, requests.laptop.questions.0.options.2", "is longer than 75"),
        ('title = "A laptop"', 'title = "A laptop"\napproval = "nobody"',
         "line 3, requests.laptop.approval",
         "there is no"),
        ('title = "A laptop"', 'title = "A laptop"\nwho = ["cabb"]',
         "line 3, requests.laptop.who",
         "there is no group"),
        ('title = "A laptop"', 'title = "A laptop"\ntasks = [{ id = "a", title = "A", after = ["b"] }]',
         "line 3, requests.laptop.tasks",
         "“a” comes after “b”, which is no task above it"),
        ('type = "text"', 'type = "service"\ndefault = "fax"',
         "line 14, requests.laptop.questions.1.default",
         "there is no"),
    ],
)  # fmt: skip
def test_what_can_never_work_is_told_with_its_line(old, new, where, fault):
    found = told(LAPTOP.replace(old, new, 1))
    assert any(one.startswith(f"{where}: {fault}") for one in found), found


def test_no_stage_wants_more_votes_than_its_group_has_people():
    few = "[groups.cab]\ntitle = 'CAB'\npeople = ['U012AB3CD']\n"
    rule = "[approvals.requests]\ntypes = []\nstages = ['2 of cab']\nremind = '1d'\nexpires = '7d'\n"
    assert told(few + rule)[-1].startswith("line 6, approvals.requests.stages: “2 of cab” wants more votes than")


def test_what_the_default_offers_goes_with_the_service_that_it_is_of():
    assert set(parse("").requests) == {"laptop", "access", "joiner", "leaver"}
    assert parse("services.laptops = false").requests == {}
    assert "joiner" not in parse("approvals.requests = false").requests
    assert any("there is no service “laptops”" in one for one in told(LAPTOP + "[services]\nlaptops = false"))
