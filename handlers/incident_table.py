"""The table of deeds: its order is that of the help and of the menu."""

from bot.rules.incident_flow import OPEN, IncidentStep
from handlers import incident_deeds as deeds
from handlers.ids import Action, Form
from handlers.incident_deeds import Deed
from handlers.views import incident_forms as forms

DEEDS = (
    Deed("ack", "", "you have seen it and take it", "acknowledged.", Action.ACKNOWLEDGE, "Acknowledge",
         deeds.acknowledge, IncidentStep.ACKNOWLEDGE),
    Deed("start", "", "you begin to work on it", "is being worked on.", Action.START, "Start work",
         deeds.start, IncidentStep.START),
    Deed("pend", "customer|vendor|change reason", "wait for somebody else", "pending.", Action.PEND, "Set pending…",
         deeds.pend, IncidentStep.PEND, forms.pending, Form.INCIDENT_PENDING),
    Deed("resume", "", "go on after waiting", "is being worked on again.", Action.RESUME, "Resume",
         deeds.resume, IncidentStep.RESUME),
    Deed("resolve", "[code:] note", "the fix is in; the reporter confirms it", "resolved.", Action.RESOLVE, "Resolve",
         deeds.resolve, IncidentStep.RESOLVE, forms.resolution, Form.INCIDENT_RESOLUTION),
    Deed("close", "", "the fix holds", "closed.", Action.CLOSE, "Close",
         deeds.close, IncidentStep.CLOSE),
    Deed("cancel", "reason", "it needs no fixing", "cancelled.", Action.CANCEL, "Cancel…",
         deeds.cancel, IncidentStep.CANCEL, forms.cancellation, Form.INCIDENT_CANCELLATION),
    Deed("reopen", "reason", "it is not fixed after all", "open again.", Action.REOPEN, "Reopen…",
         deeds.reopen, IncidentStep.REOPEN, forms.reopening, Form.INCIDENT_REOPENING),
    Deed("take", "", "assign it to yourself", "is yours.", Action.ASSIGN_ME, "Assign to me",
         deeds.assign_me, states=OPEN),
    Deed("assign", "me|@person|group", "give it to somebody", "assigned.", Action.ASSIGN, "Assign…",
         deeds.assign, form=forms.assignment, form_id=Form.INCIDENT_ASSIGNMENT, states=OPEN),
    Deed("note", "words", "for the desk alone", "noted for the desk.", Action.NOTE, "Note…",
         deeds.note, form=forms.note, form_id=Form.INCIDENT_NOTE),
    Deed("update", "words", "tell the reporter and those affected", "updated; they are told.", Action.UPDATE, "Update…",
         deeds.update, form=forms.update, form_id=Form.INCIDENT_UPDATE),
    Deed("class", "[impact:high urgency:low service:vpn]", "change its class; alone, in a form", "changed.",
         Action.RECLASSIFY, "Impact, urgency, service…", deeds.reclassify, form=forms.classing,
         form_id=Form.INCIDENT_CLASS, states=OPEN),
    Deed("impact", "high|medium|low", "how many it touches", "changed.", None, "", deeds.classed_by("impact")),
    Deed("urgency", "high|medium|low", "how soon it hurts", "changed.", None, "", deeds.classed_by("urgency")),
    Deed("service", "name", "what is broken", "changed.", None, "", deeds.classed_by("service")),
    Deed("priority", "P1 reason", "set by hand; “matrix” goes back", "set.", Action.PRIORITISE, "Set priority…",
         deeds.prioritise, form=forms.priority, form_id=Form.INCIDENT_PRIORITY, states=OPEN),
    Deed("link", "CHG-n", "show another record beside it", "linked.", Action.LINK, "Link…",
         deeds.link, form=forms.link, form_id=Form.INCIDENT_LINK),
    Deed("merge", "INC-m", "it is the same as INC-m, which goes on", "has those people now too.", Action.MERGE,
         "Merge…", deeds.merge, form=forms.merger, form_id=Form.INCIDENT_MERGER, states=OPEN),
    Deed("share", "@person", "let somebody see a private one", "shared.", Action.SHARE, "Let someone see it…",
         deeds.share, form=forms.sharing, form_id=Form.INCIDENT_SHARING),
    Deed("metoo", "", "it affects you too; you are kept told", "affects you too; you will hear how it goes.",
         Action.ME_TOO, "Me too", deeds.join, states=OPEN, desk=False),
)  # fmt: skip
BY_VERB = {deed.verb: deed for deed in DEEDS}
BY_ACTION = {deed.action: deed for deed in DEEDS if deed.action is not None}
