"""The doors of monitoring systems: what is taken, what is refused and why, and that nothing is lost between."""

import base64
import io
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from alert_steps import adopts, alert, delivery, recorded
from cast import Desk
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.alert.sns_signature import NotAmazons, amazons, certificate_url, signed_text, verify
from bot.usecases.alert import deliveries
from bot.web import alerts as doors

MORE = """
[alerts.pager]
format = "pagerduty"
key = "env:PAGER_KEY"
service = "network"

[alerts.cloud]
format = "sns"
key = "env:CLOUD_KEY"
service = "payroll"
topics = ["arn:aws:sns:eu-west-1:123456789012:deskbell"]

[alerts.doors]
format = "generic"
key = "env:DOORS_KEY"
service = "network"
fields = { alerts = "events", key = "id", title = "name", state = "status" }
"""


@pytest.fixture
async def desk(desk_on_sqlite: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    for name in ("PROM_KEY", "PAGER_KEY", "CLOUD_KEY"):
        monkeypatch.setenv(name, f"secret-of-{name}")
    monkeypatch.delenv("DOORS_KEY", raising=False)
    await adopts(desk_on_sqlite, MORE)
    return desk_on_sqlite


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def posted(http: aiohttp.ClientSession, desk: Desk, path: str, body: Any) -> tuple[int, dict[str, Any]]:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with http.post(f"{desk.url}{path}", data=io.BytesIO(content)) as answer:
        text = await answer.text()
        return answer.status, json.loads(text) if text.startswith("{") else {"text": text}


PROM = "/alerts/prom/secret-of-PROM_KEY"


async def test_a_delivery_is_taken_and_becomes_an_incident(desk: Desk, http: aiohttp.ClientSession) -> None:
    assert await posted(http, desk, PROM, recorded("alertmanager")) == (202, {"status": "accepted"})
    await desk.channel("service-desk").hears("INC-1", "Tunnel to the office is down", "1 of 2 alerts fire")
    assert await posted(http, desk, PROM, recorded("alertmanager")) == (202, {"status": "accepted"})
    assert await desk.channel("service-desk").count("INC-2") == 0


@pytest.mark.parametrize(
    "path",
    ["/alerts/prom/wrong", "/alerts/nowhere/secret-of-PROM_KEY", "/alerts/doors/", "/alerts/doors/x", "/alerts/prom/"],
)
async def test_a_wrong_address_is_not_there(desk: Desk, http: aiohttp.ClientSession, path: str) -> None:
    assert (await posted(http, desk, path, recorded("alertmanager")))[0] == 404


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"", 400, "no JSON"),
        (b"\xff", 400, "no text in UTF-8"),
        (b"[" * 50_000, 400, "nested too deeply"),
        (b"x" * (doors.LARGEST + 1), 413, "at most"),
        ({"alerts": 7}, 400, "“alerts” is not a list"),
    ],
)
async def test_what_never_can_be_taken_is_refused_with_reasons_and_counted(
    desk: Desk, http: aiohttp.ClientSession, body: Any, status: int, said: str
) -> None:
    got, answer = await posted(http, desk, PROM, body)
    assert got == status
    assert said in answer["errors"][0]
    if status == 400:
        assert "1 parts could not be read" in (await desk.agent.runs("/alert list")).text


async def test_what_speaks_to_pagerduty_speaks_to_the_desk(desk: Desk, http: aiohttp.ClientSession) -> None:
    event = recorded("pagerduty") | {"routing_key": "secret-of-PAGER_KEY"}
    assert await posted(http, desk, "/v2/enqueue", event) == (
        202, {"status": "success", "message": "Event processed", "dedup_key": "srv01/http"})  # fmt: skip
    await desk.channel("service-desk").hears("INC-1", "PING OK", "Network")
    desk.clock.forward(minutes=1)
    ends = {"routing_key": "secret-of-PAGER_KEY", "event_action": "resolve", "dedup_key": "srv01/http"}
    assert (await posted(http, desk, "/v2/enqueue", ends))[0] == 202
    await desk.channel("service-desk").hears("INC-1", "Deskbell resolved it")
    without = {name: value for name, value in event.items() if name != "dedup_key"}
    status, answer = await posted(http, desk, "/v2/enqueue", without)
    assert status == 202
    assert answer["dedup_key"]
    desk.clock.forward(minutes=1)
    assert (await posted(http, desk, "/v2/enqueue", ends | {"dedup_key": answer["dedup_key"]}))[0] == 202
    await desk.channel("service-desk").hears("INC-2", "Deskbell resolved it")


@pytest.mark.parametrize(("key", "status"), [("secret-of-PAGER_KEY", 202), ("wrong", 400)])
async def test_a_client_may_say_its_key_in_a_header_alone(desk: Desk, key: str, status: int) -> None:
    """As pygerduty does."""
    event = {name: value for name, value in recorded("pagerduty").items() if name != "routing_key"}
    async with aiohttp.ClientSession(headers={"X-Routing-Key": key}) as http:
        assert (await posted(http, desk, "/v2/enqueue", event))[0] == status


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"routing_key": "wrong"}, "Invalid routing key"),
        ({"routing_key": None}, "Invalid routing key"),
        ({"event_action": "dance"}, "“event_action” must be trigger, acknowledge or resolve"),
        ({"payload": None}, "“payload” is missing"),
        ({"dedup_key": "x" * 256}, "“dedup_key” must be a string of at most 255 characters"),
    ],
)
async def test_a_faulty_event_hears_all_its_faults(
    desk: Desk, http: aiohttp.ClientSession, change: dict[str, Any], said: str
) -> None:
    event = recorded("pagerduty") | {"routing_key": "secret-of-PAGER_KEY"} | change
    status, answer = await posted(http, desk, "/v2/enqueue", event)
    assert (status, answer["status"]) == (400, "invalid event")
    assert said in " ".join(answer["errors"])


class Amazon:
    """Stands in for Amazon's hosts: a certificate, and what was confirmed."""

    def __init__(self, certificate: bytes) -> None:
        self.held, self.confirmed = certificate, []

    async def certificate(self, _url: str) -> bytes:
        return self.held

    async def confirm(self, url: str) -> None:
        self.confirmed.append(url)


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def certified(key: rsa.RSAPrivateKey, desk_now: Any) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, desk_now - timedelta(1), desk_now + timedelta(1))
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def signed(key: rsa.RSAPrivateKey, message: dict[str, Any], version: str = "2") -> dict[str, Any]:
    digest = hashes.SHA256() if version == "2" else hashes.SHA1()  # noqa: S303
    made = key.sign(signed_text(message), PKCS1v15(), digest)
    return message | {"SignatureVersion": version, "Signature": base64.b64encode(made).decode()}


@pytest.mark.parametrize("version", ["1", "2"])
async def test_cloudwatch_is_believed_by_its_signature(
    desk: Desk, http: aiohttp.ClientSession, key: rsa.RSAPrivateKey, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    amazon = Amazon(certified(key, desk.clock.now()))
    monkeypatch.setattr("bot.web.sns.Certificates.certificate", lambda _self, url: amazon.certificate(url))
    monkeypatch.setattr("bot.web.sns.Certificates.confirm", lambda _self, url: amazon.confirm(url))
    path = "/alerts/cloud/secret-of-CLOUD_KEY"
    message = signed(key, recorded("sns"), version)
    assert (await posted(http, desk, path, message))[0] == 202
    await desk.channel("service-desk").hears("INC-1", "cpu-high", "Payroll")
    for spoilt in (
        message | {"Message": message["Message"].replace("ALARM", "OK")},
        message | {"Signature": "AAAA"},
        message | {"SignatureVersion": "3"},
        message | {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com.evil.example/x.pem"},
        signed(key, recorded("sns") | {"TopicArn": "arn:aws:sns:eu-west-1:1:other"}, version),
    ):
        assert (await posted(http, desk, path, spoilt))[0] == 403
    asks = {
        "Type": "SubscriptionConfirmation",
        "MessageId": "1",
        "Token": "t",
        "TopicArn": message["TopicArn"],
        "Message": "You have chosen to subscribe",
        "SubscribeURL": "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=t",
        "Timestamp": "2026-03-02T09:00:00.000Z",
        "SigningCertURL": message["SigningCertURL"],
    }
    assert (await posted(http, desk, path, signed(key, asks, version)))[0] == 202
    assert amazon.confirmed == [asks["SubscribeURL"]]
    elsewhere = asks | {"SubscribeURL": "https://169.254.169.254/latest"}
    assert (await posted(http, desk, path, signed(key, elsewhere, version)))[0] == 403
    assert len(amazon.confirmed) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://sns.eu-west-1.amazonaws.com/a.pem",
        "https://sns.eu-west-1.amazonaws.com:8443/a.pem",
        "https://user@sns.eu-west-1.amazonaws.com/a.pem",
        "https://sns.eu-west-1.amazonaws.com.evil.example/a.pem",
        "https://evil.example/sns.eu-west-1.amazonaws.com/a.pem",
        "https://s3.eu-west-1.amazonaws.com/a.pem",
        "https://sns.eu-west-1.amazonaws.com/a.pem?x=1",
        "https://sns.eu-west-1.amazonaws.com/a.txt",
        "https://[::1",
        "",
        None,
        7,
    ],
)
def test_a_certificate_lies_with_amazon_or_nowhere(url: object) -> None:
    with pytest.raises(NotAmazons):
        certificate_url({"SigningCertURL": url})


def test_amazons_own_hosts() -> None:
    for host in ("sns.us-east-1.amazonaws.com", "sns.us-gov-west-1.amazonaws.com", "sns.cn-north-1.amazonaws.com.cn"):
        assert amazons(f"https://{host}/x.pem")


@given(st.dictionaries(st.sampled_from(["Type", "Message", "Signature", "SignatureVersion"]), st.text() | st.none()))
def test_no_message_is_believed_that_nobody_signed(message: dict[str, Any]) -> None:
    with pytest.raises(NotAmazons):
        verify(message, b"", datetime.now(UTC))


async def test_a_delivery_that_was_kept_is_worked_off_whatever_happens_to_the_process(desk: Desk) -> None:
    """Kept in one transaction, worked off in another: a fault in between loses nothing and does nothing twice."""
    now = desk.clock.now()
    async with desk.bot.database.begin() as tx:
        await deliveries.keep(tx, "prom", delivery(alert("a", "firing", now)), "m", now)

    async def killed() -> None:
        async with desk.bot.database.begin() as tx:
            await deliveries.work_off(tx, now)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await killed()
    await desk.bot.jobs.alerts()
    await desk.bot.jobs.alerts()
    assert await desk.channel("service-desk").count("INC-1", "Tunnel is down") == 1
    assert await desk.channel("service-desk").count("INC-2") == 0
