"""Webhooks: signatures that strangers verify, the schedule, the addresses, and the section of the policy."""

import base64
import time
from datetime import timedelta

import pytest
import standardwebhooks
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bot.rules.policy.policy import PolicyFaults, parse, restore
from bot.rules.record.facts import FactKind
from bot.rules.webhook import addresses, events, schedule, signing

OLD, NEW = (f"whsec_{base64.b64encode(bytes([n]) * 32).decode()}" for n in (1, 2))
PRIVATE = f"whsk_{base64.b64encode(bytes(range(32))).decode()}"
BODY = b'{"type":"incident.resolved"}'


def signed(*secrets, at=None):
    keys = [signing.Key.parse(one) for one in secrets]
    return signing.headers("msg_1", int(time.time() if at is None else at), BODY, keys)


def test_the_public_library_verifies_what_is_signed_by_either_secret():
    both = dict(signed(NEW, OLD, PRIVATE))
    for secret in (OLD, NEW):
        assert standardwebhooks.Webhook(secret).verify(BODY, both) == {"type": "incident.resolved"}
    other = f"whsec_{base64.b64encode(bytes(32)).decode()}"
    for secret, body, headers in (
        (other, BODY, both), (OLD, BODY + b" ", both), (OLD, BODY, dict(signed(OLD, at=time.time() - 600))),
    ):  # fmt: skip
        with pytest.raises(standardwebhooks.WebhookVerificationError):
            standardwebhooks.Webhook(secret).verify(body, headers)


def test_the_vector_of_the_standard():
    key = signing.Key.parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    told = signing.headers("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body, [key])
    assert told["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_ed25519_is_verified_by_the_public_key():
    key, told = signing.Key.parse(PRIVATE), signed(PRIVATE)
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key.public.removeprefix("whpk_")))
    version, _, signature = told["webhook-signature"].partition(",")
    assert version == "v1a"
    public.verify(base64.b64decode(signature), f"msg_1.{told['webhook-timestamp']}.".encode() + BODY)


@pytest.mark.parametrize(
    ("secret", "why"),
    [
        ("", "neither"), ("secret", "neither"), ("whsec_!", "no base64"), ("whsec_c2hvcnQ=", "24 to 64 bytes"),
        ("whsk_c2hvcnQ=", "32 bytes"), ("whpk_c2hvcnQ=", "public"),
    ],
)  # fmt: skip
def test_what_is_no_secret(secret, why):
    with pytest.raises(signing.BadSecret, match=why) as fault:
        signing.Key.parse(secret)
    assert "c2hvcnQ" not in str(fault.value)


def test_it_is_tried_ten_times_over_days():
    waits = [schedule.wait(tries, "0000") for tries in range(1, 10)]
    assert [one.total_seconds() for one in waits] == [
        5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400,
    ]  # fmt: skip
    assert (schedule.wait(10, "0000"), schedule.TRIES) == (None, 10)
    assert waits[1] < schedule.wait(2, "8fff") < schedule.wait(2, "ffff") <= waits[1] * 1.1 + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("127.0.0.1", False), ("10.1.2.3", False),
        ("172.16.0.1", False), ("192.168.1.1", False), ("169.254.169.254", False), ("100.64.0.1", False),
        ("0.1.2.3", False), ("224.0.0.1", False), ("255.255.255.255", False), ("::1", False), ("::", False),
        ("fe80::1%eth0", False), ("fd00:ec2::254", False), ("::ffff:127.0.0.1", False), ("::ffff:8.8.8.8", True),
        ("64:ff9b::7f00:1", False), ("2002:7f00:1::", False), ("ff02::1", False), ("nowhere", False), ("", False),
        ("168.63.129.16", False), ("::ffff:168.63.129.16", False), ("168.63.129.17", True), ("192.0.0.8", False),
        ("192.88.99.1", False), ("2001:0:ce49:7601:e866:efff:62c3:fffe", False), ("3fff::1", False),
        ("2001:4860::1", True),
    ],
)  # fmt: skip
def test_only_the_public_internet(address, public):
    assert addresses.is_public(address) is public


HOOK = """
[webhooks.status]
url = "https://example.com/hook"
events = ["incident.*", "sla.breached"]
secret = "env:HOOK"
"""


def test_the_section_as_it_is_written_and_kept():
    one = parse(HOOK).webhooks["status"]
    assert (one.url, one.variables) == ("https://example.com/hook", ("HOOK",))
    two = parse(HOOK.replace('"env:HOOK"', '["env:NEW", "env:OLD"]'))
    assert two.webhooks["status"].variables == ("NEW", "OLD")
    for policy in (parse(HOOK), two):
        assert restore(policy.text).webhooks == policy.webhooks
    assert events.chosen(one.events, "incident.resolved")
    assert not events.chosen(one.events, "incidents.resolved")
    assert not events.chosen(one.events, "sla.met")
    assert {events.name_of(kind) for kind in (FactKind.PROBLEM_CAUSE_KNOWN,)} == {"problem.cause_known"}


@pytest.mark.parametrize(
    ("was", "now", "why"),
    [
        ('"env:HOOK"', '"whsec_abc"', "write it like “env:HOOK_SECRET”"),
        ('"env:HOOK"', "[]", "secret"),
        ("https://example.com/hook", "ftp://example.com", "begins with https://"),
        ("https://example.com/hook", "https://a:b@example.com", "name or password"),
        ("https://example.com/hook", "https://example.com:x", "no web address"),
        ('"sla.breached"', '"incident.resovled"', "did you mean"),
        ('["incident.*", "sla.breached"]', "[]", "events"),
        ('secret = "env:HOOK"', 'secret = "env:HOOK"\nowner = "nobody"', "nobody"),
    ],
)
def test_what_a_policy_cannot_say(was, now, why):
    with pytest.raises(PolicyFaults, match=why):
        parse(HOOK.replace(was, now))
