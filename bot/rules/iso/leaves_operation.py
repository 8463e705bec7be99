"""Clause 8, operation: from the plan of services to their continuity. Numbers and titles are from secondary sources."""

from bot.rules.iso.criteria import (
    HALF_YEAR,
    QUARTER,
    YEAR,
    Clause,
    Document,
    InForce,
    Judged,
    Need,
    Planned,
    Records,
    Result,
    Rules,
)

_PROCESS = Document.PROCESS
_OVER = frozenset({"resolved", "closed"})

_CLASSIFIED = (
    Need("service", "a service"),
    Need("impact", "an impact"),
    Need("urgency", "an urgency"),
    Need("priority", "a priority"),
    Need("acknowledged_at", "somebody who took it up", _OVER),
    Need("resolution", "a resolution", _OVER),
    Need("resolution_code", "how it was resolved", _OVER),
)
_ASKED_FOR = (
    Need("why", "a reason"),
    Need("plan", "a plan"),
    Need("backout", "a way back"),
    Need("authorised", "an approval before it began", frozenset({"implementing", "review", "closed"})),
    Need("result", "a result", frozenset({"review", "closed"})),
    Need("review", "a review", frozenset({"closed"})),
)

LEAVES = (
    Clause(
        "8.1",
        "Operational planning and control",
        "Is work planned, done as planned, and kept on record?",
        (InForce("How the processes are planned and controlled.", _PROCESS),),
        (
            Planned("Processes are held against their plan.", HALF_YEAR),
            Records("Incidents on record, each classified.", "incidents", _CLASSIFIED[:4], QUARTER),
            Records("Changes on record, each with a plan.", "changes", _ASKED_FOR[:3], QUARTER),
        ),
        (Judged("What was planned came about; what went otherwise was dealt with."),),
    ),
    Clause(
        "8.2.1",
        "Service delivery",
        "Are services run as it was planned and promised?",
        (Rules("Services and their promises, in the policy in force.", ("services", "targets")),),
        (Records("Incidents of the services, each with a service.", "incidents", _CLASSIFIED[:1], QUARTER),),
        (Result("Promises of resolution are kept.", "resolution-kept", at_least=0.9),),
    ),
    Clause(
        "8.2.2",
        "Plan the services",
        "Is what services must do agreed, ranked and planned?",
        (InForce("What is asked of each service, and what comes first.", _PROCESS),),
        (Planned("Needs and priorities are gone through with customers."),),
        (Judged("Services answer to what customers need most."),),
    ),
    Clause(
        "8.2.3",
        "Control of parties involved in the service lifecycle",
        "Who else takes part in a service, and how is their part controlled?",
        (
            InForce("Which parts others do, and how that is watched.", _PROCESS),
            Rules("Suppliers and their targets, in the policy.", ("suppliers",)),
        ),
        (Planned("What other parties did is looked at.", HALF_YEAR),),
        (Judged("Their part does not break the promise of the whole."),),
    ),
    Clause(
        "8.2.4",
        "Service catalogue management",
        "Can users and customers see which services there are, and what they can ask for?",
        (
            Rules("Services with an owner, in the policy in force.", ("services",)),
            Rules("Items that can be asked for.", ("requests",)),
        ),
        (Planned("The catalogue is held against what is offered.", HALF_YEAR),),
        (Judged("Users find in it what they look for."),),
    ),
    Clause(
        "8.2.5",
        "Asset management",
        "Is it known which assets the services need, and are they looked after?",
        (InForce("How assets are kept on record and looked after.", _PROCESS),),
        (Planned("The list of assets is gone through."),),
        (Judged("No service suffered from an asset that nobody looked after."),),
    ),
    Clause(
        "8.2.6",
        "Configuration management",
        "Is it known what a service consists of, and is that record true?",
        (
            InForce("Which items are on record, with what, and how that is kept true.", _PROCESS),
            Rules("Which types of items there are, and how they hang together.", ("ci_types", "ci_relations")),
        ),
        (Planned("The record is held against what is there.", HALF_YEAR),),
        (Judged("A service can be followed to its parts, and the parts are there."),),
    ),
    Clause(
        "8.3.1",
        "General",
        "Are agreements with customers, suppliers and internal parties in place and in step with one another?",
        (Rules("Promises to customers, and what groups and suppliers owe.", ("targets", "suppliers")),),
        (Planned("Agreements are held against one another."),),
        (Judged("What suppliers owe is enough for what is promised."),),
    ),
    Clause(
        "8.3.2",
        "Business relationship management",
        "Who are the customers, who speaks with them, and what becomes of complaints?",
        (InForce("Named contacts, how often they meet, how complaints are handled.", _PROCESS),),
        (
            Planned("Satisfaction and complaints are gone through with customers.", HALF_YEAR),
            Planned("Customers are asked how satisfied they are.", HALF_YEAR, kept_by="surveys"),
        ),
        (
            Result(
                "Users are content: the mean of their ratings, and of what surveys heard.",
                "satisfaction",
                at_least=4,
                beside=("survey-satisfaction",),
            ),
        ),
    ),
    Clause(
        "8.3.3",
        "Service level management",
        "Is it agreed what each service keeps to, and is it measured and reviewed?",
        (Rules("Targets by priority, in the policy in force.", ("targets",)),),
        (Planned("Promises are reviewed with customers."),),
        (
            Result("Promises of response are kept.", "response-kept", at_least=0.9),
            Result("Promises of resolution are kept.", "resolution-kept", at_least=0.9),
        ),
    ),
    Clause(
        "8.3.4",
        "Supplier management",
        "Is it agreed what suppliers owe, is it watched, and what becomes of disputes?",
        (
            InForce("Suppliers, their contracts and contacts, and how disputes are handled.", _PROCESS),
            Rules("What suppliers owe, in the policy in force.", ("suppliers",)),
        ),
        (Planned("Each supplier is reviewed.", HALF_YEAR),),
        (Judged("Suppliers keep what they owe, or something is done about it."),),
    ),
    Clause(
        "8.4.1",
        "Budgeting and accounting for services",
        "What do the services cost, and is that planned and watched?",
        (InForce("How services are budgeted and accounted for.", _PROCESS),),
        (Planned("Costs are compared with the budget.", QUARTER),),
        (Judged("Costs stay within the budget, or it is known why not."),),
    ),
    Clause(
        "8.4.2",
        "Demand management",
        "How much will the services be used, and is that watched?",
        (InForce("How demand is forecast and watched.", _PROCESS),),
        (Planned("Demand is compared with its forecast.", HALF_YEAR),),
        (Judged("Demand did not come as a surprise."),),
    ),
    Clause(
        "8.4.3",
        "Capacity management",
        "Is there enough capacity, now and for what is to come?",
        (InForce("Which capacity counts, with its limits and forecast.", _PROCESS),),
        (Planned("Use is measured against the limits.", QUARTER),),
        (Judged("No service suffered from a lack of capacity that could be foreseen."),),
    ),
    Clause(
        "8.5.1",
        "Change management",
        "Is each change asked for, assessed, approved, carried out and reviewed?",
        (Rules("How changes are rated and approved, in the policy in force.", ("changes", "approvals", "risk")),),
        (
            Records("Changes with reason, plan, way back, approval, result and review.", "changes", _ASKED_FOR),
            Records(
                "Emergency changes, held to the same.", "changes", _ASKED_FOR, YEAR, (("type", "emergency"),), True
            ),
        ),
        (
            Result("Changes went as planned.", "change-success", at_least=0.9),
            Result("Changes were begun without approval.", "unapproved-share", at_most=0.05),
        ),
    ),
    Clause(
        "8.5.2",
        "Service design and transition",
        "Are new and changed services planned, designed, built and handed over under control?",
        (InForce("How a new or changed service comes about, and what it is accepted by.", _PROCESS),),
        (Planned("Services that came or changed were accepted against what was agreed."),),
        (Judged("What was handed over did what it was to do."),),
    ),
    Clause(
        "8.5.3",
        "Release and deployment management",
        "Are releases planned, accepted and deployed so that services stay whole?",
        (InForce("Sorts of releases, how often they come, how they are accepted.", _PROCESS),),
        (Planned("Releases were held against their acceptance criteria.", HALF_YEAR),),
        (Result("Changes failed or caused an incident.", "change-failure-rate", at_most=0.15),),
    ),
    Clause(
        "8.6.1",
        "Incident management",
        "Is each incident recorded, classified, ranked, escalated where needed, resolved and closed?",
        (Rules("How incidents are ranked, promised and escalated.", ("priorities", "targets", "incidents", "major")),),
        (
            Records("Incidents, classified, ranked and resolved with a reason.", "incidents", _CLASSIFIED),
            Records("Major incidents, held to the same.", "incidents", _CLASSIFIED, YEAR, (("is_major", "yes"),), True),
        ),
        (
            Result("Promises of response are kept.", "response-kept", at_least=0.9),
            Result("Promises of resolution are kept.", "resolution-kept", at_least=0.9),
        ),
    ),
    Clause(
        "8.6.2",
        "Service request management",
        "Is each request recorded, approved where needed, fulfilled and closed, apart from incidents?",
        (Rules("The catalogue of what can be asked for.", ("requests",)),),
        (
            Records(
                "Requests, each of an item of the catalogue, with who fulfils it and until when.",
                "requests",
                (
                    Need("item", "an item"),
                    Need("owner_group", "a group that fulfils it"),
                    Need("due_at", "a promise", frozenset({"approved", "doing", "done", "closed"})),
                    Need("done_at", "when it was fulfilled", frozenset({"done", "closed"})),
                ),
                holds=(Need("in_time", "it is not past its promise"),),
            ),
        ),
        (Judged("Requests are fulfilled within what is promised."),),
    ),
    Clause(
        "8.6.3",
        "Problem management",
        "Are causes of incidents found, known errors written down, and fixes checked for their effect?",
        (Rules("How problems are raised, also from trends.", ("problems", "trends")),),
        (
            Records(
                "Problems, each with its cause once that is known, and with a reason for its end.",
                "problems",
                (
                    Need("priority", "a priority"),
                    Need("owner_group", "a group that sees to it"),
                    Need("cause", "a cause", frozenset({"cause known", "fix under way", "watched", "closed"})),
                    Need("judged_by", "what its end rests on", frozenset({"closed", "accepted", "dismissed"})),
                ),
                HALF_YEAR,
            ),
            Records(
                "Known errors with symptom, workaround and a day of review that is to come.",
                "known-errors",
                (Need("symptom", "a symptom"), Need("workaround", "a workaround")),
                HALF_YEAR,
                may_be_none=True,
                holds=(Need("reviewed", "its review is not overdue"),),
            ),
        ),
        (Judged("Fixes kept the incidents from coming back."),),
    ),
    Clause(
        "8.7.1",
        "Service availability",
        "Is it agreed how available services are, and is that measured?",
        (InForce("What is agreed on availability, and how it is measured.", _PROCESS),),
        (Planned("Availability is measured, and shortfalls are looked into.", QUARTER),),
        (Judged("Availability is as agreed, or something is done about it."),),
    ),
    Clause(
        "8.7.2",
        "Service continuity",
        "What keeps services going when much fails at once, and is that tested?",
        (InForce("Continuity plans, with how soon what is back.", _PROCESS),),
        (Planned("The plans are tested, and the result is on record."),),
        (Judged("The test reached what the plan says, or the plan was mended."),),
    ),
    Clause(
        "8.7.3",
        "Information security management",
        "Are information and services protected, and are security incidents handled?",
        (
            InForce("The security policy and its controls.", _PROCESS),
            Rules("Who sees private incidents.", ("incidents",)),
        ),
        (
            Planned("Controls and risks are gone through.", HALF_YEAR),
            Records(
                "Private incidents, classified like all others.",
                "incidents",
                _CLASSIFIED,
                YEAR,
                (("private", "yes"),),
                True,
            ),
        ),
        (Judged("Security incidents are rare, found soon, and learned from."),),
    ),
)
