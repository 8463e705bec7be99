"""`deskbell ci`: plan, apply, export and impact on a fresh database, without Slack."""

import json
import os
import signal

import pytest

from bot.cli.output import say_json
from bot.rules.record.facts import FactKind
from bot.rules.webhook.events import EVENTS
from bot.usecases.configuration_item import writing
from bot.usecases.mail.answering import SAYS

POLICY = """
[ci_types.server]
title = "Server"
key = ["serial"]
attributes = { serial = "text", inventory = "text", cores = "number" }
[ci_relations.runs_on]
title = "runs on"
back = "carries"
impact = "backward"
[ci_sources.cmdb]
type = "server"
columns = { name = "Name", serial = "Serial", inventory = "Inventory no." }
relations = { runs_on = "Runs on" }
needs = { runs_on = "Needs" }
"""
ESTATE = "Name,Serial,Inventory no.,Runs on,Needs\nweb,S1,1,db1;db2,1 of 2\ndb1,S2,2,,\ndb2,S3,3,,\nshop,S4,4,web,\n"


@pytest.fixture
def ci(deskbell, database_url, policy_file, monkeypatch, tmp_path):
    """Runs `deskbell ci …`, and plans or applies a text as a file of the source."""
    monkeypatch.setenv("DESKBELL_DATABASE_URL", database_url)
    monkeypatch.setenv("DESKBELL_POLICY", str(policy_file(POLICY)))

    class Ci:
        def __call__(self, *arguments):
            return deskbell("ci", *arguments)

        def plan(self, text, *more, name="items.csv"):
            (tmp_path / name).write_text(text)
            code, out, err = self("import", tmp_path / name, "--source", "cmdb", "--plan", "--json", *more)
            assert (code, err) == (0, "")
            return json.loads(out)

        def apply(self, plan):
            return self("import", "--apply", plan["plan"])

        def export(self, format_):
            return self("export", "--format", format_)[1]

    return Ci()


def test_a_file_is_planned_applied_asked_of_and_exported(ci):
    plan = ci.plan(ESTATE)
    assert [(one["line"], one["key"], one["type"]) for one in plan["created"]] == [
        (2, "S1", "server"),
        (3, "S2", "server"),
        (4, "S3", "server"),
        (5, "S4", "server"),
    ]
    assert ci("export", "--format", "json")[1].count("serial") == 0, "a plan changes nothing"
    assert ci.apply(plan) == (0, "Applied: 4 created, 0 changed, 0 retired.\n", "")
    again = ci.plan(ESTATE)
    assert (again["unchanged"], [again[one] for one in ("created", "changed", "retired", "refused")]) == (4, [[]] * 4)
    found = json.loads(ci("impact", "S2", "--json")[1])
    assert {name: found[name] for name in ("down", "degraded", "safe", "why")} == {
        "down": ["S2"],
        "degraded": ["S1"],
        "safe": ["S4"],
        "why": {"S1": ["S2", "S1"], "S2": ["S2"], "S4": ["S2", "S1", "S4"]},
    }
    for format_ in ("csv", "json"):
        back = ci.plan(ci.export(format_), name=f"out.{format_}")
        assert (back["unchanged"], back["created"], back["changed"], back["retired"]) == (4, [], [], [])


def test_a_plan_is_applied_once_and_only_to_the_world_that_it_was_made_for(ci):
    first, second = ci.plan(ESTATE), ci.plan(ESTATE + "more,S9,,,\n")
    assert ci.apply(first)[0] == 0
    code, out, err = ci.apply(second)
    assert (code, out) == (1, "")
    assert "have changed since" in err
    assert "applied already" in ci.apply(first)[2]
    assert "no plan x" in ci("import", "--apply", "x")[2]


def test_each_night_the_same_file_is_planned_and_applied_though_it_changes_nothing(ci):
    ci.apply(ci.plan(ESTATE))
    nights = [ci.plan(ESTATE) for _ in range(2)]
    assert nights[0]["plan"] == nights[1]["plan"], "not applied yet, so it is the same plan"
    for _ in range(3):
        plan = ci.plan(ESTATE)
        assert (plan["unchanged"], ci.apply(plan)[0]) == (4, 0)


def test_ctrl_c_takes_back_what_was_written(ci, monkeypatch):
    plan, write, went_on = ci.plan(ESTATE), writing.add, []

    async def interrupted(*arguments):
        await write(*arguments)
        os.kill(os.getpid(), signal.SIGINT)
        went_on.append("to the next place at which it waits, if there is one")

    monkeypatch.setattr(writing, "add", interrupted)
    assert (ci.apply(plan), went_on) == ((130, "", ""), [])
    monkeypatch.setattr(writing, "add", write)
    assert ci.apply(plan)[1] == "Applied: 4 created, 0 changed, 0 retired.\n"


def test_what_a_file_changes_and_retires_is_on_record(ci):
    ci.apply(ci.plan(ESTATE))
    plan = ci.plan(ESTATE.replace("web,S1,1", "www,S1,7").replace("shop,S4,4,web,\n", ""))
    assert plan["changed"][0]["changes"] == {"name": ["web", "www"], "inventory": ["1", "7"]}
    assert plan["retired"] == [{"key": "S4", "type": "server", "name": "shop"}]
    assert ci.apply(plan)[1] == "Applied: 0 created, 1 changed, 1 retired.\n"
    assert json.loads(ci("impact", "S1", "--json")[1])["down"] == ["S1"], "what is retired cannot fail"
    assert ci.plan(ESTATE)["changed"][1]["changes"] == {"state": ["retired", "live"]}


def test_what_differs_from_a_baseline(ci):
    ci.apply(ci.plan(ESTATE))
    assert "“Spring” is kept: " in ci("baseline", "Spring")[1]
    changed = ESTATE.replace("web,S1,1", "www,S1,7").replace("shop,S4,4,web,\n", "") + "new,S5,,,\n"
    ci.apply(ci.plan(changed))
    found = json.loads(ci("diff", "Spring", "--json")[1])
    assert [[one["key"] for one in found[word]] for word in ("added", "retired", "changed")] == [["S5"], ["S4"], ["S1"]]
    assert found["complete"] is True
    assert found["changed"][0]["changes"] == {"inventory": ["1", "7"], "name": ["web", "www"]}
    assert "“www”: inventory “1” → “7”; name “web” → “www”" in ci("diff", "Spring")[1]
    assert "Did you mean “Spring”?" in ci("diff", "Sprin")[2]


def test_services_are_items_of_the_same_graph(ci):
    plan = ci.plan(
        json.dumps([{"type": "service", "service": "vpn", "relations": [{"relation": "runs_on", "of": ["S2"]}]}]),
        name="s.json",
    )
    assert (plan["refused"], plan["changed"][0]["key"], plan["dangling"][0]["ref"]) == ([], "vpn", "S2")
    ci.apply(plan)
    ci.apply(ci.plan(ESTATE))
    found = json.loads(ci("impact", "db1", "--json")[1])
    assert (found["down"], found["services"]["down"]) == (["S2", "vpn"], ["vpn"])
    made = ci.plan('[{"type": "service", "service": "magic", "name": "Magic"}]', name="s.json")
    assert "only the policy makes services" in made["refused"][0]["because"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("impact", "nothing"), 1, "no item “nothing”"),
        (("import", "none.csv", "--source", "cmdb", "--plan"), 1, "cannot be read"),
        (("import", "policy.toml", "--source", "cmbd", "--plan"), 1, "Did you mean “cmdb”?"),
        (("import", "policy.toml", "--source", "cmdb", "--format", "csv"), 1, "no column"),
        (("import", "--plan"), 2, "Usage"),
        (("import", "policy.toml", "--source", "cmdb", "--plan", "--apply", "x"), 2, "Usage"),
        (("export", "--format", "netbox"), 2, "Usage"),
    ],
)
def test_what_is_refused(ci, arguments, code, words):
    found, out, err = ci(*arguments)
    assert (found, out) == (code, "")
    assert words in err


def test_what_is_printed_as_it_is_made_is_printed_as_lists_are(capsys):
    entries = [{"key": "S1", "of": [1, {"two": "a\n“b”"}]}, "S2", 3]
    say_json({"plan": "a", "none": [], "some": entries, "changes": {"of": [], "or": [1]}})
    say_json({"plan": "a", "none": iter([]), "some": iter(entries), "changes": {"of": [], "or": [1]}})
    told = capsys.readouterr().out
    assert told[: len(told) // 2] == told[len(told) // 2 :]
    assert json.loads(told[: len(told) // 2])["some"] == entries


def test_no_fact_that_an_import_writes_is_told_outside_of_slack():
    """So that an import need not remember its facts until it ends."""
    assert not {*EVENTS, *SAYS} & {FactKind.CI_ADDED, FactKind.CI_CHANGED, FactKind.CI_MOVED}
