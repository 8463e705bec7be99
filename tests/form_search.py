"""Random forms and random answers, for the tests that hold every form to one law."""

from functools import cache

from hypothesis import strategies as st

from bot.rules.form.questions import Known, Question, QuestionType

KNOWN = Known({"vpn": "VPN", "email": "E-mail"})
OPTIONS = ("A", "B", "C")
DECIDES = {
    QuestionType.CHOICE: OPTIONS,
    QuestionType.CHOICES: OPTIONS,
    QuestionType.YES_NO: (True, False),
    QuestionType.NUMBER: (1, 2),
    QuestionType.SERVICE: ("vpn",),
    QuestionType.TEXT: ("x",),
}
FILE = f"F1 {'a' * 64} 12 https://team.slack.com/files/U1/F1/quote.pdf The quote.pdf"
_T = QuestionType
GOOD = {
    _T.TEXT: ("x", "words"), _T.LONG_TEXT: ("two\nlines",), _T.NUMBER: ("1", "2", "4.5"), _T.DATE: ("2026-03-09",),
    _T.TIME: ("09:30",), _T.PERSON: ("U123",), _T.PEOPLE: (("U123",), ("U123", "U456")), _T.CHANNEL: ("C123",),
    _T.CHOICE: OPTIONS, _T.CHOICES: (("A",), ("A", "C")), _T.YES_NO: ("yes", "no"), _T.SERVICE: ("vpn", "email"),
    _T.CI: ("CI-1 web",), _T.FILE: ((FILE,), (FILE, FILE.replace("F1 ", "F2 ", 1))),
}  # fmt: skip
"""Answers that each type can have."""
GIVEN = st.one_of(
    st.none(), st.text(max_size=5),
    st.sampled_from([*OPTIONS, "yes", "no", "1", "2.0", "1e99", "vpn", "U123", "09:30", "CI-1 web", "CI-x", FILE]),
    st.just((FILE.replace("a" * 64, "-"),)),
    st.lists(st.sampled_from([*OPTIONS, "D"]), max_size=3).map(tuple), st.just("2026-03-09"), st.just("x" * 4000),
)  # fmt: skip


@cache
def conditions(earlier, depth=2):
    """On questions that are given by their ids and types. Made once: to make strategies cost more than to draw."""
    one = st.one_of(*(st.sampled_from(DECIDES[kind]).map(lambda answer, at=at: {at: answer}) for at, kind in earlier))
    if not depth:
        return one
    within = conditions(earlier, depth - 1)
    several = st.lists(within, min_size=1, max_size=3)
    return st.one_of(
        one, several.map(lambda of: {"and": of}), several.map(lambda of: {"or": of}), within.map(lambda of: {"not": of})
    )


ANSWERS = {kind: st.one_of(st.sampled_from(GOOD[kind]), st.none(), GIVEN) for kind in QuestionType}
MORE = st.dictionaries(st.sampled_from(["q8", "q9"]), GIVEN)
"""Answers to questions that the form does not have."""


@st.composite
def forms(draw):
    found = []
    for number in range(draw(st.integers(1, 8))):
        kind = draw(st.sampled_from(QuestionType))
        earlier = tuple((one.id, one.type) for one in found if one.type in DECIDES)
        options = OPTIONS if kind in (QuestionType.CHOICE, QuestionType.CHOICES) else ()
        when = draw(st.one_of(st.none(), conditions(earlier))) if earlier else None
        found.append(
            Question(id=f"q{number}", asks=f"Question {number}?", type=kind, options=options,
                     required=draw(st.booleans()), when=when)
        )  # fmt: skip
    return found


@st.composite
def filled_in(draw):
    """A form, and answers to its questions: some that can be, some that cannot, some to none of them."""
    form = draw(forms())
    given = {one.id: draw(ANSWERS[one.type]) for one in form}
    return form, given | draw(MORE)
