"""What is refused about controlled documents, in plain words."""

from bot.rules.record.refusals import Refusal


class NotYourDocument(Refusal):
    """Only {who} can {act}. Ask one of them."""


class DocumentFixed(Refusal):
    """{ref} is {state}, so that cannot be changed now. {next}"""


class NothingToApprove(Refusal):
    """{ref} has no text yet. Write it first: `/document write {ref}`, or `deskbell document put {ref} FILE`."""


class SameAsBefore(Refusal):
    """The draft of {ref} says the same as version {version}. Change it, or leave it as
    it is: `/document discard {ref}`."""


class NoApprovalNamed(Refusal):
    """The policy names nobody who approves documents. Set `approval` in [documents] to one of [approvals]."""


class NobodyApproves(Refusal):
    """This document cannot be put to approval: {why}"""


class OwnDocument(Refusal):
    """You wrote this version of {ref}, or put it to review, so somebody else must approve it."""


class NeverInForce(Refusal):
    """{ref} was never in force, so there is nothing to go back to. Withdraw it if it is not needed."""


class NothingInForce(Refusal):
    """No version of {ref} is in force{now}. Only what is in force can be {done}."""


class NoSuchVersionOf(Refusal):
    """{ref} has no version {version}. {has}"""


class NoSuchSort(Refusal):
    """“{typed}” is no sort of document. There are: {known}."""


class NoSuchHeading(Refusal):
    """{ref} has no heading “{typed}”. It has: {known}."""


class BadDocumentList(Refusal):
    """“{typed}” is not something to list by. You can say: mine, late, unread, a state (draft, in-review, approved,
    in-force, withdrawn), all, a clause like 8.6.3, or words in “quotes”."""
