"""A checkpoint is a line that is found again anywhere, and whose signature covers all of it."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, x25519

from bot.rules.journal import checkpoints, signing
from bot.rules.journal.checkpoints import Checkpoint, found_in

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
POINT = Checkpoint(1234, "ab" * 32, NOON)
SIGNER = signing.signer(signing.new_seed())


def test_a_line_is_read_back_as_it_was_written():
    for point in (POINT, SIGNER.sign(POINT)):
        assert list(found_in(point.line)) == [point]


def test_checkpoints_are_found_among_other_words():
    other = SIGNER.sign(Checkpoint(2000, "cd" * 32, NOON))
    text = f"Journal of Monday:\n```{POINT.line}```\n\n> {other.line}\r\nnonsense size=1"
    assert list(found_in(text)) == [POINT, other]


@pytest.mark.parametrize("line", ["", POINT.line[:-1], POINT.line.replace("03-02", "13-02"), POINT.line.upper()])
def test_what_is_no_checkpoint_is_not_taken_for_one(line):
    assert list(found_in(line)) == []


def test_a_signature_covers_every_character():
    line = SIGNER.sign(POINT).line
    assert SIGNER.public.signed(next(found_in(line)))
    for place, character in enumerate(line):
        for other in {"0", "1", "A", "b", " "} - {character}:
            changed = list(found_in(line[:place] + other + line[place + 1 :]))
            assert not any(SIGNER.public.signed(one) for one in changed), (place, other)


def test_only_the_key_that_signed_it_says_so():
    assert not signing.signer(signing.new_seed()).public.signed(SIGNER.sign(POINT))
    assert not SIGNER.public.signed(POINT)


@pytest.mark.parametrize(
    ("last", "size", "later", "due"),
    [
        (None, 0, timedelta(0), False),
        (None, 1, timedelta(0), True),
        (POINT, 1234, timedelta(days=1), False),
        (POINT, 1235, timedelta(seconds=59), False),
        (POINT, 1235, timedelta(seconds=60), True),
        (POINT, 2233, timedelta(seconds=1), False),
        (POINT, 2234, timedelta(seconds=1), True),
    ],
)
def test_one_is_due_after_a_minute_or_a_thousand_facts(last, size, later, due):
    assert checkpoints.is_due(last, size, NOON + later) is due


def pem(key):
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, *form).decode()


def test_a_pem_key_does_as_well_as_a_seed():
    key = ed25519.Ed25519PrivateKey.generate()
    by_seed = signing.signer(f" {signing.base64.b64encode(key.private_bytes_raw()).decode()}\n")
    by_pem = signing.signer(pem(key))
    assert by_seed.public.text == by_pem.public.text
    encoding, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    public = key.public_key().public_bytes(encoding, form).decode()
    assert signing.public(public).id == signing.public(by_seed.public.text).id == by_pem.public.id


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("short", "neither base64 nor PEM"),
        ("AAAA", "32 bytes"),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "PEM"),
        (pem(x25519.X25519PrivateKey.generate()), "not an Ed25519 key"),
    ],
)
def test_a_key_that_will_not_do_is_refused_without_being_told(text, why):
    with pytest.raises(signing.UnfitKey, match=why) as refused:
        signing.signer(text)
    assert text not in str(refused.value)
