"""What is refused about a file that is to be moved in, in plain words."""

from bot.rules.record.refusals import Refusal


class UnreadableImport(Refusal):
    """{file} cannot be read: {because}."""


class BadMapping(Refusal):
    """The mapping {file} cannot be used: {because}."""


class NoMapping(Refusal):
    """A CSV file of your own needs a mapping: which column is what. Give it with `--map FILE`; docs/moving-in.md has one to begin with."""  # noqa: E501


class FileChanged(Refusal):
    """{file} was changed while it was being read, so nothing more is applied. Run the command again: it goes on where it ended."""  # noqa: E501


class RowsRefused(Refusal):
    """Nothing was applied, since {count} cannot be taken. Mend the file or the mapping, or leave these rows out with `--skip-faulty`."""  # noqa: E501


class NoneThere(Refusal):
    """{tool} has no {what} that could be moved in. Export them to a CSV file, and say by a mapping which column is what: docs/moving-in.md."""  # noqa: E501
