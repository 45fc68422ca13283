"""Measure points, benefit months, client surveys, put-off reminders and imports."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NEW_CODES = (
    (
        "data_version",
        "area",
        (
            "cases",
            "plans",
            "child_impact",
            "placements",
            "budget",
            "goals",
            "households",
            "staff_survey",
            "units",
        ),
        ("measures", "benefit_months", "client_surveys", "reminders", "retention"),
    ),
    (
        "indicator",
        "computed",
        (
            "plans_within_three_months",
            "plans_current_share",
            "plans_coverage",
            "bka_coverage",
            "closed_as_unknown",
            "families_in_hotel",
        ),
        ("long_term_share", "refusals_affecting_children"),
    ),
)
ANALYSIS_AUTHOR = (
    "ALTER TABLE child_impact_analysis ADD COLUMN author_id INTEGER "
    "CONSTRAINT fk_child_impact_analysis_author_id REFERENCES caseworker (id)"
)
CONSTRAINTS = {"area": "area", "computed": "computed_figure"}


def allow(table: str, column: str, before: Sequence[str], after: Sequence[str]) -> None:
    """Let a column of codes hold the codes of `after` instead of those of `before`."""
    name = f"ck_{table}_{CONSTRAINTS[column]}"
    new = _one_of(column, after)
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f(name), table)
        op.create_check_constraint(op.f(name), table, new)
        return
    # SQLite can't alter a constraint: the table is made again from its own words.
    made, indexes = _words_of(table)
    old = _one_of(column, before)
    if old not in made:
        msg = f"{name} does not hold the codes of the earlier version"
        raise RuntimeError(msg)
    made = made.replace(old, new).replace(f"TABLE {table} ", f"TABLE {table}_new ", 1)
    op.execute(made)
    op.execute(f"INSERT INTO {table}_new SELECT * FROM {table}")  # noqa: S608  (our own names)
    op.drop_table(table)
    op.rename_table(f"{table}_new", table)
    for index in indexes:
        op.execute(index)


def _one_of(column: str, codes: Sequence[str]) -> str:
    return f"{column} IN ({', '.join(repr(code) for code in codes)})"


def _words_of(table: str) -> tuple[str, list[str]]:
    rows = op.get_bind().exec_driver_sql(
        "SELECT type, sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL", (table,)
    )
    words = [(kind, " ".join(sql.split()).replace('"', "")) for kind, sql in rows]
    (made,) = (sql for kind, sql in words if kind == "table")
    return made, [sql for kind, sql in words if kind == "index"]


def upgrade() -> None:
    """Bring the tables to this version."""
    for table, column, codes, new_codes in NEW_CODES:
        allow(table, column, codes, codes + new_codes)
    op.execute(ANALYSIS_AUTHOR)
    op.create_table(
        "import_run",
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", sa.DateTime(), nullable=True),
        sa.Column("voided_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "cases",
                "benefit_months",
                "household_months",
                "staff_survey",
                "goals",
                "indicator_values",
                "client_surveys",
                "placements",
                "ledger",
                name="import_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_import_run_created_by_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_import_run_unit_id")),
        sa.ForeignKeyConstraint(
            ["voided_by_id"], ["user_account.id"], name=op.f("fk_import_run_voided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.create_index(
            "ix_import_run_unit",
            ["unit_id", "id"],
            unique=False,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.create_table(
        "measure_point",
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", sa.DateTime(), nullable=True),
        sa.Column("voided_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "number",
                "case_check",
                "choice",
                "event",
                name="measure_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_measure_point_created_by_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_measure_point_unit_id")),
        sa.ForeignKeyConstraint(
            ["voided_by_id"], ["user_account.id"], name=op.f("fk_measure_point_voided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_point")),
        sa.UniqueConstraint("unit_id", "slug", name=op.f("uq_measure_point_unit_id_slug")),
    )
    op.create_table(
        "benefit_month",
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", sa.DateTime(), nullable=True),
        sa.Column("voided_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column(
            "source",
            sa.Enum(
                "typed",
                "imported",
                "derived",
                name="data_source",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("source_name", sa.String(length=200), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_benefit_month_amount_not_negative")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_benefit_month_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_benefit_month_created_by_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_benefit_month_unit_id")),
        sa.ForeignKeyConstraint(
            ["voided_by_id"], ["user_account.id"], name=op.f("fk_benefit_month_voided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_benefit_month")),
    )
    with op.batch_alter_table("benefit_month", schema=None) as batch_op:
        batch_op.create_index(
            "ix_benefit_month_unit",
            ["unit_id", "month", "case_id"],
            unique=False,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )
        batch_op.create_index(
            "uq_benefit_month_case",
            ["case_id", "month"],
            unique=True,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.create_table(
        "client_survey",
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", sa.DateTime(), nullable=True),
        sa.Column("voided_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "city",
                "reception",
                "phone",
                "own",
                name="client_survey_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "typed",
                "imported",
                "derived",
                name="data_source",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("source_name", sa.String(length=200), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_client_survey_end_after_start")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_client_survey_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["unit_group.id"], name=op.f("fk_client_survey_group_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_client_survey_unit_id")),
        sa.ForeignKeyConstraint(
            ["voided_by_id"], ["user_account.id"], name=op.f("fk_client_survey_voided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_survey")),
    )
    with op.batch_alter_table("client_survey", schema=None) as batch_op:
        batch_op.create_index(
            "ix_client_survey_unit",
            ["unit_id", "kind", "ends_on"],
            unique=False,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.create_table(
        "import_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("entity", sa.String(length=40), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("digest", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["import_run.id"], name=op.f("fk_import_change_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_change")),
    )
    with op.batch_alter_table("import_change", schema=None) as batch_op:
        batch_op.create_index("ix_import_change_run", ["run_id", "id"], unique=False)

    op.create_table(
        "reminder_snooze",
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", sa.DateTime(), nullable=True),
        sa.Column("voided_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "plan",
                "child_impact",
                "measure",
                name="reminder_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("measure_point_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_reminder_snooze_has_reason")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_reminder_snooze_end_after_start")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_reminder_snooze_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_reminder_snooze_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["measure_point_id"],
            ["measure_point.id"],
            name=op.f("fk_reminder_snooze_measure_point_id"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_reminder_snooze_unit_id")),
        sa.ForeignKeyConstraint(
            ["voided_by_id"], ["user_account.id"], name=op.f("fk_reminder_snooze_voided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_snooze")),
    )
    with op.batch_alter_table("reminder_snooze", schema=None) as batch_op:
        batch_op.create_index(
            "ix_reminder_snooze_case",
            ["case_id", "ends_on"],
            unique=False,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.create_table(
        "client_survey_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=300), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "yes",
                "partly",
                "no",
                "improved",
                "unchanged",
                "worse",
                "dont_know",
                name="client_answer",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "gender",
            sa.Enum(
                "woman",
                "man",
                "other",
                name="gender",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_client_survey_count_amount_not_negative")),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["client_survey.id"], name=op.f("fk_client_survey_count_survey_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_survey_count")),
        sa.UniqueConstraint(
            "survey_id",
            "question",
            "answer",
            "gender",
            name=op.f("uq_client_survey_count_survey_id_question_answer_gender"),
        ),
    )
    with op.batch_alter_table("client_survey_count", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_client_survey_count_survey_id"), ["survey_id"], unique=False
        )

    op.create_table(
        "measure_definition",
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", sa.DateTime(), nullable=True),
        sa.Column("voided_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure_point_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("help_text", sa.String(length=1000), nullable=False),
        sa.Column(
            "frequency",
            sa.Enum(
                "week",
                "month",
                "quarter",
                "tertial",
                "half_year",
                "year",
                "own_periods",
                "when_it_happens",
                name="measure_frequency",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_days", sa.Integer(), nullable=False),
        sa.Column(
            "reporter",
            sa.Enum(
                "caseworker",
                "group_manager",
                "unit_manager",
                "developer",
                "controller",
                "reader",
                "admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column(
            "subject",
            sa.Enum(
                "own",
                "open_cases",
                "self_support_closings",
                "caseworkers",
                name="measure_subject",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "case_reference",
            sa.Enum(
                "none",
                "optional",
                "required",
                name="case_reference",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("with_gender", sa.Boolean(), nullable=False),
        sa.Column("number_label", sa.String(length=60), nullable=False),
        sa.Column("number_unit", sa.String(length=40), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=True),
        sa.Column(
            "feed",
            sa.Enum(
                "sum",
                "share_yes",
                "share_of_choice",
                "mean",
                name="measure_feed",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("feed_question", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(indicator_id IS NULL) = (feed IS NULL)",
            name=op.f("ck_measure_definition_feed_with_indicator"),
        ),
        sa.CheckConstraint(
            "due_days >= 0", name=op.f("ck_measure_definition_due_days_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_measure_definition_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["unit_group.id"], name=op.f("fk_measure_definition_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicator.id"], name=op.f("fk_measure_definition_indicator_id")
        ),
        sa.ForeignKeyConstraint(
            ["measure_point_id"],
            ["measure_point.id"],
            name=op.f("fk_measure_definition_measure_point_id"),
        ),
        sa.ForeignKeyConstraint(
            ["voided_by_id"], ["user_account.id"], name=op.f("fk_measure_definition_voided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_definition")),
    )
    with op.batch_alter_table("measure_definition", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_measure_definition_indicator_id"), ["indicator_id"], unique=False
        )
        batch_op.create_index(
            "ix_measure_definition_point",
            ["measure_point_id", "valid_from"],
            unique=False,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.create_table(
        "measure_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column(
            "counts",
            sa.Enum(
                "yes",
                "no",
                "left_out",
                name="choice_counts",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["definition_id"],
            ["measure_definition.id"],
            name=op.f("fk_measure_choice_definition_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_choice")),
        sa.UniqueConstraint(
            "definition_id", "position", name=op.f("uq_measure_choice_definition_id_position")
        ),
    )
    op.create_table(
        "measure_entry",
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", sa.DateTime(), nullable=True),
        sa.Column("voided_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("measure_point_id", sa.Integer(), nullable=False),
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("caseworker_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("measured_on", sa.Date(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column(
            "gender",
            sa.Enum(
                "woman",
                "man",
                "other",
                name="gender",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("none_to_report", sa.Boolean(), nullable=False),
        sa.Column("slot", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "period_end >= period_start", name=op.f("ck_measure_entry_period_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_measure_entry_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["caseworker_id"], ["caseworker.id"], name=op.f("fk_measure_entry_caseworker_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_measure_entry_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["definition_id"],
            ["measure_definition.id"],
            name=op.f("fk_measure_entry_definition_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["unit_group.id"], name=op.f("fk_measure_entry_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["measure_point_id"],
            ["measure_point.id"],
            name=op.f("fk_measure_entry_measure_point_id"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_measure_entry_unit_id")),
        sa.ForeignKeyConstraint(
            ["voided_by_id"], ["user_account.id"], name=op.f("fk_measure_entry_voided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_entry")),
    )
    with op.batch_alter_table("measure_entry", schema=None) as batch_op:
        batch_op.create_index(
            "ix_measure_entry_case",
            ["case_id"],
            unique=False,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )
        batch_op.create_index(
            "ix_measure_entry_caseworker",
            ["unit_id", "caseworker_id", "period_start"],
            unique=False,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )
        batch_op.create_index(
            "ix_measure_entry_point",
            ["measure_point_id", "measured_on"],
            unique=False,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )
        batch_op.create_index(
            "uq_measure_entry_slot",
            ["measure_point_id", "slot"],
            unique=True,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.create_table(
        "measure_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_id"],
            ["measure_definition.id"],
            name=op.f("fk_measure_question_definition_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_question")),
        sa.UniqueConstraint(
            "definition_id", "number", name=op.f("uq_measure_question_definition_id_number")
        ),
    )
    op.create_table(
        "measure_window",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.CheckConstraint("due_on >= starts_on", name=op.f("ck_measure_window_due_after_start")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_measure_window_end_after_start")),
        sa.ForeignKeyConstraint(
            ["definition_id"],
            ["measure_definition.id"],
            name=op.f("fk_measure_window_definition_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_window")),
        sa.UniqueConstraint(
            "definition_id", "starts_on", name=op.f("uq_measure_window_definition_id_starts_on")
        ),
    )
    op.create_table(
        "measure_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("question_number", sa.Integer(), nullable=False),
        sa.Column("choice_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["choice_id"], ["measure_choice.id"], name=op.f("fk_measure_answer_choice_id")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["measure_entry.id"], name=op.f("fk_measure_answer_entry_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_answer")),
        sa.UniqueConstraint(
            "entry_id", "question_number", name=op.f("uq_measure_answer_entry_id_question_number")
        ),
    )
    with op.batch_alter_table("measure_answer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_measure_answer_choice_id"), ["choice_id"], unique=False
        )


def downgrade() -> None:
    """Take the tables back to the version before."""
    new_areas = ", ".join(repr(area) for area in NEW_CODES[0][3])
    op.execute(f"DELETE FROM data_version WHERE area IN ({new_areas})")  # noqa: S608  (our own)
    for table, column, codes, new_codes in NEW_CODES:
        allow(table, column, codes + new_codes, codes)
    op.drop_column("child_impact_analysis", "author_id")
    with op.batch_alter_table("measure_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_measure_answer_choice_id"))

    op.drop_table("measure_answer")
    op.drop_table("measure_window")
    op.drop_table("measure_question")
    with op.batch_alter_table("measure_entry", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_measure_entry_slot",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_measure_entry_point",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_measure_entry_caseworker",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_measure_entry_case",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.drop_table("measure_entry")
    op.drop_table("measure_choice")
    with op.batch_alter_table("measure_definition", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_measure_definition_point",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_measure_definition_indicator_id"))

    op.drop_table("measure_definition")
    with op.batch_alter_table("client_survey_count", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_client_survey_count_survey_id"))

    op.drop_table("client_survey_count")
    with op.batch_alter_table("reminder_snooze", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_reminder_snooze_case",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.drop_table("reminder_snooze")
    with op.batch_alter_table("import_change", schema=None) as batch_op:
        batch_op.drop_index("ix_import_change_run")

    op.drop_table("import_change")
    with op.batch_alter_table("client_survey", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_client_survey_unit",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.drop_table("client_survey")
    with op.batch_alter_table("benefit_month", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_benefit_month_case",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_benefit_month_unit",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.drop_table("benefit_month")
    op.drop_table("measure_point")
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_import_run_unit",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.drop_table("import_run")
