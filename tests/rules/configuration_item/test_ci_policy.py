"""What is wrong with the sections on items, by line."""

import pytest

from bot.rules.policy.policy import PolicyFaults, parse, restore


def faults(text: str) -> list[tuple[int | None, str, str]]:
    with pytest.raises(PolicyFaults) as found:
        parse(text)
    return [(one.line, one.where, one.message) for one in found.value.faults]


def test_a_sound_policy_is_kept_and_read_back():
    policy = parse(
        """
        [ci_types.server]
        title = "Server"
        key = ["serial", "name"]
        attributes = { serial = "text", size = { type = "choice", choices = ["S", "L"], sources = ["people", "cmdb"] } }
        [ci_relations.in]
        title = "is in"
        back = "holds"
        impact = "none"
        between = [["server", "service"]]
        [ci_sources.cmdb]
        type = "server"
        columns = { name = "Name", serial = "Serial" }
        states = { "In use" = "live" }
        """
    )
    assert restore(policy.text) == policy


@pytest.mark.parametrize(
    ("text", "line", "where", "words"),
    [
        (
            '[ci_types.x]\ntitle = "X"\nkey = ["serail"]\nattributes = { serial = "text" }',
            3,
            "ci_types.x.key",
            "serial",
        ),
        ('[ci_types.x]\ntitle = "X"\nattributes = { a = "txt" }', 3, "ci_types.x.attributes.a.type", "text"),
        ('[ci_types.x]\ntitle = "X"\nattributes = { state = "text" }', 3, "ci_types.x.attributes.state", "already"),
        ('[ci_types.x]\ntitle = "X"\nattributes = { "A b" = "text" }', 3, "ci_types.x.attributes.A b", "lower-case"),
        ('[ci_types.x]\ntitle = "X"\nattributes = { a = "choice" }', 3, "ci_types.x.attributes.a.choices", "choice"),
        (
            '[ci_types.x]\ntitle = "X"\nkey = ["a"]\nattributes = { a = { type = "text", secret = true } }',
            3,
            "ci_types.x.key",
            "secret",
        ),
        ('[ci_types.x]\ntitle = "X"\nsources = { owner = ["cmbd"] }', 3, "ci_types.x.sources.owner", "no source"),
        ('[ci_relations.x]\ntitle = "x"\nback = "y"\nimpact = "backwards"', 4, "ci_relations.x.impact", "backward"),
        ('[ci_relations.x]\ntitle = "x"\nimpact = "none"', 1, "ci_relations.x.back", "missing"),
        ('[ci_sources.x]\ntype = "sever"', 2, "ci_sources.x.type", "server"),
        ("[ci_sources.x]\ncolumns = {}", 1, "ci_sources.x.type", "type"),
        ('[ci_sources.x]\ntype = "server"\ncolumns = { nmae = "N" }', 3, "ci_sources.x.columns.nmae", "name"),
        ('[ci_sources.x]\ntype = "server"\nrelations = { runs = "R" }', 3, "ci_sources.x.relations.runs", "runs_on"),
        ('[ci_sources.x]\ntype = "server"\nneeds = { runs_on = "N" }', 3, "ci_sources.x.needs.runs_on", "no column"),
        (
            '[ci_sources.x]\ntype = "server"\nrelations = { supports = "R" }\nneeds = { supports = "N" }',
            4,
            "ci_sources.x.needs.supports",
            "backward",
        ),
        ('[ci_sources.x]\ntype = "server"\nstates = { "A" = "alive" }', 3, "ci_sources.x.states.A", "live"),
        ('[ci_sources.x]\ntype = "server"\ndates = "dmy"', 3, "ci_sources.x.dates", "day-first"),
        (
            "\n".join(f'[ci_sources.{key}]\ntype = "server"\nchannel = "changes"' for key in "xy"),
            6,
            "ci_sources.y.channel",
            "one source",
        ),
        ('[configuration]\nmanager = "nobody"', 2, "configuration.manager", "no group"),
    ],
)
def test_a_fault_is_told_with_its_line(text, line, where, words):
    found = faults(text)
    assert [(one[0], one[1]) for one in found] == [(line, where)], found
    assert words in found[0][2]
