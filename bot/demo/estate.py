"""A small estate, put on record by who manages it: what the services of the demo stand on."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.sandbox import Workspace

ITEMS = (
    ("Network device", "core switch"),
    ("Network device", "vpn gateway 1"),
    ("Network device", "vpn gateway 2"),
    ("Server", "web node 1"),
    ("Server", "web node 2"),
    ("Server", "mail store"),
    ("Application", "website cache"),
    ("Database", "payroll database"),
)
RELATIONS = (
    ("vpn gateway 1", "uses", "core switch"),
    ("vpn gateway 2", "uses", "core switch"),
    ("mail store", "uses", "core switch"),
    ("website cache", "runs_on", "1 of 2: web node 1; web node 2"),
    ("VPN", "runs_on", "1 of 2: vpn gateway 1; vpn gateway 2"),
    ("Website", "runs_on", "website cache"),
    ("Email", "runs_on", "mail store"),
    ("Payroll system", "runs_on", "payroll database"),
)
SERVICES = ("VPN", "Email", "Network", "Laptops & accounts", "Payroll system", "Website")
"""In the order of the default policy: they are on record from the start, as CI-1 and so on."""

POLICY = """
# A file that is shared with #general is planned there.
[ci_sources.racks]
type = "server"
columns = { name = "Name", environment = "Environment" }
relations = { uses = "Uses" }
channel = "general"

[channels.general]
name = "general"
purpose = "For everybody"

[surveys.quarterly]
title = "How is the service desk?"
every = "quarter"
zone = "UTC"
channel = "service-desk"
questions = ["How good was the help that you got?", "How easy was it to get help?"]
least = 3
"""
"""What the demo's policy says of them."""
RACKS = """Name;Environment;Uses
mail store;production;core switch
web node 3;production;core switch
web node 4;test;core switch
;test;
backup node;production;tape library
"""

Act = Callable[[], Awaitable[object]]


def acts(slack: Workspace) -> list[tuple[float, Act]]:
    """By the hours at which they are done."""
    manager = slack.person("manager")
    names = [*SERVICES, *(name for _, name in ITEMS)]
    refs = {name: f"CI-{number}" for number, name in enumerate(names, 1)}

    def adding(type_: str, name: str) -> Act:
        async def add() -> None:
            await manager.runs(f"/ci add {name}")
            await manager.submits({"Type": type_, "Owner": "Service desk"})

        return add

    def relating(name: str, relation: str, others: str) -> Act:
        async def relate() -> None:
            await manager.runs(f"/ci relate {refs[name]} {relation} {others}")

        return relate

    async def verify() -> None:
        """Owners are asked, and one item is not as recorded."""
        await manager.runs("/ci campaign Network, first half")
        until = (slack.clock.now() + timedelta(days=14)).date()
        await manager.submits({"Items": "network-device", "Until": until})

    async def differs() -> None:
        await slack.person("agent").runs(f"/ci differs {refs['core switch']} It has two more ports in use")

    async def shares() -> None:
        await slack.person("engineer").share("general", "rack-7.csv", RACKS)

    added = [(0.1, adding(type_, name)) for type_, name in ITEMS]
    return [*added, *((0.2, relating(*said)) for said in RELATIONS), (50, verify), (54, differs), (70, shares)]
