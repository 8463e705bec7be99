"""What of a form can never work, told when the policy is read: each fault with the place that it stands at.

The form is looked at as it was written, sound or not, so that its faults are told beside all others.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from pydantic import ValidationError

from bot.rules.form.conditions import Answer, BadCondition, Condition, Is, read
from bot.rules.form.questions import (
    DECIDING,
    WITH_OPTIONS,
    YES_OR_NO,
    BadAnswer,
    Known,
    Question,
    QuestionType,
    checked,
)
from bot.rules.policy_format.faults import Sensed
from bot.rules.policy_format.hints import nearest

MOST_QUESTIONS = 80
"""A Slack modal has 100 blocks, and what stands around the questions takes some (“Views”)."""
_MOST_CASES = 20_000
"""Cases that are tried before a question counts as one that can be reached."""


def faults(questions: object) -> Iterator[Sensed]:
    """Places are within the list: (2, "when")."""
    if not isinstance(questions, list | tuple):
        return  # said by the types
    if len(questions) > MOST_QUESTIONS:
        yield Sensed((MOST_QUESTIONS,), f"a form of Slack has room for {MOST_QUESTIONS} questions; these are more")
    places = _places(questions)
    yield from _twice(questions)
    conditions = {}
    for place, one in enumerate(questions):
        when = one.get("when") if isinstance(one, Mapping) else None
        if when is None:
            continue
        try:
            conditions[place] = read(when)
        except (BadCondition, ValueError) as bad:
            yield Sensed((place, "when"), str(bad))
    wrong = [found for place, when in conditions.items() for found in _order(place, when, places, questions)]
    yield from wrong
    sound = _sound(questions)
    impossible = [found for place, when in conditions.items() for found in _given_by_none(place, when, sound)]
    yield from impossible
    if sound and len(sound) == len(questions) == len(places) and not (wrong or impossible):
        yield from _unreachable(list(sound.values()))


def files(questions: object) -> Iterator[Sensed]:
    """Questions for files, in a form that is edited: Slack begins it without the file that is there."""
    for place, one in enumerate(questions if isinstance(questions, list | tuple) else ()):
        if isinstance(one, Mapping) and one.get("type") == QuestionType.FILE:
            yield Sensed((place, "type"), "a form that is edited cannot ask for a file; ask for its link, as a text")


def _places(questions: Sequence[object]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, one in enumerate(questions):
        if isinstance(one, Mapping) and isinstance(one.get("id"), str):
            found.setdefault(one["id"], place)
    return found


def _twice(questions: Sequence[object]) -> Iterator[Sensed]:
    places = _places(questions)
    for place, one in enumerate(questions):
        id_ = one.get("id") if isinstance(one, Mapping) else None
        if isinstance(id_, str) and places[id_] != place:
            yield Sensed((place, "id"), f"there is a question “{id_}” above already; call this one something else")


def _order(place: int, when: Condition, places: Mapping[str, int], questions: Sequence[object]) -> Iterator[Sensed]:
    """Conditions on what is not there, on itself, on each other, and on what is asked later."""
    for named in dict.fromkeys(part.question for part in when.parts()):
        at = (place, "when")
        if named not in places:
            close = nearest(named, places)
            yield Sensed(at, f"there is no question “{named}”" + (f"; did you mean “{close}”?" if close else ""))
        elif places[named] == place:
            yield Sensed(at, "is a condition on the question itself, which could then never be asked")
        elif places[named] > place:
            own = next(id_ for id_, there in places.items() if there == place) if place in places.values() else ""
            both = own and own in _behind(named, places, questions)
            each_other = f"“{own}” and “{named}” wait for each other, so that neither could ever be asked"
            later = f"“{named}” is asked later; a condition can name earlier questions alone. Move it up"
            yield Sensed(at, each_other if both else later)


def _behind(id_: str, places: Mapping[str, int], questions: Sequence[object]) -> set[str]:
    """All questions that this one waits for, over others too."""
    found: set[str] = set()
    ahead = [id_]
    while ahead:
        one = questions[places[ahead.pop()]]
        when = one.get("when") if isinstance(one, Mapping) else None
        try:
            named = {part.question for part in read(when).parts()} if when else set()
        except ValueError:
            named = set()
        new = {each for each in named if each in places} - found
        found |= new
        ahead += new
    return found


def _sound(questions: Sequence[object]) -> dict[str, Question]:
    found = {}
    for one in questions:
        try:
            question = Question.model_validate(one)
        except ValidationError:
            continue
        found[question.id] = question
    return found


def _given_by_none(place: int, when: Condition, known: Mapping[str, Question]) -> Iterator[Sensed]:
    for part in when.parts():
        question = known.get(part.question)
        if question is None:
            continue
        if question.type not in DECIDING:
            yield Sensed((place, "when"), f"a condition cannot be on “{question.id}”, of the type “{question.type}”")
            continue
        for answer in sorted(part.among):
            if not _may_be(question, answer):
                offered = question.options if question.type in WITH_OPTIONS else YES_OR_NO
                close = nearest(answer, offered) if question.type is not QuestionType.NUMBER else None
                hint = f"; did you mean “{close}”?" if close else ""
                yield Sensed((place, "when"), f"“{answer}” is no answer that “{question.id}” can have{hint}")


def _may_be(question: Question, answer: str) -> bool:
    if question.type is QuestionType.SERVICE:
        return True  # looked up in the policy
    try:
        kept = checked(question, answer, Known())
    except BadAnswer:
        return False
    return kept in (answer, (answer,))


def _unreachable(questions: Sequence[Question]) -> Iterator[Sensed]:
    for place, one in enumerate(questions):
        if one.condition is not None and not reachable(questions, one):
            message = "can never hold: no answers to the questions above lead here"
            yield Sensed((place, "when"), message)


def reachable(questions: Sequence[Question], wanted: Question) -> bool:
    """Whether some way of filling in the form, as it may be sent, asks this question."""
    known = {one.id: one for one in questions}
    needed = _needed(known, wanted)
    before = [one for one in questions if one.id in needed]
    named = [part for one in (*before, wanted) if one.condition for part in one.condition.parts()]
    domains = {one.id: _domain(one, named) for one in before}
    cases: list[dict[str, Answer]] = [{}]
    for one in before:
        cases = [
            case if answer is None else {**case, one.id: answer}
            for case in cases
            for answer in (domains[one.id] if one.condition is None or one.condition.holds(case) else [None])
        ]
        if len(cases) > _MOST_CASES:
            return True
    return wanted.condition is None or any(wanted.condition.holds(case) for case in cases)


def _needed(known: Mapping[str, Question], wanted: Question) -> set[str]:
    found: set[str] = set()
    ahead = [wanted]
    while ahead:
        condition = ahead.pop().condition
        new = {part.question for part in condition.parts()} - found if condition else set()
        found |= new
        ahead += [known[id_] for id_ in new]
    return found


def _domain(question: Question, named: Sequence[Is]) -> list[Answer | None]:
    """Answers that conditions can tell apart: those that they name, one that they do not, and none."""
    told = sorted({answer for part in named if part.question == question.id for answer in part.among})
    none: list[Answer | None] = [] if question.required else [None]
    if question.type is QuestionType.CHOICES:
        few = [one for one in question.options if one not in told][:1]
        most = min(question.most or len(told) + 1, len(told) + 1)
        return [*none, *(chosen for size in range(1, most + 1) for chosen in combinations([*told, *few], size))]
    others = [one for one in _finite(question) if one not in told][:1]
    return [*none, *told, *others]


def _finite(question: Question) -> tuple[str, ...]:
    if question.type is QuestionType.YES_NO:
        return YES_OR_NO
    if question.type in WITH_OPTIONS:
        return question.options
    if question.least is not None and question.least == question.most:
        return (str(question.least),)
    return ("\0",)  # something that no condition names
