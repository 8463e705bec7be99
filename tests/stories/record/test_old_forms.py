"""A form that was drawn before its record changed is not kept over what somebody else wrote meanwhile."""

from cast import Desk

KNOWN = {"What people see": "The VPN drops at night", "Workaround": "Start the client again"}


async def known_error(desk: Desk) -> None:
    await desk.reports("The VPN drops at night")
    await desk.agent.runs("/incident problem INC-1 The VPN drops each night")
    await desk.agent.runs("/problem known-error PRB-1")
    assert not await desk.agent.submits(KNOWN)
    await desk.settles()


async def test_two_who_mend_a_known_error_do_not_undo_each_other(desk: Desk) -> None:
    await known_error(desk)
    for person in (desk.agent, desk.manager):
        await person.runs("/problem KE-1")
        await person.clicks("Change…", "general")
    assert not await desk.agent.submits({"Workaround": "Use the second gateway"})
    refused = await desk.manager.submits({"Other words for it": "tunnel"})
    assert "KE-1 has changed since you opened this" in str(refused)
    assert "Use the second gateway" in (await desk.agent.runs("/problem KE-1")).text
    await desk.manager.closes()
    await desk.manager.clicks("Change…", "general")
    assert desk.manager.modal.value("Workaround") == "Use the second gateway", "an old card opens the form as it is now"
    assert not await desk.manager.submits({"Other words for it": "tunnel"})
    assert "tunnel" in (await desk.agent.runs("/problem KE-1")).text


async def test_what_is_done_in_an_old_form_to_what_has_moved_on_is_refused_in_words(desk: Desk) -> None:
    await known_error(desk)
    await desk.agent.runs("/problem KE-1")
    await desk.agent.clicks("Change…", "general")
    await desk.manager.runs("/problem retire KE-1 It is mended")
    said = str(await desk.agent.submits({"Workaround": "Use the second gateway"}))
    assert "KE-1" in said
    assert "Start the client again" in (await desk.agent.runs("/problem KE-1")).text
