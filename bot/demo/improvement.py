"""What the desk learns and fulfils in these days: a problem with its causes and known error, a review, and requests."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.sandbox import Workspace

POLICY = """
# What the desk proposes is in force once it is approved, by an approver or the manager: nobody here commits a file.
[proposals]
master = "slack"
[approvals.policy]
stages = ["any of change-approvers"]

# Three that read alike in a day: the desk of the demo is too young for longer spans.
[trends.same-day]
counts = "likeness"
within = "1d"
at_least = 3
likelihood = 0.02
"""
KNOWN = {
    "What people see": "Builds fail with a lost connection, each time at another step",
    "Workaround": "Start the build again on the machines of the second rack: they are on another switch.",
    "Other words for it": "timeout connection reset",
}
SECTIONS = {
    "what-happened": "A cache node was left out of the pool since its last restart. The other one took all requests "
    "from outside, and pages took eight seconds.",
    "causes": "The node does not join the pool by itself.\n\nNothing watches how many nodes are in it.",
    "went-well": "The engineer measured from outside and from inside, so that the cache was looked at first.",
    "luck": "It was a quiet morning: in the evening the one node would not have been enough.",
}

Act = Callable[[], Awaitable[object]]


def acts(slack: Workspace, numbers: Callable[[str], int]) -> list[tuple[float, Act]]:
    """By the hours at which they are done; `numbers` has an incident's by the beginning of its summary."""
    return [*_problem(slack, numbers("Build machines")), *_review(slack, numbers("Website")), *_requests(slack)]


def _typed(slack: Workspace, role: str, *commands: str) -> Act:
    async def act() -> None:
        for command in commands:
            await slack.person(role).runs(command)

    return act


def _problem(slack: Workspace, incident: int) -> list[tuple[float, Act]]:
    agent = slack.person("agent")
    raised = "Build machines lose the network for seconds at a time"

    refs: list[str] = []
    """Its number, once it has one: what is proposed as a trend comes before or after it, by the time of day."""

    def typed(*commands: str) -> Act:
        async def act() -> None:
            for command in commands:
                await agent.runs(command.format(refs[0]))

        return act

    async def raise_it() -> None:
        answer = await agent.runs(f"/incident problem INC-{incident} {raised}")
        refs.extend(re.findall(r"PRB-[0-9]+", answer.text)[:1])
        await agent.runs(f"/problem investigate {refs[0]}")

    async def known_error() -> None:
        await agent.runs(f"/problem known-error {refs[0]}")
        await agent.submits(KNOWN)
        await agent.runs("/problem publish KE-1")

    causes = (
        "/problem cause {} The core switch drops packets when its table of addresses is full",
        "/problem cause {} under 1 Test machines come with a new address each hour",
        "/problem cause {} under 1 Nobody is told when the table fills up",
        "/problem cause {} A cable in the first rack is loose",
    )
    judged = (
        "/problem confirm {} 1 The switch counted 40,000 drops at the time of the failed builds",
        "/problem confirm {} 2 The list of leases of Tuesday",
        "/problem rule-out {} 4 All cables were tested",
        "/problem draw {} fishbone",
        "/problem action {} @engineer friday Give test machines fixed addresses",
    )
    return [(53, raise_it), (54, typed(*causes)), (56, known_error), (58, typed(*judged))]


def _review(slack: Workspace, incident: int) -> list[tuple[float, Act]]:
    async def approve() -> None:
        await slack.person("manager").runs("/review approve REV-1")
        await slack.person("manager").submits({})  # it has more words than its card: they are read first

    asked = f"/incident ask-review INC-{incident} Customers noticed before we did"
    written = [f"/review write REV-1 {section} {words}" for section, words in SECTIONS.items()]
    done = "/review action REV-1 @engineer friday Alert when a node is not in the pool"
    return [
        (9, _typed(slack, "agent", asked)),
        (12, _typed(slack, "agent", *written, done)),
        (14, _typed(slack, "agent", "/review submit REV-1")),
        (29, approve),
    ]


def _requests(slack: Workspace) -> list[tuple[float, Act]]:
    today = slack.clock.now().date()

    def asks(role: str, item: str, answers: dict[str, object]) -> Act:
        async def act() -> None:
            await slack.person(role).runs(f"/request {item}")
            for question, answer in answers.items():
                await slack.person(role).fills({question: answer})
            await slack.person(role).submits({})

        return act

    access: dict[str, object] = {
        "Which service?": "Payroll system",
        "What do you need to do there?": "Change things",
        "Why do you need that much?": "I stand in for payroll until the end of the quarter.",
    }
    joiner: dict[str, object] = {
        "Who begins?": "A colleague for the build team",
        "First day": today + timedelta(days=16),
        "Which one?": "Linux",
    }
    leaver: dict[str, object] = {"Who leaves?": "outsider", "Last day": today + timedelta(days=30)}
    return [
        (11, asks("requester", "laptop", {"What do you need?": "A new one"})),
        (25, _typed(slack, "agent", "/request start REQ-1")),
        (31, asks("requester", "access", access)),
        (34, _typed(slack, "agent", "/request fulfil REQ-1 It is at your desk, with everything of the old one on it")),
        (35, _typed(slack, "requester", "/request confirm REQ-1", "/request rate REQ-1 5 Next day, thank you")),
        (51, asks("manager", "joiner", joiner)),
        (53.5, _typed(slack, "approver", "/request approve REQ-3")),
        (57, _typed(slack, "agent", "/request done REQ-3 account")),
        (66, asks("manager", "leaver", leaver)),
    ]
