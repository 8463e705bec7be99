"""`docs/reports.md` says of each figure what the table of definitions says."""

from pathlib import Path

from bot.rules.report.measures.measures import MEASURES
from bot.rules.report.wording import definition

PAGE = Path(__file__).parents[3] / "docs" / "reports.md"
BEGIN = "<!-- The definitions, as `bot/rules/report/measures/measures.py` has them: a test compares the two. -->\n"
END = "<!-- The end of the definitions. -->"


def as_page() -> str:
    return "\n".join(_section(name) for name in MEASURES)


def _section(name: str) -> str:
    measure = MEASURES[name]
    rows = "".join(f"- *{heading}*: {text}\n" for heading, text in definition(measure))
    return f"### {name}: {measure.title}\n\n{rows}"


def test_the_page_has_the_definitions() -> None:
    text = PAGE.read_text(encoding="utf-8")
    there = text.partition(BEGIN)[2].partition(END)[0]
    assert there.strip() == as_page().strip(), "PYTHONPATH=. python tests/rules/report/test_definitions.py writes them"


def test_each_definition_says_everything_and_names_no_reason_twice() -> None:
    for name, one in MEASURES.items():
        assert name == one.name
        told = dict(definition(one))
        assert all(told.values()), told
        assert len(told) == len(list(definition(one))), name


if __name__ == "__main__":
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n{as_page()}\n{END}{after}", encoding="utf-8")
