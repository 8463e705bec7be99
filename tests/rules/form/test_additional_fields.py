"""`[fields.incident.…]`: read in order, and what can never work is told at its line."""

import pytest

from bot.rules.form.additional_fields import FieldsOf
from bot.rules.policy.policy import PolicyFaults, parse, restore

FIELDS = """
[fields.incident.kind]
asks = "What is it on?"
type = "choice"
options = ["A laptop", "A phone"]
required = true

[fields.incident.asset]
asks = "Which laptop?"
type = "text"
required = true
when = { kind = "A laptop" }
"""


def test_they_stay_in_the_order_of_the_file_in_versions_too() -> None:
    policy = parse(FIELDS)
    for one in (policy, restore(policy.text)):
        assert list(one.fields[FieldsOf.INCIDENT]) == ["kind", "asset"]
        assert one.fields[FieldsOf.INCIDENT]["asset"].id == "asset"


@pytest.mark.parametrize(
    ("wrong", "right", "line", "said"),
    [
        ('kind = "A laptop"', 'kin = "A laptop"', 12, "there is no question “kin”; did you mean “kind”?"),
        ('kind = "A laptop"', 'kind = "A tablet"', 12, "is no answer that “kind” can have"),
        ('kind = "A laptop"', 'asset = "LT-1"', 12, "is a condition on the question itself"),
        ("incident.asset", "incidnt.asset", 8, "incident"),
        ('type = "text"', 'type = "tex"', 10, "text"),
    ],
)
def test_what_can_never_work_is_told_with_its_line(wrong: str, right: str, line: int, said: str) -> None:
    with pytest.raises(PolicyFaults) as refused:
        parse(FIELDS.replace(wrong, right))
    assert any(one.place.line == line and said in str(one) for one in refused.value.faults), refused.value


def test_a_condition_names_a_service_that_there_is() -> None:
    fields = '[fields.incident.on]\nasks = "On?"\ntype = "service"\n'
    fields += '[fields.incident.x]\nasks = "X?"\ntype = "text"\nwhen = { on = "vpnn" }\n'
    with pytest.raises(PolicyFaults, match="there is no service “vpnn”"):
        parse(fields)
