"""What a file would change, and that an export comes back as it went."""

import json
from dataclasses import replace
from functools import cache
from textwrap import dedent

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.rules.configuration_item.export import as_csv, as_json
from bot.rules.configuration_item.import_plan import plan
from bot.rules.configuration_item.items import Item, schema_of
from bot.rules.configuration_item.plan_values import Plan, World
from bot.rules.configuration_item.readers import files
from bot.rules.configuration_item.refusals import UnreadableFile
from bot.rules.policy.policy import Policy, parse
from storage.db.plan_store import OnDisk

CMDB = """
[ci_types.server]
title = "Server"
key = ["serial"]
[ci_types.server.attributes]
serial = "text"
inventory = "text"
cores = "number"
bought = "date"
password = { type = "text", secret = true }
[ci_relations.runs_on]
title = "runs on"
back = "carries"
impact = "backward"
[ci_sources.cmdb]
type = "server"
relations = { runs_on = "Runs on" }
needs = { runs_on = "Needs" }
[ci_sources.cmdb.columns]
name = "Name"
serial = "Serial"
inventory = "Inventory no."
cores = "Cores"
bought = "Bought"
password = "Password"
[ci_sources.other]
type = "server"
columns = { name = "Name", serial = "Serial" }
"""
NOTHING = World({})
HEAD = "Name,Serial,Inventory no.,Runs on,Needs\n"


@cache
def known(policy: str) -> Policy:
    """Read once: that costs more than all else that a plan of some rows does."""
    return parse(policy)


def planned(text: str | bytes, world: World = NOTHING, policy: str = CMDB, source="cmdb", name="f.csv", **more) -> Plan:
    rules = known(policy)
    data = text if isinstance(text, bytes) else text.encode()
    format_ = more.pop("format", None)
    found = files.read(data, name, format_, rules.ci_sources[source], rules.ci_types)
    states = files.states(format_ or files.guessed(data.decode("utf-8", "replace"), name))
    of = (source, rules.ci_sources[source])
    made = plan(found, world, of, schema_of(rules), states, **more)
    again = files.read(data, name, format_, rules.ci_sources[source], rules.ci_types)
    store = OnDisk()
    beside = replace(world, items=store.numbered())
    for number in sorted(world.items):
        beside.items[number] = world.items[number]
    on_disk = plan(again, beside, of, schema_of(rules), states, **more, store=store)
    assert whole(on_disk) == whole(made)
    return made


def whole(found: Plan) -> dict[str, object]:
    """All that a plan says, as values that can be compared."""

    def each(rows) -> list[object]:
        return [(one.line, one.key, one.item, dict(one.changes), one.before) for one in rows]

    rows = {name: each(getattr(found, name)) for name in ("created", "changed", "retired", "held")}
    return vars(found) | rows


def applied(world: World, found: Plan) -> World:
    """As storage does it, in a few lines."""
    last = max([0, *world.items])
    numbers = {one.item.number: last + place for place, one in enumerate(found.created, 1)}

    def numbered(item: Item) -> Item:
        groups = tuple(
            group._replace(members=tuple(numbers.get(one, one) for one in group.members)).canonical
            for group in item.groups
        )
        return replace(item, number=numbers.get(item.number, item.number), groups=groups)

    written = [numbered(one.item) for one in (*found.created, *found.changed, *found.retired)]
    items = {**world.items, **{item.number: item for item in written}}
    there = {numbers.get(one.item.number, one.item.number) for one in (*found.created, *found.changed)} | set(
        found.same
    )
    away = {one.item.number for one in found.retired} | set(found.left)
    return World(items, {**world.seen, **dict.fromkeys(there, True), **dict.fromkeys(away, False)})


def keys(entries) -> list[str]:
    return [one.key for one in entries]


def test_rows_become_items_and_the_same_file_changes_nothing():
    text = HEAD + "web,S1,1,db1;db2,1 of 2\ndb1,S2,2,,\ndb2,S3,3,,\n"
    first = planned(text)
    assert [(one.line, one.key, one.item.type) for one in first.created] == [
        (2, "S1", "server"),
        (3, "S2", "server"),
        (4, "S3", "server"),
    ]
    world = applied(World({}), first)
    again = planned(text, world)
    assert (again.is_nothing, len(again.same), again.refused, again.dangling) == (True, 3, [], [])
    (group,) = world.items[1].groups
    assert (group.needs, set(group.members)) == (1, {2, 3})


def test_only_the_key_tells_items_apart_not_the_inventory_number():
    found = planned(HEAD + "a,S1,1,,\na,S2,1,,\na,S3,2,,\n")
    assert keys(found.created) == ["S1", "S2", "S3"]


def test_a_bad_row_hides_no_other_and_retires_nothing():
    world = applied(World({}), planned(HEAD + "a,S1,,,\nb,S2,,,\nc,S3,,,\n"))
    found = planned(
        HEAD + "=cmd(),S1,,,\nb,,,,\nc,S3,9,,\n" + "x" * 5000 + ",S4,,,\nz\0z,S5,,,\nshort,S6\nn,S7,,,\nm,S7,,,\n",
        world,
    )
    assert [one.line for one in found.refused] == [2, 3, 5, 6, 7, 9]
    assert "formula" in found.refused[0].because
    assert "serial" in found.refused[1].because
    assert "5,000" in found.refused[2].because
    assert "NUL" in found.refused[3].because
    assert "cells" in found.refused[4].because
    assert "Line 8" in found.refused[5].because
    assert (keys(found.changed), keys(found.created), found.retired) == (["S3"], ["S7"], [])


def test_a_name_that_two_have_is_ambiguous():
    found = planned(HEAD + "db,S1,,,\ndb,S2,,,\nweb,S3,,db,\nok,S4,,S1,\n")
    assert [(one.line, one.candidates, one.ref) for one in found.ambiguous] == [(4, ["S1", "S2"], "db")]
    assert keys(found.created) == ["S1", "S2", "S4"]


def test_two_items_that_a_row_may_mean_are_ambiguous():
    world = applied(World({}), planned(HEAD + "db,S1,,,\ndb,S2,,,\n"))
    by_name = CMDB.replace("[ci_sources.other]", '[ci_sources.other]\nkey = ["name"]')
    found = planned("Name,Serial\ndb,S9\n", world, by_name, "other")
    assert [(one.line, one.candidates) for one in found.ambiguous] == [(2, ["S1", "S2"])]
    assert found.is_nothing


def test_what_leads_nowhere_is_listed_and_kept_until_it_leads_somewhere():
    text = HEAD + "web,S1,,gone,\n"
    first = planned(text)
    assert [(one.line, one.ref) for one in first.dangling] == [(2, "gone")]
    world = applied(World({}), first)
    assert world.items[1].groups[0].members == ("gone",)
    again = planned(text, world)
    assert (again.is_nothing, len(again.dangling)) == (True, 1)
    found = planned(text + "gone,S2,,,\n", world)
    assert (keys(found.created), keys(found.changed), found.dangling) == (["S2"], ["S1"], [])


def test_what_another_file_brings_is_what_was_meant():
    world = applied(World({}), planned(HEAD + "web,S1,,gone,\n"))
    found = planned("Name,Serial\ngone,S2\n", World(world.items), source="other")
    assert {one.key: dict(one.changes) for one in found.changed} == {"S1": {"runs_on": ("gone", "S2")}}
    after = applied(world, found)
    assert after.items[1].groups[0].members == (2,)
    assert planned("Name,Serial\ngone,S2\n", World(after.items), source="other").is_nothing


def test_what_a_refused_row_would_have_made_leads_nowhere():
    found = planned(HEAD + "web,S1,,bad,\nbad,S2,,S2,\n")
    assert [one.line for one in found.refused] == [3]
    assert [(one.line, one.ref) for one in found.dangling] == [(2, "bad")]


def test_what_is_gone_is_retired_unless_it_is_too_much():
    text = HEAD + "".join(f"n{i},S{i},,,\n" for i in range(10))
    world = applied(World({}), planned(text))
    less = HEAD + "".join(f"n{i},S{i},,,\n" for i in range(8))
    found = planned(less, world)
    assert (keys(found.retired), found.held) == (["S8", "S9"], [])
    after = applied(world, found)
    assert after.items[10].state == "retired"
    assert planned(less, after).is_nothing
    back = planned(text, after)
    assert {one.key: one.changes["state"] for one in back.changed} == dict.fromkeys(("S8", "S9"), ("retired", "live"))
    short = planned(HEAD + "n0,S0,,,\n", world)
    assert (short.retired, len(short.held)) == ([], 9)
    assert len(planned(HEAD + "n0,S0,,,\n", world, really=True).retired) == 9
    assert planned(HEAD, world, really=True).retired == []


def test_another_source_neither_retires_nor_doubles_them():
    world = applied(World({}), planned(HEAD + "a,S1,7,,\nb,S2,,,\n"))
    found = planned("Name,Serial\na,S1\n", World(world.items), source="other")
    assert (found.is_nothing, found.same) == (True, [1])


def test_who_is_trusted_more_is_believed():
    trusting = CMDB.replace('inventory = "text"', 'inventory = { type = "text", sources = ["cmdb"] }').replace(
        'columns = { name = "Name", serial = "Serial" }',
        'columns = { name = "Name", serial = "Serial", inventory = "I" }',
    )
    world = applied(World({}), planned(HEAD + "a,S1,7,,\nb,S2,,,\n", policy=trusting))
    found = planned("Name,Serial,I\na,S1,8\nb,S2,9\n", World(world.items), trusting, "other")
    assert {one.key: dict(one.changes) for one in found.changed} == {"S2": {"inventory": ("", "9")}}
    world = applied(World(world.items), found)
    back = planned(HEAD + "a,S1,7,,\nb,S2,3,,\n", world, trusting)
    assert {one.key: dict(one.changes) for one in back.changed} == {"S2": {"inventory": ("9", "3")}}


def test_secrets_are_never_read():
    found = planned("Name,Serial,Password\na,S1,hunter2\n")
    assert "hunter2" not in repr(found)
    assert keys(found.created) == ["S1"]


@pytest.mark.parametrize(
    ("needs", "because"),
    [("3 of 2", "from 1 to 2"), ("0 of 2", "from 1 to 2"), ("1 of 3", "2 are named"), ("some", "from 1 to 2")],
)
def test_needs_that_cannot_be(needs, because):
    found = planned(HEAD + f"web,S1,,a;b,{needs}\n")
    assert because in found.refused[0].because


def test_two_of_two_is_all_and_names_stand_once():
    found = planned(HEAD + "web,S1,,a;b,2 of 2\nx,S2,,a;a,\n")
    assert found.created[0].item.groups[0].needs is None
    assert "twice" in found.refused[0].because


def test_itself_and_what_the_types_forbid():
    forbidding = CMDB.replace('impact = "backward"', 'impact = "backward"\nbetween = [["server", "database"]]', 1)
    assert "itself" in planned(HEAD + "web,S1,,S1,\n").refused[0].because
    assert "cannot be" in planned(HEAD + "web,S1,,S2,\nb,S2,,,\n", policy=forbidding).refused[0].because


def test_dates_and_commas_are_asked_not_guessed():
    text = 'Name,Serial,Bought,Cores\na,S1,03/04/2026,\nb,S2,2026-04-03,\nc,S3,,"1,5"\nd,S4,31.12.2026,\n'
    found = planned(text)
    assert [one.line for one in found.refused] == [2, 4, 5]
    assert "day-first" in found.refused[0].because
    assert "decimal" in found.refused[1].because
    told = CMDB.replace("[ci_sources.cmdb]", '[ci_sources.cmdb]\ndates = "day-first"\ndecimal = ","')
    values = [one.item.values for one in planned(text, policy=told).created]
    assert [one.get("bought") for one in values] == ["2026-04-03", "2026-04-03", None, "2026-12-31"]
    assert values[2]["cores"] == "1.5"


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_delimiters_encodings_and_line_ends(mark, encoding):
    text = f'Name{mark}Serial\r\nMünster{mark}S1\rb{mark}S2\n\n"two\nlines"{mark}S3\r\n'
    found = planned(text.encode(encoding))
    assert [(one.line, one.item.name) for one in found.created] == [(2, "Münster"), (3, "b"), (5, "two lines")]


@pytest.mark.parametrize(
    ("data", "because"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\n", "empty"),
        (b",,\n", "no headings"),
        (b";", "no headings"),
        (b"PK\x03\x04zip", "zip"),
        (b"\x1f\x8bgz", "compressed"),
        (b"Host,Address\nx,y\n", "no column “Name” and “Serial”"),
        (b"Name,Name,Serial\nx,y,z\n", "two columns"),
        (b'Name,Serial\n"a,S1\n', "line 2: a quotation mark that begins there has no end"),
    ],
)
def test_files_that_are_none_of_this_source(data, because):
    with pytest.raises(UnreadableFile, match=because):
        planned(data)


def test_json_by_heading_by_attribute_and_with_needs():
    rows = [
        {"Name": "web", "Serial": "S1", "relations": [{"relation": "runs_on", "needs": 1, "of": ["S2", "db2"]}]},
        {"name": "db1", "serial": "S2", "cores": 8},
        {"name": "db2", "serial": "S3", "cores": "x"},
        "nothing",
        {"name": "z", "serial": "S4", "relations": [{"relation": "ruins_on", "of": ["S2"]}]},
    ]
    found = planned(json.dumps(rows, indent=1), name="f.json")
    assert keys(found.created) == ["S1", "S2"]
    assert found.created[0].item.groups[0].needs == 1
    assert [one.because for one in found.refused] == [
        "Cores “x” is no number.",
        "The row is no object.",
        "There is no relation “ruins_on”; did you mean “runs_on”?",
    ]
    assert found.refused[0].line > 10


ONE_OF_TWO = {"relation": "runs_on", "needs": 1, "of": ["S2", "S3"]}


@pytest.mark.parametrize(
    "said",
    [
        {"Runs on": ONE_OF_TWO}, {"Runs on": [ONE_OF_TWO]}, {"runs_on": {"needs": 1, "of": ["S2", "S3"]}},
        {"relations": [ONE_OF_TWO]}, {"relations": ONE_OF_TWO}, {"Runs on": "S2; S3", "Needs": "1 of 2"},
    ],
)  # fmt: skip
def test_json_says_what_an_item_stands_on_wherever_the_object_stands(said):
    rows = [{"Name": "web", "Serial": "S1"} | said, {"Name": "b", "Serial": "S2"}, {"Name": "c", "Serial": "S3"}]
    found = planned(json.dumps(rows), name="f.json")
    assert [(group.needs, len(group.members)) for group in found.created[0].item.groups] == [(1, 2)]


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("[" * 100_000, "deep"),
        ('[{"name": NaN}]', "NaN"),
        ('[{"name": "a", "name": "b"}]', "two “name”"),
        ('[{"cores": ' + "9" * 5000 + "}]", "can be read"),
        ('[{"a": 1},]', "comma"),
        ('{"rows": []}', "items"),
        ('{"items": {}}', "items"),
        ("[] []", "behind"),
        ('["unended', "no JSON"),
    ],
)
def test_json_that_is_not_read(text, because):
    with pytest.raises(UnreadableFile, match=because):
        planned(text, name="f.json", format=files.Format.JSON)


BACKSTAGE = """
[ci_types.component]
title = "Component"
key = ["ref"]
attributes = { ref = "text", lifecycle = "text" }
[ci_types.system]
title = "System"
key = ["ref"]
attributes = { ref = "text" }
[ci_relations.part_of]
title = "is part of"
back = "has part"
impact = "forward"
[ci_sources.catalog]
types = { Component = "component", System = "system" }
columns = { ref = "ref", lifecycle = "spec.lifecycle" }
relations = { uses = "spec.dependsOn", part_of = "spec.system" }
"""


def test_backstage_documents_with_short_references():
    text = dedent("""\
        apiVersion: backstage.io/v1alpha1
        kind: Component
        metadata: {name: shop}
        spec:
          lifecycle: production
          system: retail
          dependsOn: [component:cart, resource:default/db]
        ---
        kind: Component
        metadata: {name: cart}
        ---
        kind: System
        metadata: {name: retail}
        ---
        kind: Group
        metadata: {name: team}
        ---
        kind: Component
    """)
    found = planned(text, policy=BACKSTAGE, source="catalog", name="catalog-info.yaml")
    assert keys(found.created) == ["component:default/shop", "component:default/cart", "system:default/retail"]
    assert [(one.line, one.ref) for one in found.dangling] == [(1, "resource:default/db")]
    assert [(one.line, "metadata.name" in one.because) for one in found.refused] == [(18, True)]


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("a: &a [x, x]\nb: [*a, *a]\n", "line 2: it has an alias"),
        ("kind: !!python/object/apply:os.system ['id']\n", "line 1: it has a tag"),
        ("kind: !!int x\n", "no YAML can have"),
        ("kind: [a\n", "line"),
        ("- " * 200 + "x\n", "deep"),
        ("kind: a\x00b\n", "no YAML"),
    ],
)
def test_yaml_that_is_not_read(text, because):
    with pytest.raises(UnreadableFile, match=because):
        planned(text, policy=BACKSTAGE, source="catalog", name="catalog-info.yaml")


NETBOX = CMDB.replace(
    "[ci_sources.other]",
    """[ci_sources.netbox]
type = "server"
columns = { serial = "serial", inventory = "asset_tag", environment = "site" }
relations = { runs_on = "cluster.name" }
[ci_sources.other]""",
)


@pytest.mark.parametrize("text", ['{"results": 5}', '{"results": {}}', '{"count": 0}'])
def test_netbox_without_a_list_retires_nothing(text):
    with pytest.raises(UnreadableFile, match="no list “results”"):
        planned(text, name="f.json", format=files.Format.NETBOX)


def test_netbox_answers():
    one = {
        "id": 7,
        "name": "web1",
        "serial": "S1",
        "asset_tag": None,
        "status": {"value": "active", "label": "Active"},
        "site": {"id": 1, "name": "Berlin", "display": "Berlin DC"},
        "cluster": {"id": 3, "name": "kvm-1"},
    }
    two = {
        **one,
        "name": "web2",
        "serial": "S2",
        "status": {"value": "inventory", "label": "Inventory"},
        "cluster": None,
    }
    text = json.dumps({"count": 2, "next": None, "results": [one, two]}, indent=2)
    found = planned(text, policy=NETBOX, source="netbox", name="devices.json")
    assert [(o.item.name, o.item.state, o.item.values["environment"]) for o in found.created] == [
        ("web1", "live", "Berlin DC"),
        ("web2", "in stock", "Berlin DC"),
    ]
    assert [one.ref for one in found.dangling] == ["kvm-1"]


TERRAFORM = """
[ci_types.vm]
title = "Virtual machine"
key = ["address"]
attributes = { address = "text", ip = "text", secret = "text" }
[ci_sources.tf]
types = { aws_instance = "vm", aws_db_instance = "vm" }
columns = { name = "address", address = "address", ip = "values.private_ip", secret = "values.password" }
relations = { uses = "depends_on" }
"""


def test_terraform_reads_what_is_allowed_and_nothing_sensitive():
    def resource(address, **more):
        return {"address": address, "mode": "managed", "type": address.split(".")[-2], "values": {}, **more}

    web = resource(
        "aws_instance.web",
        values={"private_ip": "10.0.0.1", "user_data": "hunter2"},
        depends_on=["module.db.aws_db_instance.main"],
    )
    db = resource(
        "module.db.aws_db_instance.main[0]", values={"password": "hunter2"}, sensitive_values={"password": True}
    )
    whole = {
        "format_version": "1.0",
        "values": {
            "root_module": {
                "resources": [web, resource("aws_vpc.x"), {**resource("data.aws_ami.a"), "mode": "data"}],
                "child_modules": [{"resources": [db]}],
            }
        },
    }
    found = planned(json.dumps(whole, indent=1), policy=TERRAFORM, source="tf", name="tf.json")
    assert keys(found.created) == ["aws_instance.web", "module.db.aws_db_instance.main[0]"]
    assert found.created[0].item.groups[0].members == (-2,)
    assert "hunter2" not in repr(found)
    assert found.notes
    with pytest.raises(UnreadableFile, match="raw state"):
        planned('{"version": 4, "lineage": "x", "resources": []}', policy=TERRAFORM, source="tf", name="terraform.json")


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)
NUMBERS = st.decimals(-(10**6), 10**6, places=3).map(str)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "name": WORDS,
            "serial": st.sampled_from("ABCDEFG") | WORDS,
            "inventory": st.just("") | WORDS,
            "cores": st.just("") | NUMBERS,
        },
        optional={"bought": st.dates().map(str), "state": st.sampled_from(["live", "planned", "retired"])},
    ),
    max_size=8,
)
GROUPS = st.lists(
    st.tuples(
        st.sampled_from(["runs_on", "uses"]),
        st.lists(st.integers(0, 9) | WORDS, min_size=1, max_size=3),
        st.integers(0, 3),
    ),
    max_size=3,
)


@st.composite
def estates(draw) -> str:
    rows = draw(ROWS)
    # A reference that two rows answer to is left open, and leads somewhere once one of them is refused.
    assume({row["name"].strip() for row in rows}.isdisjoint(row["serial"].strip() for row in rows))
    for row in rows:
        row["relations"] = [
            {
                "relation": relation,
                "of": [rows[one % len(rows)]["serial"] if isinstance(one, int) else one for one in of],
                **({"needs": 1 + needs % len(of)} if needs else {}),
            }
            for relation, of, needs in draw(GROUPS)
        ]
    return json.dumps(rows)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(estates())
def test_the_same_file_twice_changes_nothing_and_an_export_comes_back_unchanged(text):
    schema = schema_of(known(CMDB))
    first = planned(text, name="f.json", format=files.Format.JSON)
    world = applied(World({}), first)
    again = planned(text, world, name="f.json", format=files.Format.JSON)
    assert (again.is_nothing, len(again.same)) == (True, len(first.created))
    assert [one.line for one in again.refused] == [one.line for one in first.refused]
    if not world.items:
        return
    items = [world.items[number] for number in sorted(world.items)]
    sheet, document = "".join(as_csv(items, schema, OnDisk())), "".join(as_json(items, schema, OnDisk()))
    assert document == json.dumps(json.loads(document), indent=1, ensure_ascii=False) + "\n"
    for told, name in ((sheet, "e.csv"), (document, "e.json")):
        back = planned(told, world, name=name)
        assert (back.is_nothing, len(back.same), back.refused, back.ambiguous, back.held) == (
            True,
            len(items),
            [],
            [],
            [],
        )
        fresh = applied(World({}), planned(told, name=name))
        found = [fresh.items[number] for number in sorted(fresh.items)]
        assert ("".join(as_csv(found, schema)), "".join(as_json(found, schema))) == (sheet, document)


def test_more_rows_than_are_put_away_at_once():
    rows = "".join(f"n{one},S{one},,S{(one * 7 + 1) % 250};S{(one * 11 + 2) % 250},\n" for one in range(250))
    world = applied(NOTHING, planned(HEAD + rows))
    found = planned(HEAD + rows.replace("n1", "m1") + "new,S999,,S3,\n", world)
    assert (len(found.created), len(found.changed), found.retired) == (1, 111, [])
