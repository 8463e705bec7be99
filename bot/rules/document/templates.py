"""Templates for the documents that clauses ask for, in our own words, filled from what the policy in force says.

What stands in square brackets is for the writer. A process is of the clause that it is kept for.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from types import MappingProxyType

from bot.rules.document.refusals import NoSuchSort
from bot.rules.iso.clauses import CLAUSES
from bot.rules.iso.criteria import Clause, Document, InForce, Rules

D = Document


@dataclass(frozen=True)
class Filling:
    """What of the policy stands in templates: names of sections with lines, as a reader has them."""

    organisation: str = "[name of the organisation]"
    known: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By section of the policy."""
    version: int = 0
    policy: str = ""
    """The policy in force, as TOML."""

    @property
    def seal(self) -> str:
        """What a policy file says of the policy that it shows."""
        return f"SHA-256 {sha256(self.policy.encode()).hexdigest()}"


@dataclass(frozen=True)
class Chapter:
    heading: str
    asks: str
    """What the writer says there."""
    shows: tuple[str, ...] = ()
    """Sections of the policy whose lines stand beneath it."""


def _of(*chapters: tuple[str, str] | tuple[str, str, tuple[str, ...]]) -> tuple[Chapter, ...]:
    return tuple(Chapter(*one) for one in chapters)


TEMPLATES: Mapping[Document, tuple[Chapter, ...]] = MappingProxyType(
    {
        D.CONTEXT: _of(
            ("Inside", "What helps or hinders our services inside: people, skills, money, tools, habits."),
            ("Outside", "Law, market, suppliers, climate, technology: what helps or hinders from outside."),
            ("Who keeps this list", "Name and interval."),
        ),
        D.INTERESTED_PARTIES: _of(
            ("Parties", "Each party with what it needs, and which of that we answer and how.", ("groups", "suppliers")),
            ("Needs that we do not answer", "With the reason."),
        ),
        D.SCOPE: _of(
            ("Scope in one sentence", "Which services, for whom, from which sites, by which organisation."),
            ("Services inside", "Each service of the scope.", ("services",)),
            ("What is outside, and why", "Each service or site that is left out, with its reason.", ("outside",)),
            ("Parts that others do", "Suppliers and internal groups, and how we control them.", ("suppliers",)),
        ),
        D.SMS: _of(
            ("Processes", "Each process in a line: what it is for, who answers for it."),
            ("What passes between them", "Who hands what to whom. Begin with incident, problem, change."),
            ("Where records stand", "Deskbell keeps them. Say what is kept elsewhere."),
        ),
        D.ROLES: _of(
            ("Roles", "Each role with duties, powers and who holds it.", ("groups",)),
            ("Who answers for which service", "Owner of each service.", ("services",)),
            ("Top management", "Who answers for the management system, and to whom."),
        ),
        D.POLICY: _of(
            ("What we promise", "Three to five sentences on how we run services, signed by top management."),
            ("How we get better", "What we commit to improve, and how we see whether we did."),
            ("Whom it concerns", "Who reads it, and how they say that they have."),
        ),
        D.RISKS: _of(
            ("How risks are found", "When, by whom, from which sources."),
            ("How they are rated", "Scales of likelihood and impact, and what each step means."),
            ("What is done about them", "Avoid, reduce, pass on, accept; who may accept how much, and until when."),
            ("Opportunities", "The same for what could go better."),
        ),
        D.OBJECTIVES: _of(
            ("Objectives", "Each with a measure, a target, an owner and a day.", ("targets",)),
            ("How far they have come", "Where that is looked at, and how often."),
        ),
        D.PLAN: _of(
            ("Services", "What is run, for whom.", ("services",)),
            ("Known limits", "What holds us back: people, money, technology, law."),
            ("Duties", "What policies, law and contracts ask of us."),
            ("Who does what", "Roles and powers.", ("groups",)),
            ("Means", "People, tools, information and money."),
            ("Other parties", "How we work with them.", ("suppliers",)),
            ("Technology", "What the management system itself runs on."),
            ("How it is measured", "Figures, audits, reports.", ("reports",)),
        ),
        D.RESOURCES: _of(
            ("What is needed", "People by role and hours, tools, information, money."),
            ("What there is", "The same, as it is today."),
            ("The difference", "What is done about it, by whom and when."),
        ),
        D.COMPETENCE: _of(
            ("What each role must know", "By role.", ("groups",)),
            ("How it is proved", "Certificate, exercise, experience; how long each proof holds."),
            ("How gaps are closed", "Training, and how its effect is looked at."),
        ),
        D.AWARENESS: _of(
            (
                "What everybody must know",
                "The policy, the objectives, their own part, and what follows otherwise.",
            ),
            ("How they hear it", "When, from whom. *Read and understood* of documents is one way."),
            ("How we know that it arrived", "Asked back when, by whom."),
        ),
        D.COMMUNICATION: _of(
            ("Who tells whom what", "What, when, to whom, by whom, by which way.", ("channels",)),
            ("Major incidents", "Who tells customers, and how often."),
        ),
        D.DOCUMENTS: _of(
            ("Which documents there are", "`/document list` is the list."),
            ("How one comes about", "Who writes, who approves, when it is looked through."),
            ("How records are kept", "Where, how long, who may see them. The journal of Deskbell is sealed."),
            ("Documents from outside", "Which there are, and who watches for new versions."),
        ),
        D.KNOWLEDGE: _of(
            ("What is written down", "Known errors, instructions, documents."),
            ("Who writes and who checks", "And how old it may get."),
            ("Where it is found", "`/problem known-errors`, `/document list`, and what else there is."),
        ),
        D.AUDIT: _of(
            ("Cycle", "In how many months every clause is audited once."),
            (
                "Audits of the cycle",
                "Each with clauses, month, auditor. `deskbell iso programme` says what is left.",
            ),
            ("Who may audit", "What an auditor must know. Nobody audits their own work."),
            ("What becomes of findings", "Who answers for them, by when, and who checks the effect."),
        ),
        D.REVIEW: _of(
            ("How often, and who takes part", "At least once a year; who decides."),
            ("What is looked at", "`/management-review` fills it from records; say what comes from elsewhere."),
            ("What comes of it", "Decisions with owner and day; they become actions."),
        ),
    }
)
_PROCESS = _of(
    ("What it is for", "One or two sentences."),
    ("Who answers for it", "The owner, and who does the work.", ("groups",)),
    ("What starts it, and what ends it", "Events, records, people."),
    ("Steps", "In order, each with who does it and which record it leaves."),
    ("Rules", "What the policy in force says already."),
    ("How we see that it works", "Figures with targets, and who looks at them."),
)


def sort_named(typed: str) -> Document:
    """“policy”, “service management policy”. Raises NoSuchSort."""
    wanted = " ".join(typed.replace("-", " ").replace("_", " ").casefold().split())
    for one in Document:
        if wanted in (str(one), one.name.casefold().replace("_", " ")):
            return one
    raise NoSuchSort(typed=typed.strip(), known=", ".join(map(str, Document)))


def clauses_of(sort: Document) -> list[str]:
    """The clauses that ask for such a document; none for a process, which is of the clause that somebody says."""
    if sort is Document.PROCESS:
        return []
    if sort is Document.RULES:
        return ["8.1"]  # how work is planned and controlled
    return [one.number for one in CLAUSES.values() if sort in asked_by(one)]


def asked_by(clause: Clause) -> list[Document]:
    return [one.document for one in clause.designed if isinstance(one, InForce)]


def title_of(sort: Document, clause: Clause | None = None) -> str:
    if sort is Document.PROCESS and clause is not None:
        return f"{clause.title}: how we do it"
    return str(sort).capitalize()


def drawn(sort: Document, filling: Filling, clause: Clause | None = None) -> str:
    """The template as Markdown."""
    return "\n".join(_lines(sort, filling, clause)).strip() + "\n"


def _rules(filling: Filling) -> Iterator[str]:
    yield "## Whom it concerns"
    yield ""
    yield "[Who keeps these rules, and who has to know them.]"
    yield ""
    yield "## The policy"
    yield ""
    yield f"Version {filling.version}, {filling.seal}"
    yield ""
    yield "```toml"
    yield filling.policy.rstrip("\n")
    yield "```"


def _lines(sort: Document, filling: Filling, clause: Clause | None) -> Iterator[str]:
    yield f"# {title_of(sort, clause)}"
    yield ""
    if sort is Document.RULES:
        yield from _rules(filling)
        return
    numbers = [clause.number] if clause else clauses_of(sort)
    yield f"{filling.organisation}. " + (f"For clause {', '.join(numbers)}." if numbers else "")
    yield ""
    if clause is not None:
        yield f"[It answers: {clause.asks}]"
        yield ""
    for one in TEMPLATES.get(sort, _PROCESS):
        yield f"## {one.heading}"
        yield ""
        yield f"[{one.asks}]"
        yield ""
        sections = one.shows
        if sort is Document.PROCESS and one.heading == "Rules" and clause is not None:
            sections = tuple(
                dict.fromkeys(s for rule in clause.designed if isinstance(rule, Rules) for s in rule.sections)
            )
        for line in dict.fromkeys(line for section in sections for line in filling.known.get(section, ())):
            yield f"- {line}"
        if any(filling.known.get(section) for section in sections):
            yield ""
