"""`/report export`: a file by direct message, of what its reader may see."""

from cast import Desk


async def test_a_leader_gets_a_file_of_what_they_may_see_and_it_is_on_record(desk: Desk) -> None:
    await desk.reports("VPN is down")
    await desk.reports("Keys were stolen", Privacy=["Private: about security or people"])
    said = (await desk.agent.runs("/report export incidents this month csv")).text
    assert "A file of incidents (csv, 1 row)" in said
    await desk.dm(desk.agent).hears("Incidents from Sun 1 Mar 2026", "as you may see them")
    file = next(one for one in desk.slack.files.values() if one.name.startswith("incidents-"))
    assert file.name.endswith(".csv")
    assert b"VPN is down" in file.content
    assert b"Keys" not in file.content
    assert "(xlsx, 2 rows)" in (await desk.manager.runs("/report export incidents this week xlsx")).text
    await desk.settles()
    assert any(one.name.endswith(".xlsx") and one.content.startswith(b"PK") for one in desk.slack.files.values())
    for typed, who, words in (
        ("export incidents", desk.outsider, "Figures are shown to"),
        ("export invoices", desk.manager, "There is nothing “invoices” to export"),
        ("export", desk.manager, "What is to be exported? There are incidents"),
        ("export facts this month", desk.agent, "All facts are exported for Change managers"),
        ("export incidents this month fax", desk.manager, "There is no service “fax”"),
    ):
        assert words in (await who.runs(f"/report {typed}")).text, typed
