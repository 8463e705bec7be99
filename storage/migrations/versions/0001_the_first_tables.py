"""The first tables."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Moment

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "timer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("occurrence", sa.String(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("fired_at", Moment(), nullable=True),
        sa.Column("cancelled_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_timer"),
        sa.UniqueConstraint("subject", "kind", "occurrence", name="uq_timer_subject_kind_occurrence"),
    )
    op.create_index(
        "ix_timer_waiting",
        "timer",
        ["due_at"],
        sqlite_where=sa.text("fired_at IS NULL AND cancelled_at IS NULL"),
        postgresql_where=sa.text("fired_at IS NULL AND cancelled_at IS NULL"),
    )

    op.create_table(
        "checkpoint",
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("root", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("signature", sa.String(), nullable=True),
        sa.Column("frontier", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("size", name="pk_checkpoint"),
    )
    op.create_table(
        "counter",
        sa.Column("noun", sa.String(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("noun", name="pk_counter"),
    )
    op.create_table(
        "fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("data", sa.String(), nullable=False),
        sa.Column("words_commitment", sa.String(), nullable=True),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("prev_hash", sa.String(), nullable=True),
        sa.Column("hash", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_fact"),
        sa.UniqueConstraint("seq", name="uq_fact_seq"),
    )
    op.create_index("ix_fact_subject", "fact", ["subject"])
    op.create_index(
        "ix_fact_unsealed", "fact", ["id"], sqlite_where=sa.text("seq IS NULL"), postgresql_where=sa.text("seq IS NULL")
    )

    op.create_table(
        "inbox",
        sa.Column("request_key", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("request_key", name="pk_inbox"),
    )
    op.create_index("ix_inbox_at", "inbox", ["at"])

    op.create_table(
        "lane",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("next_at", Moment(), nullable=False),
        sa.Column("lease_until", Moment(), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("parked_reason", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_lane"),
    )
    op.create_table(
        "membership",
        sa.Column("group_key", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("group_key", "person", name="pk_membership"),
    )
    op.create_index("ix_membership_person", "membership", ["person"])

    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dedupe_key", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("data", sa.String(), nullable=False),
        sa.Column("coalesce_key", sa.String(), nullable=True),
        sa.Column("redraws", sa.Integer(), nullable=True),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("first_attempt_at", Moment(), nullable=True),
        sa.Column("last_attempt_at", Moment(), nullable=True),
        sa.Column("slack_channel", sa.String(), nullable=True),
        sa.Column("slack_ts", sa.String(), nullable=True),
        sa.Column("thread_ts", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["redraws"], ["outbox.id"], name="fk_outbox_redraws_outbox"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("dedupe_key", name="uq_outbox_dedupe_key"),
    )
    op.create_index("ix_outbox_about", "outbox", ["about"])
    op.create_index(
        "ix_outbox_dead",
        "outbox",
        ["id"],
        sqlite_where=sa.text("state = 'dead'"),
        postgresql_where=sa.text("state = 'dead'"),
    )
    op.create_index(
        "ix_outbox_unfinished",
        "outbox",
        ["lane", "id"],
        sqlite_where=sa.text("state IN ('ready', 'sending', 'ambiguous')"),
        postgresql_where=sa.text("state IN ('ready', 'sending', 'ambiguous')"),
    )
    op.create_index(
        "uq_outbox_coalesce_key",
        "outbox",
        ["coalesce_key"],
        unique=True,
        sqlite_where=sa.text("state = 'ready'"),
        postgresql_where=sa.text("state = 'ready'"),
    )

    op.create_table(
        "person",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("tz", sa.String(), nullable=False),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("is_guest", sa.Boolean(), nullable=False),
        sa.Column("is_bot", sa.Boolean(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
    )
    op.create_table(
        "place",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_place"),
    )
    op.create_table(
        "policy_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_policy_version"),
    )
    op.create_index("ix_policy_version_hash", "policy_version", ["hash"])

    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("ts", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_post"),
        sa.UniqueConstraint("channel", "ts", name="uq_post_channel_ts"),
    )
    op.create_index("ix_post_about", "post", ["about"])

    op.create_table(
        "change",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("touches", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("test_plan", sa.String(), nullable=False),
        sa.Column("backout", sa.String(), nullable=False),
        sa.Column("communication", sa.String(), nullable=False),
        sa.Column("links", sa.String(), nullable=False),
        sa.Column("starts_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.Column("requester", sa.String(), nullable=False),
        sa.Column("requested_at", Moment(), nullable=False),
        sa.Column("implementer", sa.String(), nullable=False),
        sa.Column("incident", sa.String(), nullable=True),
        sa.Column("answers", sa.String(), nullable=False),
        sa.Column("risk", sa.String(), nullable=True),
        sa.Column("template", sa.Integer(), nullable=True),
        sa.Column("template_version", sa.Integer(), nullable=True),
        sa.Column("held_by", sa.Integer(), nullable=True),
        sa.Column("missed_at", Moment(), nullable=True),
        sa.Column("break_glass", sa.Boolean(), nullable=False),
        sa.Column("cancel_reason", sa.String(), nullable=True),
        sa.Column("cancelled_by", sa.String(), nullable=True),
        sa.Column("started_at", Moment(), nullable=True),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("result_note", sa.String(), nullable=True),
        sa.Column("caused", sa.String(), nullable=True),
        sa.Column("review", sa.String(), nullable=True),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_version"], ["policy_version.id"], name="fk_change_policy_version_policy_version"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_change"),
    )
    op.create_index("ix_change_requester_number", "change", ["requester", "number"])
    op.create_index("ix_change_state_number", "change", ["state", "number"])

    op.create_table(
        "clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("calendar", sa.String(), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("target_seconds", sa.Integer(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("paused_at", Moment(), nullable=True),
        sa.Column("pause_reason", sa.String(), nullable=True),
        sa.Column("left_seconds", sa.Integer(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("breached_at", Moment(), nullable=True),
        sa.Column("taken_at", Moment(), nullable=True),
        sa.Column("taken_by", sa.String(), nullable=True),
        sa.Column("excused_at", Moment(), nullable=True),
        sa.Column("excused_by", sa.String(), nullable=True),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_version"], ["policy_version.id"], name="fk_clock_policy_version_policy_version"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_clock"),
        sa.UniqueConstraint("subject", "kind", "owner", "cycle", name="uq_clock_subject_kind_owner_cycle"),
    )
    op.create_index(
        "ix_clock_open",
        "clock",
        ["due_at"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_clock_breached_at",
        "clock",
        ["breached_at"],
        sqlite_where=sa.text("breached_at IS NOT NULL"),
        postgresql_where=sa.text("breached_at IS NOT NULL"),
    )

    op.create_table(
        "fact_words",
        sa.Column("fact_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["fact_id"], ["fact.id"], name="fk_fact_words_fact_id_fact"),
        sa.PrimaryKeyConstraint("fact_id", name="pk_fact_words"),
    )
    op.create_table(
        "incident",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("impact", sa.String(), nullable=False),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("overridden", sa.Boolean(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("reporter", sa.String(), nullable=False),
        sa.Column("logged_by", sa.String(), nullable=True),
        sa.Column("assignee", sa.String(), nullable=True),
        sa.Column("assigned_group", sa.String(), nullable=True),
        sa.Column("pending_on", sa.String(), nullable=True),
        sa.Column("pending_note", sa.String(), nullable=True),
        sa.Column("resolution", sa.String(), nullable=True),
        sa.Column("resolution_code", sa.String(), nullable=True),
        sa.Column("duplicate_of", sa.Integer(), nullable=True),
        sa.Column("moved_at", Moment(), nullable=True),
        sa.Column("moved_by", sa.String(), nullable=True),
        sa.Column("origin_channel", sa.String(), nullable=True),
        sa.Column("origin_ts", sa.String(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("rating_comment", sa.String(), nullable=True),
        sa.Column("rated_at", Moment(), nullable=True),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("acknowledged_at", Moment(), nullable=True),
        sa.Column("acknowledged_by", sa.String(), nullable=True),
        sa.Column("resolved_at", Moment(), nullable=True),
        sa.Column("resolved_by", sa.String(), nullable=True),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_version"], ["policy_version.id"], name="fk_incident_policy_version_policy_version"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_incident"),
    )
    op.create_index("ix_incident_origin_channel_origin_ts", "incident", ["origin_channel", "origin_ts"])
    op.create_index("ix_incident_reporter_number", "incident", ["reporter", "number"])
    op.create_index("ix_incident_state_number", "incident", ["state", "number"])

    op.create_table(
        "record_person",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "person", "part", name="pk_record_person"),
    )
    op.create_index("ix_record_person_person", "record_person", ["person"])
    op.create_table(
        "record_link",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("other", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "other", "kind", name="pk_record_link"),
    )
    op.create_index("ix_record_link_other", "record_link", ["other"])

    op.create_table(
        "major_incident",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("updates", sa.Integer(), nullable=False),
        sa.Column("next_update_at", Moment(), nullable=True),
        sa.Column("updated_at", Moment(), nullable=True),
        sa.Column("channel_name", sa.String(), nullable=True),
        sa.Column("topics", sa.Integer(), nullable=False),
        sa.Column("declared_at", Moment(), nullable=False),
        sa.Column("declared_by", sa.String(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["incident.number"], name="fk_major_incident_number_incident"),
        sa.ForeignKeyConstraint(
            ["policy_version"], ["policy_version.id"], name="fk_major_incident_policy_version_policy_version"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_major_incident"),
    )
    op.create_table(
        "major_role",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("taken_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["major_incident.number"], name="fk_major_role_number_major_incident"),
        sa.PrimaryKeyConstraint("number", "role", name="pk_major_role"),
    )
    op.create_table(
        "timeline_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("ts", sa.String(), nullable=True),
        sa.Column("permalink", sa.String(), nullable=True),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("edited_by", sa.String(), nullable=True),
        sa.Column("removed_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_timeline_entry"),
        sa.UniqueConstraint("channel", "ts", name="uq_timeline_entry_channel_ts"),
    )
    op.create_index("ix_timeline_entry_subject", "timeline_entry", ["subject"])
    op.create_table(
        "timeline_pin",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("ts", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "ts", "person", name="pk_timeline_pin"),
    )

    op.create_table(
        "approval_case",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("barred", sa.String(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("needed_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("comment", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("subject", "revision", name="pk_approval_case"),
    )
    op.create_index(
        "ix_approval_case_open",
        "approval_case",
        ["due_at"],
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("approver", sa.String(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("vote", sa.String(), nullable=True),
        sa.Column("voted_by", sa.String(), nullable=True),
        sa.Column("comment", sa.String(), nullable=True),
        sa.Column("voted_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["subject", "revision"],
            ["approval_case.subject", "approval_case.revision"],
            name="fk_approval_subject_revision_approval_case",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_approval"),
        sa.UniqueConstraint("subject", "revision", "stage", "approver", name="uq_approval_seat"),
        sa.UniqueConstraint("subject", "revision", "stage", "voted_by", name="uq_approval_voice"),
    )
    op.create_index(
        "ix_approval_waiting",
        "approval",
        ["approver"],
        sqlite_where=sa.text("vote IS NULL"),
        postgresql_where=sa.text("vote IS NULL"),
    )

    op.create_table(
        "change_revision",
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["change"], ["change.number"], name="fk_change_revision_change_change"),
        sa.PrimaryKeyConstraint("change", "revision", name="pk_change_revision"),
    )
    op.create_table(
        "approval_stage",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("group_key", sa.String(), nullable=True),
        sa.Column("needs", sa.Integer(), nullable=False),
        sa.Column("veto", sa.Boolean(), nullable=False),
        sa.Column("because", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["subject", "revision"],
            ["approval_case.subject", "approval_case.revision"],
            name="fk_approval_stage_subject_revision_approval_case",
        ),
        sa.PrimaryKeyConstraint("subject", "revision", "number", name="pk_approval_stage"),
    )
    op.create_table(
        "delegation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("delegate", sa.String(), nullable=False),
        sa.Column("starts_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_delegation"),
    )
    op.create_index("ix_delegation_owner", "delegation", ["owner"])
    op.create_index("ix_delegation_delegate", "delegation", ["delegate"])
    op.create_table(
        "approval_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_approval_question"),
    )
    op.create_index("ix_approval_question_subject", "approval_question", ["subject"])
    op.create_table(
        "change_suspicion",
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=True),
        sa.Column("judged_by", sa.String(), nullable=True),
        sa.Column("judged_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["change"], ["change.number"], name="fk_change_suspicion_change_change"),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name="fk_change_suspicion_incident_incident"),
        sa.PrimaryKeyConstraint("incident", "change", name="pk_change_suspicion"),
    )
    op.create_table(
        "template",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("test_plan", sa.String(), nullable=False),
        sa.Column("backout", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("proposed_at", Moment(), nullable=False),
        sa.Column("proposed_from", sa.Integer(), nullable=False),
        sa.Column("settled_by", sa.String(), nullable=True),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["proposed_from"], ["change.number"], name="fk_template_proposed_from_change"),
        sa.ForeignKeyConstraint(
            ["policy_version"], ["policy_version.id"], name="fk_template_policy_version_policy_version"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_template"),
        sa.UniqueConstraint("name", "service", "version", name="uq_template_name_service_version"),
    )
    op.create_table(
        "cab_meeting",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("chair", sa.String(), nullable=False),
        sa.Column("channel_name", sa.String(), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("exports", sa.Integer(), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_version"], ["policy_version.id"], name="fk_cab_meeting_policy_version_policy_version"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_cab_meeting"),
    )
    op.create_table(
        "cab_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting", sa.Integer(), nullable=True),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("settled", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["change"], ["change.number"], name="fk_cab_item_change_change"),
        sa.ForeignKeyConstraint(["meeting"], ["cab_meeting.number"], name="fk_cab_item_meeting_cab_meeting"),
        sa.PrimaryKeyConstraint("id", name="pk_cab_item"),
        sa.UniqueConstraint("meeting", "change", name="uq_cab_item_meeting_change"),
    )
    op.create_index(
        "uq_cab_item_next",
        "cab_item",
        ["change"],
        unique=True,
        sqlite_where=sa.text("meeting IS NULL"),
        postgresql_where=sa.text("meeting IS NULL"),
    )
    op.create_index("ix_cab_item_change", "cab_item", ["change"])
    op.create_table(
        "cab_attendance",
        sa.Column("meeting", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["meeting"], ["cab_meeting.number"], name="fk_cab_attendance_meeting_cab_meeting"),
        sa.PrimaryKeyConstraint("meeting", "person", name="pk_cab_attendance"),
    )

    op.create_table(
        "change_window",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("hard", sa.Boolean(), nullable=False),
        sa.Column("services", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("starts_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("rrule", sa.String(), nullable=True),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("lifted_by", sa.String(), nullable=True),
        sa.Column("lifted_at", Moment(), nullable=True),
        sa.Column("lifted_why", sa.String(), nullable=True),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_version"], ["policy_version.id"], name="fk_change_window_policy_version_policy_version"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_change_window"),
    )

    op.create_table(
        "calendar_feed",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_calendar_feed"),
        sa.UniqueConstraint("token_hash", name="uq_calendar_feed_token_hash"),
    )
    op.create_table(
        "calendar_picture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("look", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("shows", sa.String(), nullable=False),
        sa.Column("drawings", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_picture"),
        sa.UniqueConstraint("look", "day", name="uq_calendar_picture_look_day"),
    )
