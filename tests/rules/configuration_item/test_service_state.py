from bot.rules.configuration_item.service_state import Bearing, ServiceState, digest, worst_first
from bot.rules.record.refs import Noun, Ref

INCIDENT, CHANGE = Ref(Noun.INCIDENT, 1), Ref(Noun.CHANGE, 1)
SERVICES = {
    "mail": Bearing(freezes=["Year-end"]),
    "web": Bearing(),
    "wiki": Bearing(coming=[CHANGE]),
    "network": Bearing(implementing=[CHANGE]),
    "print": Bearing(maintenance=["Sunday"]),
    "phone": Bearing([(INCIDENT, "P3")]),
    "vpn": Bearing([(INCIDENT, "P3"), (INCIDENT, "P1")]),
}


def test_the_worst_stand_first_and_those_with_nothing_open_are_left_out() -> None:
    assert list(worst_first(SERVICES)) == ["vpn", "phone", "print", "network", "mail", "wiki"]
    assert SERVICES["vpn"].state is ServiceState.DISRUPTED
    assert [key for key, one in SERVICES.items() if one.is_clear] == ["web"]


def test_a_digest_is_another_where_anything_that_is_told_is() -> None:
    names = dict.fromkeys(SERVICES, "Mail")
    others = [
        digest(SERVICES | {"vpn": Bearing([(INCIDENT, "P3")])}, names),
        digest(SERVICES | {"mail": Bearing(freezes=["Quarter-end"])}, names),
        digest(SERVICES | {"mail": Bearing(maintenance=["Year-end"])}, names),
        digest(SERVICES, names | {"web": "Website"}),
        digest({key: one for key, one in SERVICES.items() if key != "web"}, names),
    ]
    assert len({digest(SERVICES, names), *others}) == 1 + len(others)
    assert digest(dict(SERVICES), dict(names)) == digest(SERVICES, names)
