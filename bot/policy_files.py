"""Reads a policy from disk: one file, or a folder of files that are read as one."""

import os
from pathlib import Path

from bot.rules.policy.policy import Policy, parse_files
from bot.settings import SettingsFault, text_of


def load(policy: Path) -> Policy:
    """The policy of a file or a folder. Raises SettingsFault for what cannot be read, PolicyFaults for what it says."""
    return parse_files(texts(policy))


def texts(policy: Path) -> dict[str, str]:
    """The text of each file by its name; of a file that stands alone, without one. Raises SettingsFault."""
    if not policy.is_dir():
        return {"": text_of(policy)}
    files, found, faults = _files(policy), {}, []
    for file in files:
        try:
            found[file.name] = _text(policy, file)
        except SettingsFault as fault:
            faults += fault.sentences
    if not files:
        faults = [f"{policy} is a folder without any file whose name ends in .toml."]
    if faults:
        raise SettingsFault(faults)
    return found


def _files(folder: Path) -> list[Path]:
    """In the order of their names. What begins with a dot is an editor's or a system's own."""
    try:
        return sorted(file for file in folder.iterdir() if file.suffix == ".toml" and file.name[0] != ".")
    except OSError as fault:
        raise SettingsFault([f"{folder} cannot be read: {fault.strerror}."]) from None


def _text(folder: Path, file: Path) -> str:
    # A link within the folder is how a cluster mounts files; one that leads out would put in force what nobody sees.
    if not Path(os.path.realpath(file)).is_relative_to(os.path.realpath(folder)):
        raise SettingsFault([f"{file} is a link that leads out of {folder}; put the file itself there."])
    if file.exists() and not file.is_file():
        raise SettingsFault([f"{file} is not a file."])
    return text_of(file)
