"""The rules of the desk from Slack: shown, proposed, approved by others, adopted as a version, taken back."""

from cast import Desk

from bot.rules.policy.policy import Policy, amend, parse
from bot.rules.policy_proposal.flow import FLOW, ProposalState
from bot.usecases import policy as desk_policy
from storage.journal import journal

TARGET = {"For which priority?": "P1", "Answered within": "10m", "Resolved within": "2h"}


async def in_force(desk: Desk) -> tuple[int, Policy]:
    async with desk.bot.database.read() as tx:
        found = await desk_policy.in_force(tx)
    return found.version, found.policy


async def state(desk: Desk, ref: str) -> ProposalState:
    """As the journal tells it."""
    async with desk.bot.database.read() as tx:
        return FLOW.replay(await journal.timeline(tx, ref))


async def target_proposed(desk: Desk) -> None:
    await desk.agent.runs("/desk policy propose")
    await desk.agent.clicks("A target")
    assert not await desk.agent.submits(TARGET, Why="The night shift asks for it")
    await desk.settles()


async def test_a_change_is_proposed_by_a_form_approved_by_others_adopted_and_taken_back(desk: Desk) -> None:
    await desk.reports()
    before = (await in_force(desk))[1]
    shown = (await desk.outsider.runs("/desk policy")).text
    for said in ("The rules of the desk: version 1", "services", "vpn", "What is approved here is in force"):
        assert said in shown
    assert len(shown.splitlines()) < 30
    assert "Only members of" in (await desk.outsider.runs("/desk policy propose")).text
    await desk.outsider.runs("/desk policy targets")
    assert 'response = "15m"' in desk.outsider.modal.text
    await target_proposed(desk)
    card = await desk.channel("changes").hears("POL-1", "targets.P1.response = 10m (was 15m)", "waits for")
    assert "Run over 2 promises of the last 30 days: breaches that would come: 0" in card
    assert "night shift" in card
    refused = (await desk.agent.runs("/desk approve POL-1")).text
    assert "somebody else must approve it" in refused
    await desk.dm(desk.manager).hears("POL-1", "asks for your approval")
    await desk.manager.clicks("Read and vote", "DM", message="POL-1")
    assert "targets.P1.response = 10m" in desk.manager.modal.text
    assert not await desk.manager.submits({})
    await desk.channel("changes").hears("POL-1", "Adopted", "version 2")
    await desk.dm(desk.agent).hears("POL-1", "put it in force as version 2")
    version, policy = await in_force(desk)
    assert version == 2
    assert policy.text == amend(before.text, '[targets.P1]\nresponse = "10m"\nresolution = "2h"\n').text
    await desk.channel("service-desk").hears("INC-1")
    refused = (await desk.agent.runs("/desk take-back POL-1 No")).text
    assert "Only members of Change managers can take back what POL-1 changed" in refused
    assert "POL-1 is taken back" in (await desk.manager.runs("/desk take-back POL-1 Nobody keeps it")).text
    assert (await in_force(desk))[1].text == before.text
    assert await state(desk, "POL-1") is ProposalState.TAKEN_BACK
    told = (await desk.outsider.runs("/desk timeline POL-1")).text
    for said in (
        "proposed it",
        "ran it over 2 promises",
        "approved it",
        "put it in force as version 2",
        "took it back",
    ):
        assert said in told


async def test_a_file_is_refused_with_the_line_of_each_fault_and_then_taken(desk: Desk) -> None:
    await desk.agent.runs("/desk policy")
    await desk.agent.clicks("Propose a change…")
    await desk.agent.clicks("Anything else, as TOML or a file")
    wrong = '[services.print]\nname = "Print"\nowner = "nobody"\nchannel = "service-desk"\ncriticality = "low"\n'
    faults = await desk.agent.submits({"What changes": "A service", "Or a file": ("print.toml", wrong)})
    assert "line 3, services.print.owner" in str(faults)
    assert "Write what is to be different" in str(await desk.agent.submits({"Or a file": None}))
    right = wrong.replace("nobody", "service-desk")
    assert not await desk.agent.submits({"Or a file": ("print.toml", right)})
    await desk.channel("changes").hears("POL-1", "+ services.print.name = Print")
    # Another change meanwhile does not undo this one, nor this one that.
    await target_proposed(desk)
    for ref in ("POL-2", "POL-1"):
        assert "has your vote" in (await desk.manager.runs(f"/desk vote {ref}")).text or not await approved(desk, ref)
    version, policy = await in_force(desk)
    assert version == 3
    assert "print" in policy.services
    assert policy.text == amend(amend(parse("").text, right).text, TARGETS).text
    refused = (await desk.manager.runs("/desk take-back POL-2 It was better before")).text
    assert "Version 3 came after POL-2" in refused
    assert "print" in (await desk.requester.runs("/service print")).text.lower()


TARGETS = '[targets.P1]\nresponse = "10m"\nresolution = "2h"\n'


async def approved(desk: Desk, ref: str) -> dict[str, str]:
    await desk.manager.runs(f"/desk {ref}")
    await desk.manager.clicks("Read and vote", "general")
    faults = await desk.manager.submits({})
    await desk.settles()
    return faults


async def test_where_a_file_is_the_master_a_change_ends_as_a_file_to_commit(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    file = parse('[targets.P2]\nresponse = "20m"\n')
    async with desk.bot.database.begin() as tx:
        await desk_policy.begin(tx, file, by="operator", now=desk.clock.now())
    await target_proposed(desk)
    answer = desk.agent.notes("general")[-1]
    assert "handed over as a file" in answer
    assert "in force once it is approved" not in answer
    assert not await approved(desk, "POL-1")
    await desk.channel("changes").hears("POL-1", "To be committed", "commit the one below")
    assert (await in_force(desk))[1].text == file.text
    sent = next(one for one in desk.slack.files.values() if one.name == "pol-1.toml")
    committed = parse(sent.content.decode())
    assert committed.text == amend(file.text, TARGETS).text
    async with desk.bot.database.begin() as tx:
        await desk_policy.begin(tx, committed, by="operator", now=desk.clock.now())
    await desk.channel("changes").hears("POL-1", "Adopted")
    refused = (await desk.manager.runs("/desk take-back POL-1 It was better before")).text
    assert "Version" in refused or "DESKBELL_POLICY" in refused


async def test_where_slack_is_the_master_a_start_puts_the_file_in_force_once(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    file = parse('[proposals]\nmaster = "slack"\n')

    async def starts(given: Policy) -> None:
        async with desk.bot.database.begin() as tx:
            await desk_policy.begin(tx, given, by="operator", now=desk.clock.now())

    await starts(file)
    await target_proposed(desk)
    assert not await approved(desk, "POL-1")
    await starts(file)
    assert (await in_force(desk))[1].text == amend(file.text, TARGETS).text
    other = parse('[proposals]\nmaster = "slack"\n[targets.P2]\nresponse = "20m"\n')
    await starts(other)
    assert (await in_force(desk))[1].text == other.text


async def test_what_does_not_fit_any_more_is_not_adopted(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.agent.runs("/desk policy propose")
    await desk.agent.clicks("Anything else, as TOML or a file")
    text = '[services.print]\nname = "P"\nowner = "vpn-team"\nchannel = "service-desk"\ncriticality = "low"\n'
    group = '[groups.vpn-team]\ntitle = "VPN team"\npeople = ["U0AB1"]\n'
    async with desk.bot.database.begin() as tx:
        await desk_policy.adopt(tx, parse(group), by="operator", now=desk.clock.now())
    assert not await desk.agent.submits({"What changes": "Print", "TOML": text})
    async with desk.bot.database.begin() as tx:
        await desk_policy.adopt(tx, parse(""), by="operator", now=desk.clock.now())
    assert not await approved(desk, "POL-1")
    await desk.dm(desk.agent).hears("POL-1", "does not fit the policy any more", "services.print.owner")
    assert await state(desk, "POL-1") is ProposalState.OVERTAKEN
