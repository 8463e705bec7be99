"""A policy in several files: read as one, whatever they are called, with nothing said twice."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.policy.policy import PolicyFaults, parse, parse_files, restore

CRM = '[services.crm]\nname = "CRM"\nowner = "cab"\nchannel = "changes"\ncriticality = "low"\n'
FAX = '[services.fax]\nname = "Fax"\nowner = "cab"\nchannel = "changes"\ncriticality = "low"\ndepends_on = ["crm"]\n'
APPROVAL = 'stages = ["any of cab"]\nremind = "1h"\nexpires = "1d"\nservices = ["vpn"]\n'
APPROVALS = [f"[approvals.{key}]\n{APPROVAL}" for key in ("first", "second")]


def told(**files):
    with pytest.raises(PolicyFaults) as refused:
        parse_files({f"{name}.toml": text for name, text in files.items()})
    return [str(fault) for fault in refused.value.faults]


def test_files_are_read_as_one():
    policy = parse_files({"a.toml": FAX + "[changes]\nsuggest_after = 5", "b.toml": "warn_at = 80\n" + CRM})
    assert policy == parse("warn_at = 80\n" + CRM + FAX + "[changes]\nsuggest_after = 5")
    assert restore(policy.text) == policy


@pytest.mark.parametrize("texts", [[FAX, CRM, "services.website = false"], [*APPROVALS, "warn_at = 80"]])
def test_what_the_files_are_called_does_not_change_the_version(texts):
    found = {parse_files(dict(zip("abc", order, strict=True))).digest for order in permutations(texts)}
    assert len(found) == 1


def test_one_file_in_a_folder_is_the_version_that_it_was_alone():
    text = FAX + CRM
    assert parse_files({"policy.toml": text}).digest == parse(text).digest
    assert parse_files({"a.toml": "warn_at = 80", "z.toml": text}).digest == parse("warn_at = 80\n" + text).digest


def test_a_fault_is_told_with_its_file_and_line():
    first, second = told(one="warn_at = 0", two='\n[cab]\ngroups = ["bord"]')
    assert first == "one.toml:1, warn_at: must be 1 or more"
    assert second.startswith("two.toml:3, cab.groups: there is no group “bord”")


def test_a_name_may_lead_to_another_file():
    assert parse_files({"a.toml": FAX, "b.toml": CRM}).needs["fax"] == ("crm",)
    (fault,) = told(a=FAX, b="\nwarn_at = 80")
    assert fault.startswith("a.toml:6, services.fax.depends_on: there is no service “crm”")


@pytest.mark.parametrize(
    ("a", "b", "fault"),
    [
        ("warn_at = 80", "\nwarn_at = 80", "b.toml:2, warn_at: a.toml:1 says this already"),
        (CRM, CRM, "b.toml:1, services.crm: a.toml:1 says this already"),
        ("\n[cab]\nchannel = 'changes'", "[cab]\ngroups = ['cab']", "b.toml:1, cab: a.toml:2 says this already"),
        ("services.vpn.name = 'A'", "[services.vpn]\nname = 'A'", "b.toml:2, services.vpn.name: a.toml:1 says"),
        ("services.vpn = false", "[services.vpn]\nname = 'A'", "b.toml:1, services.vpn: a.toml:1 says"),
        ("cab = { channel = 'changes' }", "cab.groups = ['cab']", "b.toml:1, cab.groups: a.toml:1 says"),
        ("cab.groups = ['cab']", "\ncab = { channel = 'changes' }", "b.toml:2, cab: a.toml:1 says"),
        ("[[cab]]\nx = 1", "[cab]\nx = 1", "b.toml:1, cab: a.toml:1 says"),
        ("[cab]\nx = 1", "[[cab]]\nx = 1\n[[cab]]\nx = 2", "b.toml:1, cab: a.toml:1 says"),
    ],
)  # fmt: skip
def test_what_two_files_say_is_told_with_both_places(a, b, fault):
    (said,) = told(a=a, b=b)
    assert said.startswith(fault)
    assert said.endswith("; keep it in one of the two")


def test_each_file_that_says_it_again_is_told_against_the_first():
    assert [one.partition(";")[0] for one in told(a="warn_at = 1", b="warn_at = 2", c="warn_at = 3")] == [
        "b.toml:1, warn_at: a.toml:1 says this already",
        "c.toml:1, warn_at: a.toml:1 says this already",
    ]


def test_every_file_that_is_no_toml_is_told():
    assert told(a="x =", b="warn_at = 80", c="\n[x", d="a = " + "[" * 20_000) == [
        "a.toml:1: this is not TOML: Invalid value",
        "c.toml:2: this is not TOML: Expected ']' at the end of a table declaration",
        "d.toml:1: this is nested too deeply to be a policy",
    ]


LINES = st.sampled_from(
    ["warn_at = 80", "cab.channel = 'changes'", "[cab]", "[services.vpn]", "services.vpn.name = 'X'", "name = 'Y'",
     "services.website = false", "services = {}", "[services]", "vpn = { name = 'Z' }", "[[services]]", "[a.b]"]
)  # fmt: skip
TEXTS = st.lists(LINES, max_size=4).map("\n".join)


@pytest.mark.slow
@given(st.tuples(TEXTS, TEXTS, TEXTS))
def test_any_files_are_the_same_policy_or_faults_in_any_order(texts):
    found = {outcome(order) for order in permutations(texts)}
    assert len(found) == 1
    assert False not in found


def outcome(texts):
    """The version; of what is refused, whether each fault has its place."""
    try:
        return parse_files(dict(zip("abc", texts, strict=True))).digest
    except PolicyFaults as refused:
        return all(fault.place for fault in refused.faults)


def test_a_mark_of_order_is_no_part_of_a_file() -> None:
    assert parse_files({"a.toml": "\ufeffwarn_at = 60\n", "b.toml": "\ufeff"}).warn_at == 60


def test_a_key_is_not_said_again_at_any_length() -> None:
    with pytest.raises(PolicyFaults) as found:
        parse_files({"": f"{'9' * 5000} = 1\n"})
    assert len(str(found.value.faults[0]).partition(": ")[0]) < 140
