"""The picture of an impact as values: what is shown, what is folded, and the same in words."""

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.configuration_item.diagram import BOXES_MOST, Look, Node, diagram
from bot.rules.configuration_item.impact import Stands, impact


def drawn(stands, down, nodes):
    return diagram(impact(stands, down), stands, nodes)


def named(count, services=()):
    return {one: Node(one, "service" if one in services else "server", f"n{one}") for one in range(1, count + 1)}


def test_what_fails_is_on_the_left_and_the_way_to_a_service_is_bold():
    stands = [Stands(2, (1,)), Stands(3, (2, 9), 1), Stands(4, (3,)), Stands(5, (2,))]
    found = drawn(stands, {1}, named(5, services={5}))
    looks = {box.label: (box.column, box.look) for box in found.boxes}
    assert looks == {
        "n1": (0, Look.FAILED),
        "n2": (1, Look.DOWN),
        "n3": (2, Look.DEGRADED),
        "n4": (3, Look.SAFE),
        "n5": (2, Look.DOWN),
    }
    told = {(found.boxes[a.start].label, found.boxes[a.end].label): (a.note, a.bold) for a in found.arrows}
    assert told[("n2", "n3")] == ("1/2", False)
    assert told[("n1", "n2")] == ("", True)
    assert told[("n2", "n5")] == ("", True)
    assert found.alternative == "Where n1 fails; 2 down: n5, n2; 1 degraded: n3; 1 safe: n4."


@given(st.lists(st.tuples(st.integers(2, 300), st.integers(1, 300)), max_size=600))
def test_however_many_there_are_few_boxes_are_drawn_and_none_is_lost(links):
    nodes = named(300, services={7, 77, 177})
    stands = [Stands(one, (other,)) for one, other in links if one != other]
    found = impact(stands, {1})
    shown = diagram(found, stands, nodes)
    columns = {len(path) for path in found.why.values()}
    assert len(shown.boxes) <= max(BOXES_MOST, 4 * len(columns))
    folded = sum(int(box.label[1:].split()[0]) for box in shown.boxes if box.below == "folded")
    assert folded + sum(box.below != "folded" for box in shown.boxes) == len(found.reached)
