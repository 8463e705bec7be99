"""Clauses 9 and 10: evaluation and improvement. Numbers and titles are from secondary sources."""

from bot.rules.iso.criteria import (
    HALF_YEAR,
    YEAR,
    Clause,
    Document,
    InForce,
    Judged,
    Measured,
    Need,
    Planned,
    Records,
    Rules,
)

_OVER = frozenset({"done", "verified"})
_PROMISED = (Need("owner_group", "a group that sees to it"), Need("due_on", "a day"))
_SETTLED = (
    *_PROMISED,
    Need("done_at", "when it was done", _OVER),
    Need("verified", "somebody else who verified it", frozenset({"verified"})),
)

LEAVES = (
    Clause(
        "9.1",
        "Monitoring, measurement, analysis and evaluation",
        "What is measured, how, when, and who makes sense of it?",
        (InForce("What is measured, by whom, how often and against what.", Document.PROCESS),),
        (Measured("Figures are computed from the records of the period.", 5),),
        (Judged("Figures led to decisions."),),
    ),
    Clause(
        "9.2",
        "Internal audit",
        "Does somebody look, at planned intervals and without auditing their own work, whether it is done as planned?",
        (InForce("An audit programme that covers every clause.", Document.AUDIT),),
        (Planned("Audits are held, and their results are on record.", kept_by="audits"),),
        (Judged("Findings were closed, and their effect was checked by somebody else."),),
    ),
    Clause(
        "9.3",
        "Management review",
        "Does top management look at the whole at planned intervals, and decide?",
        (InForce("What a review looks at, and how often it is held.", Document.REVIEW),),
        (Planned("Reviews are held, with minutes and decisions.", kept_by="management-reviews"),),
        (Judged("What was decided was done."),),
    ),
    Clause(
        "9.4",
        "Service reporting",
        "Who gets which report when, and what is decided on it?",
        (
            InForce("Which reports there are, for whom, with what and how often.", Document.PROCESS),
            Rules("Which reports come by themselves, and to whom.", ("reports",)),
        ),
        (Records("Reports that were issued, each in time.", "reports", (Need("in_time", "it was issued in time"),)),),
        (Judged("Shortfalls that reports showed led to an action."),),
    ),
    Clause(
        "10.1",
        "Nonconformity and corrective action",
        "When something is not as it should be: is it corrected, is its cause removed, and is the effect checked?",
        (
            InForce("How nonconformities are recorded, corrected and checked.", Document.PROCESS),
            Rules("Who manages actions, and when people are reminded.", ("actions",)),
        ),
        (
            Records(
                "Actions with an owner and a day; what is done is verified by somebody else.",
                "actions",
                _SETTLED,
                HALF_YEAR,
                holds=(Need("in_time", "it is not past its day"),),
            ),
            Records(
                "Findings of audits, each with an owner, and its cause once it is answered.",
                "findings",
                (
                    Need("owner", "an owner"),
                    Need("cause", "a cause", frozenset({"answered"})),
                    Need("closed_by", "somebody who saw that it took effect", frozenset({"closed"})),
                ),
                YEAR,
                may_be_none=True,
                holds=(Need("in_time", "it is not past its day"),),
            ),
        ),
        (Judged("The same did not come again."),),
    ),
    Clause(
        "10.2",
        "Continual improvement",
        "Are ideas for improvement collected, weighed, carried out and held against what they promised?",
        (InForce("How improvements are collected, weighed and decided on.", Document.PROCESS),),
        (
            Planned("Ideas are gone through and decided on.", HALF_YEAR),
            Records(
                "Actions that prevent, detect or mitigate.", "actions", _PROMISED, HALF_YEAR, (("improves", "yes"),)
            ),
        ),
        (Judged("Improvements brought what they promised."),),
    ),
)
