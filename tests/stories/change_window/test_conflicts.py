"""What a change runs into is shown wherever it is asked for, edited and approved."""

from datetime import timedelta

from cast import CHANGE, MONDAY, Desk
from change_steps import HOUR, agreed, freezes, lifts, rules
from stories.configuration_item.test_items import add, adopted


async def test_what_a_change_would_run_into_is_shown_while_its_form_is_filled_in(desk: Desk) -> None:
    await freezes(desk, Services=["VPN"])
    await desk.requester.runs("/change Upgrade the gateway")
    assert "WIN-1" not in desk.requester.modal.text
    await desk.requester.fills(Plan="Upgrade the standby", Service="VPN")
    assert "WIN-1 Year-end closing freezes VPN" in desk.requester.modal.text
    assert desk.requester.modal.value("Plan") == "Upgrade the standby"
    await desk.requester.fills({"Start": MONDAY + timedelta(days=3), "End": MONDAY + timedelta(days=3, hours=1)})
    assert "WIN-1" not in desk.requester.modal.text


async def test_another_change_and_a_major_incident_are_shown_on_the_form_and_at_approval(desk: Desk) -> None:
    await desk.reports()
    await desk.agent.runs("/incident major INC-1")
    if desk.agent.modal is not None:
        await desk.agent.submits()
    await desk.asks_for_change("Renew the certificate")
    await desk.requester.runs("/change Upgrade the VPN gateway")
    assert "CHG-1 Renew the certificate is at the same time: VPN" in desk.requester.modal.text
    assert "INC-1 VPN is down is a major incident now: VPN" in desk.requester.modal.text
    await desk.requester.submits(CHANGE)
    await desk.dm(desk.approver).hears("CHG-2", "CHG-1 Renew the certificate is at the same time")
    await desk.channel("changes").hears("CHG-2", "INC-1", "major incident")


async def test_a_change_outside_of_maintenance_is_warned_of(desk: Desk) -> None:
    weekly = {"Kind": "Maintenance window", "Repeats": "Every week, on that day", "Services": ["VPN"]}
    saturday = MONDAY + timedelta(days=5)
    await freezes(desk, "Saturday maintenance", **weekly, From=saturday, To=saturday + 4 * HOUR)
    await desk.asks_for_change()
    await desk.channel("changes").hears("CHG-1", "Outside of the maintenance windows of VPN")
    inside = {"Start": saturday + timedelta(days=7), "End": saturday + timedelta(days=7, hours=4)}
    await desk.asks_for_change("Renew the certificate", **inside)
    assert "Outside" not in await desk.channel("changes").hears("CHG-2", "Renew the certificate")


async def test_a_freeze_of_what_a_service_stands_on_is_shown_and_stops_nothing(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await rules(desk, '[services.vpn]\ndepends_on = ["network"]\n')
    await desk.asks_for_change()
    await freezes(desk, Services=["Network"])
    await desk.channel("changes").hears("CHG-1", "WIN-1 Year-end closing is a freeze nearby: VPN depends on Network")
    await desk.approver.clicks("Approve", "DM")
    await desk.channel("changes").hears("CHG-1", "Approved by @approver")
    await lifts(desk, "WIN-1")
    assert "WIN-1" not in await desk.channel("changes").hears("CHG-1", "Approved by @approver")


async def test_a_new_freeze_shows_on_an_emergency_that_it_spares(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    await desk.asks_for_change(Type="Emergency", Incident="INC-1")
    assert "WIN-1" not in await desk.dm(desk.engineer).hears("CHG-1")
    await freezes(desk)
    await desk.dm(desk.engineer).hears("CHG-1", "WIN-1 Year-end closing freezes all services")
    assert "held" not in await desk.channel("changes").hears("CHG-1", "Waiting for approval")


async def test_where_the_policy_wants_maintenance_windows_a_change_outside_is_refused(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await rules(desk, "[changes]\nmaintenance_required = true\n")
    saturday = MONDAY + timedelta(days=5)
    await freezes(
        desk, "Maintenance", Kind="Maintenance window", From=saturday, To=saturday + 4 * HOUR, Services=["VPN"]
    )
    await desk.requester.runs("/change Upgrade the VPN gateway")
    faults = await desk.requester.submits(CHANGE)
    assert faults == {"Start": "VPN may only be changed in its maintenance windows. `/change windows` shows them."}
    assert await desk.requester.submits({"Start": saturday, "End": saturday + HOUR}) == {}
    await desk.asks_for_change("Renew the certificate", Service="Website")


async def test_what_a_standard_change_would_run_into_is_shown_on_its_forms(desk_on_sqlite: Desk) -> None:
    """The one to use it, and the one to edit what was made with it."""
    desk = desk_on_sqlite
    await agreed(desk)
    await freezes(desk)
    free = {"Start": MONDAY + timedelta(days=3), "End": MONDAY + timedelta(days=3, hours=1)}
    await desk.requester.runs("/change standard")
    await desk.requester.clicks("Use")
    assert "WIN-1 Year-end closing freezes all services" in desk.requester.modal.text
    await desk.requester.fills(free)
    assert "WIN-1" not in desk.requester.modal.text
    assert await desk.requester.submits(Why="It expires") == {}
    await desk.requester.runs("/change edit CHG-2")
    assert "WIN-1" not in desk.requester.modal.text
    await desk.requester.fills({"Start": MONDAY + timedelta(days=1), "End": MONDAY + timedelta(days=1, hours=1)})
    assert "WIN-1 Year-end closing freezes all services" in desk.requester.modal.text


async def test_what_the_items_of_a_change_take_down_is_shown_and_counts_as_run_into(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await adopted(desk)
    await add(desk, "Server", "host", "S1")
    for service in ("CI-1", "CI-2"):  # the VPN and Email
        await desk.agent.runs(f"/ci relate {service} runs_on host")
    await desk.asks_for_change("Renew the certificate")
    await freezes(desk, "Mail is being moved", Services=["Email"])
    await desk.requester.runs("/change Patch the host")
    await desk.requester.fills(Service="Website")
    assert "CHG-1" not in desk.requester.modal.text
    await desk.requester.fills({"Configuration items": ["host"]})
    shown = desk.requester.modal.text
    assert "CI-7 host: 2 services (Email, VPN) fail with it" in shown
    assert "CHG-1 Renew the certificate is at the same time: VPN" in shown
    assert "WIN-1 Mail is being moved is a freeze nearby: Email" in shown
    assert shown.count("They meet at what its items carry") == 2
    assert not await desk.requester.submits(CHANGE | {"Service": "Website", "Configuration items": ["host"]})
    await desk.channel("changes").hears("CHG-2", "Patch the host", "CHG-1 Renew the certificate", "items carry")
    await desk.requester.runs("/change Renew the other certificate")
    await desk.requester.fills(Service="VPN")
    assert "CHG-2 Patch the host is at the same time: VPN" in desk.requester.modal.text, "and the other way round"
