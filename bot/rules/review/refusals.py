"""What is refused about post-incident reviews, in plain words."""

from bot.rules.record.refusals import Refusal


class NotYourReview(Refusal):
    """Only {who} can {act}. Ask one of them."""


class NoReviewOf(Refusal):
    """A review cannot be asked for of {ref}. It can be of an incident or a change."""


class ReviewThere(Refusal):
    """{ref} has a review already: {review} is {state}. Go on with that one."""


class ReviewFixed(Refusal):
    """{ref} is {state}, so that cannot be changed now. {next}"""


class NothingWritten(Refusal):
    """{ref} cannot be put to review yet: {missing} {are} empty. Write that first."""


class NoSuchSection(Refusal):
    """{ref} has no section “{typed}” that is written. It has: {known}."""


class PublishedOnce(Refusal):
    """{ref} was published as version {version}, so it cannot be declined. Put what you changed to review."""


class MilestonesCross(Refusal):
    """{later} cannot be before {earlier}: {earlier} was {at}. Mend the one that is wrong."""


class NoSuchVersion(Refusal):
    """{ref} has no published version {version}. {has}"""


class NobodyReviews(Refusal):
    """This review cannot be put to approval: {why}"""


class NothingNew(Refusal):
    """Nothing has happened to {about} since {ref} was drawn."""


class OwnReview(Refusal):
    """You put {ref} to review, so somebody else must approve it."""


class BadReviewList(Refusal):
    """“{typed}” is not something to list by. You can say: mine, late, a state (due, draft, in-review, published,
    declined), all, a record like INC-12, or words in “quotes”."""
