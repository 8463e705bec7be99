"""The desk's own rules: a default that works untouched, and files that say what differs."""

from datetime import timedelta

import pytest

from bot.rules.incident.priority import Priority
from bot.rules.policy.policy import GroupKey, PolicyFaults, default_text, duration_text, parse, restore


def test_the_default_works_untouched():
    policy = parse("")
    assert policy == parse(default_text())
    assert set(policy.groups) == set(GroupKey)
    assert policy.channel("changes") == "changes"
    assert policy.service("laptops").name == "Laptops & accounts"
    assert policy.target(Priority.P1).response == timedelta(minutes=15)


def test_a_file_need_only_say_what_differs():
    policy = parse('[services.vpn]\nname = "Remote access"\n[targets.P1]\nresponse = "5m"')
    assert policy.service("vpn").name == "Remote access"
    assert policy.service("vpn").owner == "service-desk"
    assert policy.target(Priority.P1).response == timedelta(minutes=5)
    assert policy.target(Priority.P1).resolution == timedelta(hours=4)


def test_an_entry_of_the_default_is_taken_away_with_false():
    policy = parse("services.website = false")
    assert "website" not in policy.services
    assert "vpn" in policy.services


def test_a_group_named_another_way_is_named_that_way_alone():
    group = parse('[groups.cab]\npeople = ["U012AB3CD", "@clerk"]').group("cab")
    assert (group.people, group.usergroup, group.channel) == (("U012AB3CD", "clerk"), None, None)
    assert group.title == "Change advisory board"


def test_what_people_put_before_names_in_slack_does_no_harm():
    policy = parse('[channels.changes]\nname = "#change-control"\n[groups.cab]\nusergroup = "@board"')
    assert policy.channel("changes") == "change-control"
    assert policy.group("cab").usergroup == "board"


def test_a_service_is_heard_in_its_own_channel():
    policy = parse('[channels.net]\nname = "network-ops"\n[services.vpn]\nchannel = "net"')
    assert policy.channel_of("vpn") == "network-ops"
    assert policy.channel_of("email") == "service-desk"


def test_an_incident_of_a_service_that_was_taken_away_still_has_a_name_and_a_channel():
    policy = parse("services.vpn = false")
    assert policy.channel_of("vpn") == "service-desk"
    assert policy.service_name("vpn") == "vpn"
    with pytest.raises(KeyError):
        policy.service("vpn")


def test_two_keys_may_share_a_channel_which_is_then_joined_once():
    policy = parse('[channels.changes]\nname = "service-desk"')
    assert policy.channel_names == ["service-desk", "major-incidents", "private-incidents", "deskbell-audit"]


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("15m", timedelta(minutes=15)),
        ("1h30m", timedelta(minutes=90)),
        ("2d", timedelta(days=2)),
        ("90m", timedelta(minutes=90)),
        ("45s", timedelta(seconds=45)),
    ],
)
def test_lengths_of_time_are_days_hours_minutes_and_seconds(text, length):
    targets = parse(f'[targets.P1]\nresponse = "{text}"\nresolution = "3d"').target(Priority.P1)
    assert targets.response == length


@pytest.mark.parametrize("text", ["", "0m", "-5m", "5", "5 m", "1.5h", "4h15", "30m1h", "367d", "٥m", "9999999m"])
def test_other_lengths_are_refused(text):
    with pytest.raises(PolicyFaults, match=r"targets\.P1\.resolution"):
        parse(f'[targets.P1]\nresolution = "{text}"')


def test_a_length_is_written_as_it_is_read():
    assert duration_text(timedelta(days=1, hours=4, minutes=30)) == "1d4h30m"
    assert duration_text(timedelta(minutes=90)) == "1h30m"
    assert duration_text(timedelta(minutes=1, seconds=30)) == "1m30s"


def test_the_whole_text_gives_the_same_policy_whatever_a_later_deskbell_ships():
    policy = parse('services.vpn = false\n[services.crm]\nname = "CRM \\"A\\" ✓"\nowner = "cab"\n'
                   'channel = "changes"\ncriticality = "low"')  # fmt: skip
    assert restore(policy.text) == policy
    assert restore(policy.text).text == policy.text


def test_the_digest_follows_the_rules_and_not_the_wording_of_the_file():
    plain = parse('[targets.P1]\nresponse = "1h30m"')
    assert plain.digest == parse('# the same\ntargets.P1 = { response = "90m" }\nwarn_at = 75').digest
    assert plain.digest != parse("").digest


def test_a_stored_text_gets_nothing_from_the_default():
    with pytest.raises(PolicyFaults) as refused:
        restore("warn_at = 75")
    assert {"services", "groups.cab", "channels.changes", "targets.P1"} <= {one.where for one in refused.value.faults}


def test_rules_cannot_be_changed_in_passing():
    with pytest.raises(ValueError, match="frozen"):
        parse("").warn_at = 5


def test_a_kept_version_of_the_release_after_is_read_without_what_is_new_in_it():
    kept = parse("").text
    newer = kept.replace("[groups.service-desk]", '[groups.service-desk]\nnickname = "desk"', 1)
    newer += '\n[telepathy.thoughts]\nof = "service-desk"\n'
    newer = newer.replace("[[requests.laptop.questions]]", '[[requests.laptop.questions]]\ncolour = "blue"', 1)
    assert newer.count("nickname") == newer.count('colour = "blue"') == 1
    assert restore(newer) == restore(kept)
    with pytest.raises(PolicyFaults, match="telepathy"):
        parse('[telepathy.thoughts]\nof = "service-desk"\n')
    with pytest.raises(PolicyFaults, match="zone"):
        restore(newer.replace('"Europe/', '"Atlantis/').replace('"UTC"', '"Atlantis"'))


def test_one_policy_leaves_the_default_to_the_next_as_it_was():
    whole = parse("").text
    parse('[groups.service-desk]\ntitle = "The desk"\npeople = ["agent"]\n[channels.desk]\nname = "desk"\n')
    with pytest.raises(PolicyFaults):
        parse("[groups]\nservice-desk = false\n")
    assert parse("").text == whole
    assert restore(whole) == parse("")
