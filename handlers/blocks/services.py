"""Menus of the policy's services and groups."""

from functools import lru_cache

from bot.rules.configuration.service_guess import UNSURE
from bot.rules.policy.policy import Policy
from handlers.blocks import kit
from handlers.blocks.kit import Block


def service_options(policy: Policy) -> list[Block]:
    return [_option(service.name, key, service.description) for key, service in policy.services.items()]


@lru_cache(maxsize=2048)
def _option(name: str, key: str, description: str) -> Block:
    """Drawn once, since each form has all of them; nobody changes what is drawn."""
    return kit.option(name, key, description)


def reported_options(policy: Policy) -> list[Block]:
    """For a report: whoever does not know leaves it to the desk."""
    return [kit.option("Not sure", UNSURE, "The desk finds out"), *service_options(policy)]


def group_options(policy: Policy) -> list[Block]:
    return [kit.option(group.title, key) for key, group in policy.groups.items()]


def service_menu(policy: Policy, chosen: str = "") -> Block:
    return kit.select(service_options(policy), chosen)


def reported_menu(policy: Policy, chosen: str = "") -> Block:
    return kit.select(reported_options(policy), chosen or UNSURE)
