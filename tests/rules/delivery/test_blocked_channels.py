"""Who hears of a channel in which nothing can be said."""

import pytest

from bot.rules.delivery.blocked_channels import Trouble, is_the_desks, owner, trouble
from bot.rules.policy.policy import PolicyFaults, parse


@pytest.mark.parametrize(
    ("channel", "group"),
    [
        ("service-desk", "service-desk"),
        ("changes", "change-managers"),
        ("private-incidents", "security"),
        ("of-a-policy-before", "service-desk"),
    ],
)
def test_a_channel_has_an_owner_and_a_private_one_its_own_people(channel, group):
    assert owner(parse(""), channel) == group


def test_the_policy_says_otherwise_where_it_does():
    policy = parse('[delivery]\nowner = "cab"\nowners = { security = "change-managers" }\n')
    assert owner(policy, "service-desk") == "cab"
    assert owner(policy, "private-incidents") == "change-managers"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('owner = "netops"', 2, "there is no group “netops”"),
        ('owners = { nowhere = "cab" }', 2, "there is no channel “nowhere”"),
        ('owners = { changes = "cub" }', 2, "did you mean “cab”?"),
        ('urgent = ["sla_brech"]', 2, "did you mean “sla_breach”?"),
    ],
)
def test_names_that_lead_nowhere_are_faults(text, line, says):
    with pytest.raises(PolicyFaults) as found:
        parse(f"[delivery]\n{text}\n")
    (fault,) = found.value.faults
    assert fault.line == line
    assert says in fault.message


@pytest.mark.parametrize(
    ("reason", "found"),
    [
        ("is_archived", Trouble.ARCHIVED),
        ("restricted_action_read_only_channel", Trouble.RESTRICTED),
        ("not_in_channel", Trouble.OUTSIDE),
        ("token_revoked", None),
        ("nobody can tell whether message 3 arrived: missing_scope", None),
    ],
)
def test_what_its_owners_can_mend_is_told_from_what_only_the_operator_can(reason, found):
    assert trouble(reason) is found


@pytest.mark.parametrize(("lane", "ours"), [("#changes", True), ("#変更", True), ("#INC-12", False), ("@U1", False)])
def test_a_records_own_channel_is_its_records_matter(lane, ours):
    assert is_the_desks(lane) is ours
