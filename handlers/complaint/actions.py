"""All that can be done to a complaint. The order is that of help and menu."""

from bot.rules.complaint.flow import ComplaintStep
from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.refs import Noun
from bot.usecases.complaint import complaints
from bot.usecases.records import comments
from handlers.ids import Field
from handlers.records.actions import Action, of
from handlers.records.fields import Words
from handlers.records.standard_actions.standard import STANDARD, by_ref

ACTIONS = of(
    Noun.COMPLAINT, "complaint",
    Action("acknowledge", by_ref(complaints.acknowledge), "you look into it", "is acknowledged; who complained hears.",
           label="Acknowledge", step=ComplaintStep.ACKNOWLEDGE),
    Action("answer", by_ref(complaints.answer), "say what you found, and what is done", "is answered.",
           (Words(Field.COMMENT, "Answer", "What you found, and what is done about it", "answer"),),
           "Answer…", ComplaintStep.ANSWER, "Answer", "Answer"),
    Action("accept", by_ref(complaints.accept), "the answer is enough", "is closed. Thank you.",
           label="That is enough", step=ComplaintStep.ACCEPT),
    Action("escalate", by_ref(complaints.escalate), "have the managers answer it", "is with the managers now.",
           (Words(Field.COMMENT, "Reason", "Why it cannot stay as it is", "reason"),),
           "Escalate…", ComplaintStep.ESCALATE, "Escalate", "Escalate"),
    Action("add", by_ref(comments.inform), "say more about what you complained of",
           "has that on record; those who answer it are told.",
           (Words(Field.COMMENT, "Information", "Those who answer complaints read it, and nobody else"),),
           "Add information", RecordAct.INFORM, "Add to", "Send"),
    *(one for one in STANDARD if one.verb in ("action", "link", "unlink", "note")),
    Action("withdraw", by_ref(complaints.withdraw), "you take it back", "is withdrawn.",
           label="Withdraw", step=ComplaintStep.WITHDRAW),
)  # fmt: skip
