"""What is drawn of a form is what is validated and what is kept, for any form and any answers."""

from form_search import KNOWN, filled_in
from hypothesis import given, settings

from bot.rules.form.evaluation import begun, evaluate
from bot.rules.form.files import SentFile
from bot.rules.form.questions import QuestionType, field_of
from bot.rules.policy.policy import parse
from bot.rules.request.policy import Item
from handlers.blocks import questions
from handlers.ids import Field
from handlers.request_catalogue.views import form as views
from handlers.request_catalogue.views.form import Draft

POLICY = parse("")


def stated(question, answer):
    """What Slack sends of an input that holds this answer."""
    match question.type:
        case QuestionType.CHOICE | QuestionType.YES_NO | QuestionType.SERVICE:
            return {"selected_option": {"value": answer} if answer else None}
        case QuestionType.CHOICES:
            return {"selected_options": [{"value": one} for one in answer or ()]}
        case QuestionType.PEOPLE:
            return {"selected_users": list(answer or ())}
        case QuestionType.PERSON | QuestionType.CHANNEL | QuestionType.DATE | QuestionType.TIME:
            return {f"selected_{ {'person': 'user'}.get(question.type, question.type) }": answer}
        case QuestionType.CI:
            return {"selected_option": {"value": answer} if answer else None}
        case QuestionType.FILE:
            return {"files": [as_slack_says(SentFile.parse(one)) for one in answer or ()]}
        case _:
            return {"value": answer}


def as_slack_says(file):
    return {"id": file.id, "name": file.name, "size": file.size, "permalink": file.link, "sha256": file.digest}


def _action(question):
    return Field.ITEM_QUESTION if question.type is QuestionType.CI else Field.QUESTION


@settings(max_examples=100, deadline=None)
@given(filled_in())
def test_drawn_is_required_is_stored(both):
    asked, typed = both
    item = Item.model_validate({"(key)": "any", "title": "Any", "service": "laptops", "questions": asked})
    filled = evaluate(asked, begun(asked, typed), KNOWN)
    view = views.form(item, filled, filled.answers, POLICY)
    inputs = {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}
    del inputs[Field.BEHALF]
    assert list(inputs) == [field_of(one.id) for one in filled.shown]
    assert [not inputs[field_of(one.id)]["optional"] for one in filled.shown] == [one.required for one in filled.shown]
    values = {field_of(one.id): {_action(one): stated(one, filled.answers.get(one.id))} for one in filled.shown}
    sent = view | {"state": {"values": values}}
    again = evaluate(asked, questions.read(sent, asked), KNOWN)
    assert (again.ids, again.answers) == (filled.ids, filled.answers)
    assert list(questions.asked_in(sent, asked)) == list(again.ids)
    assert Draft.parse(view["private_metadata"]).digest == item.form_digest
