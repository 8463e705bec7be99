"""What is said to who began a change without approval, when somebody is against it, is true of a change under way."""

from cast import Desk
from change_steps import BEGUN, rules

TWO = '[approvals.emergency]\nstages = ["2 of change-approvers"]\none_rejection = false\nremind = "4h"\nexpires = "2d"'


async def test_a_vote_against_what_is_under_way_offers_no_edit(desk: Desk) -> None:
    await rules(desk, TWO)
    await desk.reports()
    await desk.agent.runs("/change break-glass Mend the VPN")
    assert "Why" in desk.agent.modal.labels
    assert not await desk.agent.submits(BEGUN | {"Incident": "INC-1"})
    await desk.settles()
    assert "Why" in (await desk.agent.runs("/change CHG-1")).text
    for person in (desk.approver, desk.manager):
        await person.runs("/change approve-if CHG-1 Restart it by night next time")
    told = await desk.dm(desk.agent).hears("CHG-1", "under a condition:", "Restart it by night next time")
    for one in desk.agent.messages("DM"):
        if "by night next time" in one.text:
            assert "An edit asks" not in one.text, told
            assert "Edit" not in one.buttons
    assert "cannot be edited" in told
    assert "can be" in (await desk.agent.runs("/change edit CHG-1")).text
