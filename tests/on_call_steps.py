"""What stories about being on call share: a policy with a rota of the cast."""

from cast import Desk
from promises import under


def rota(desk: Desk, *crew: str, more: str = "", turn: str = "1 week", key: str = "vpn") -> str:
    """A rota of these of the cast, in this order, from Monday 2026-01-05 at nine in London."""
    people = ", ".join(f'"{getattr(desk, one).id}"' for one in crew)
    return (
        f'[rotas.{key}]\nzone = "Europe/London"\ngroup = "service-desk"\n{more}\n'
        f'[[rotas.{key}.layers]]\npeople = [{people}]\nturn = "{turn}"\nfrom = "2026-01-05T09:00"\n'
    )


async def with_rota(desk: Desk, *crew: str, more: str = "", turn: str = "1 week", also: str = "") -> None:
    await under(desk, rota(desk, *crew, more=more, turn=turn) + also)
