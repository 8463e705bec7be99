"""Fixtures: run a command in an empty folder, write a policy file."""

import pytest

from bot import cli
from bot.settings import Settings


@pytest.fixture
def deskbell(monkeypatch, tmp_path, capsys):
    """Runs a command in an empty folder: its exit code, what it printed, what it complained of."""
    monkeypatch.chdir(tmp_path)
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.validation_alias), raising=False)

    def run(*arguments):
        with pytest.raises(SystemExit) as end:
            cli.main(list(map(str, arguments)))
        said = capsys.readouterr()
        return end.value.code, said.out, said.err

    return run


@pytest.fixture
def policy_file(tmp_path):
    def write(text):
        file = tmp_path / "policy.toml"
        file.write_text(text)
        return file

    return write
