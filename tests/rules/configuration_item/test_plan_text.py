"""What a plan says where everybody reads it: private items are counted, whatever happens to them."""

from hypothesis import given
from hypothesis import strategies as st
from rules.configuration_item.test_import import CMDB, planned

from bot.rules.configuration_item import plan_text
from bot.rules.configuration_item.items import Group, Item, schema_of
from bot.rules.configuration_item.plan_values import World
from bot.rules.policy.policy import parse

POLICY = CMDB.replace('inventory = "text"', 'inventory = { type = "text", unique = true }').replace(
    'name = "Name"\nserial', 'name = "Name"\nprivate = "Secret"\nserial'
)
SCHEMA = schema_of(parse(POLICY))
HEAD = "Name,Serial,Inventory no.,Runs on,Secret\n"


@st.composite
def worlds(draw) -> tuple[World, set[int]]:
    """Up to six servers, some of them private, and related at random."""
    count = draw(st.integers(1, 6))
    private = draw(st.sets(st.integers(1, count)))
    items = {}
    for one in range(1, count + 1):
        said = {"name": f"name{one}", "serial": f"K{one}", "inventory": f"I{one}", "state": "live"}
        on = draw(st.sets(st.integers(1, count).filter(lambda other, one=one: other != one), max_size=2))
        groups = (Group("runs_on", tuple(sorted(on))),) if on else ()
        items[one] = Item(one, "server", said | ({"private": "yes"} if one in private else {}), {}, groups)
    return World(items, dict.fromkeys(items, True)), private


ROWS = st.tuples(
    st.integers(1, 8), st.integers(1, 8), st.lists(st.integers(1, 8), max_size=2, unique=True), st.booleans()
)


@given(worlds(), st.lists(ROWS, max_size=6), st.booleans())
def test_no_line_for_a_channel_names_a_private_item_that_the_file_does_not(made, rows, really):
    world, private = made
    lines = [
        f"n{serial},K{serial},I{inventory},{';'.join(f'name{one}' for one in on if one not in private)},"
        f"{'yes' if secret else 'no'}"
        for serial, inventory, on, secret in rows if serial not in private
    ]  # fmt: skip
    plan = planned(HEAD + "\n".join(lines), world, POLICY, really=really)
    text = "\n".join(plan_text.lines(plan, within=plan_text.InChannel.of(plan, world.items, SCHEMA)))
    for one in private:
        assert f"name{one}" not in text
        assert f"K{one}" not in text
    # Whoever runs the command line reads all of it.
    whole = "\n".join(plan_text.lines(plan))
    assert all(f"{one.key}" in whole for one in plan.retired[: plan_text.SHOWN_MOST])


def test_a_line_that_names_what_became_private_is_told_as_one_of_a_private_item():
    said = ["2 created", "  line 2: server S1, “host”", "  line 3: server S10, “hosts”", "12 unchanged"]
    assert plan_text.withheld(said, {"host", "S1"}) == [said[0], "  a private item", *said[2:]]
    assert plan_text.withheld(said, {"unchanged", "created"}) == said, "counts name nothing"
