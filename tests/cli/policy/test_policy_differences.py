"""`policy check` says what a file changes in the default, whatever its values are made of."""

from bot.rules.policy.differences import differences
from bot.rules.policy.policy import parse

FORM = """[[requests.laptop.questions]]
id = "need"
asks = "What?"
type = "choice"
options = ["One", "Two"]
"""
ROTA = """[rotas.vpn]
zone = "UTC"
[[rotas.vpn.layers]]
people = ["U0AB1", ["U0AB2", "U0AB3"]]
turn = "1 week"
from = "2026-01-05T09:00"
"""


def test_lists_of_tables_are_told_by_their_place():
    told = list(differences(parse(""), parse(FORM + ROTA)))
    assert "  ~ requests.laptop.questions.0.options = One, Two (was A new one, A repair)" in told
    assert "  - requests.laptop.questions.1.id = asset" in told
    assert any(one.startswith("  + rotas.vpn.layers.0.people = ") for one in told)
