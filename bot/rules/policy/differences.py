"""What is different between two policies, key by key."""

from collections.abc import Iterator, Mapping

from bot.rules.policy.policy import Policy


def differences(before: Policy, after: Policy) -> Iterator[str]:
    """A line for each key that one has and the other has not, or otherwise."""
    old, new = _flat(before.model_dump(mode="json")), _flat(after.model_dump(mode="json"))
    for key in dict.fromkeys((*old, *new)):
        if key not in new:
            yield f"  - {key} = {old[key]}"
        elif key not in old:
            yield f"  + {key} = {new[key]}"
        elif old[key] != new[key]:
            yield f"  ~ {key} = {new[key]} (was {old[key]})"


def _flat(table: Mapping[str, object], path: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{path}{key}.")
        elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
            found |= _flat({str(place): one for place, one in enumerate(value)}, f"{path}{key}.")
        elif value not in (None, "", []):
            found[f"{path}{key}"] = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return found
