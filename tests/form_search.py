"""Random forms and random answers, for the tests that hold every form to one law."""

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
GIVEN = st.one_of(
    st.none(), st.text(max_size=5),
    st.sampled_from([*OPTIONS, "yes", "no", "1", "2.0", "1e99", "vpn", "U123", "09:30", "CI-1 web", "CI-x"]),
    st.lists(st.sampled_from([*OPTIONS, "D"]), max_size=3).map(tuple), st.just("2026-03-09"), st.just("x" * 4000),
)  # fmt: skip


def conditions(earlier, depth=2):
    one = st.sampled_from(earlier).flatmap(
        lambda question: st.sampled_from(DECIDES[question.type]).map(lambda answer: {question.id: answer})
    )
    if not depth:
        return one
    within = conditions(earlier, depth - 1)
    several = st.lists(within, min_size=1, max_size=3)
    return st.one_of(
        one, several.map(lambda of: {"and": of}), several.map(lambda of: {"or": of}), within.map(lambda of: {"not": of})
    )


@st.composite
def forms(draw):
    found = []
    for number in range(draw(st.integers(1, 8))):
        kind = draw(st.sampled_from(QuestionType))
        earlier = [one for one in found if one.type in DECIDES]
        options = OPTIONS if kind in (QuestionType.CHOICE, QuestionType.CHOICES) else ()
        when = draw(st.one_of(st.none(), conditions(earlier))) if earlier else None
        found.append(
            Question(id=f"q{number}", asks=f"Question {number}?", type=kind, options=options,
                     required=draw(st.booleans()), when=when)
        )  # fmt: skip
    return found


ANSWERS = st.dictionaries(st.integers(0, 9).map("q{}".format), GIVEN)
