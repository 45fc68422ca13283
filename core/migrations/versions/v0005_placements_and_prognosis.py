"""Walk-throughs, scenarios, the ledger, prognosis rounds and the action plan."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Written out: SQLite adds and drops a column with its own check in place, without a new table.
NEW_COLUMNS = (
    ("outcome", "from_ledger", "BOOLEAN DEFAULT false NOT NULL"),
    ("placement", "legal_name", "VARCHAR(60) DEFAULT '' NOT NULL"),
    ("placement_decision", "contract_name", "VARCHAR(60) DEFAULT '' NOT NULL"),
    (
        "placement_decision",
        "reason",
        (
            "VARCHAR(40) CONSTRAINT ck_placement_decision_decision_reason CHECK (reason IN "
            "('new', 'extension', 'shortening', 'new_provider', 'new_contract', 'new_rate', "
            "'ended', 'reopened', 'other'))"
        ),
    ),
    ("placement_kind", "active", "BOOLEAN DEFAULT true NOT NULL"),
    ("placement_kind", "is_temporary", "BOOLEAN DEFAULT false NOT NULL"),
    ("placement_kind", "version", "INTEGER DEFAULT 1 NOT NULL"),
)


def upgrade() -> None:
    """Bring the tables to this version."""
    op.create_table(
        "column_mapping",
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
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_column_mapping_created_by_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_column_mapping_unit_id")),
        sa.ForeignKeyConstraint(
            ["voided_by_id"], ["user_account.id"], name=op.f("fk_column_mapping_voided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_column_mapping")),
        sa.UniqueConstraint("unit_id", "kind", name=op.f("uq_column_mapping_unit_id_kind")),
    )
    op.create_table(
        "ledger_mapping",
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", sa.DateTime(), nullable=True),
        sa.Column("voided_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=20), nullable=False),
        sa.Column("cost_centre", sa.String(length=20), nullable=False),
        sa.Column("activity", sa.String(length=20), nullable=False),
        sa.Column("section", sa.String(length=80), nullable=False),
        sa.Column("line", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_ledger_mapping_created_by_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_ledger_mapping_unit_id")),
        sa.ForeignKeyConstraint(
            ["voided_by_id"], ["user_account.id"], name=op.f("fk_ledger_mapping_voided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_mapping")),
    )
    with op.batch_alter_table("ledger_mapping", schema=None) as batch_op:
        batch_op.create_index(
            "uq_ledger_mapping",
            ["unit_id", "account", "cost_centre", "activity"],
            unique=True,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.create_table(
        "placement_term",
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", sa.DateTime(), nullable=True),
        sa.Column("voided_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "dimension",
            sa.Enum(
                "legal_basis",
                "contract",
                name="placement_dimension",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("counts_as", sa.String(length=40), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_placement_term_created_by_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_placement_term_unit_id")),
        sa.ForeignKeyConstraint(
            ["voided_by_id"], ["user_account.id"], name=op.f("fk_placement_term_voided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_term")),
    )
    with op.batch_alter_table("placement_term", schema=None) as batch_op:
        batch_op.create_index(
            "uq_placement_term_name",
            ["unit_id", "dimension", "name"],
            unique=True,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.create_table(
        "prognosis_round",
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", sa.DateTime(), nullable=True),
        sa.Column("voided_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "submitted",
                "approved",
                name="round_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("manager_comment", sa.String(length=1000), nullable=False),
        sa.Column("approved_at", sa.DateTime(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_prognosis_round_number_from_one")),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["user_account.id"], name=op.f("fk_prognosis_round_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_prognosis_round_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"],
            ["user_account.id"],
            name=op.f("fk_prognosis_round_submitted_by_id"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_prognosis_round_unit_id")),
        sa.ForeignKeyConstraint(
            ["voided_by_id"], ["user_account.id"], name=op.f("fk_prognosis_round_voided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prognosis_round")),
    )
    with op.batch_alter_table("prognosis_round", schema=None) as batch_op:
        batch_op.create_index(
            "uq_prognosis_round",
            ["unit_id", "month", "number"],
            unique=True,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.create_table(
        "round_limits",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("deviation", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "deviation >= 0 AND change >= 0", name=op.f("ck_round_limits_limits_not_negative")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_round_limits_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_round_limits")),
    )
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_saved_view_unit_id")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_saved_view_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint(
            "user_id",
            "unit_id",
            "page",
            "name",
            name=op.f("uq_saved_view_user_id_unit_id_page_name"),
        ),
    )
    op.create_table(
        "scenario",
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", sa.DateTime(), nullable=True),
        sa.Column("voided_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_scenario_created_by_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_scenario_unit_id")),
        sa.ForeignKeyConstraint(
            ["voided_by_id"], ["user_account.id"], name=op.f("fk_scenario_voided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario")),
    )
    with op.batch_alter_table("scenario", schema=None) as batch_op:
        batch_op.create_index(
            "uq_scenario_name",
            ["unit_id", "year", "name"],
            unique=True,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.create_table(
        "driver_assumption",
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", sa.DateTime(), nullable=True),
        sa.Column("voided_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_driver_assumption_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["budget_line.id"], name=op.f("fk_driver_assumption_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["voided_by_id"], ["user_account.id"], name=op.f("fk_driver_assumption_voided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_driver_assumption")),
    )
    with op.batch_alter_table("driver_assumption", schema=None) as batch_op:
        batch_op.create_index(
            "ix_driver_assumption_line",
            ["line_id", "decided_on"],
            unique=False,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.create_table(
        "ledger_row",
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", sa.DateTime(), nullable=True),
        sa.Column("voided_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("account", sa.String(length=20), nullable=False),
        sa.Column("cost_centre", sa.String(length=20), nullable=False),
        sa.Column("activity", sa.String(length=20), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "booked_on >= month", name=op.f("ck_ledger_row_booked_after_month_began")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_ledger_row_created_by_id")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["import_run.id"], name=op.f("fk_ledger_row_run_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_ledger_row_unit_id")),
        sa.ForeignKeyConstraint(
            ["voided_by_id"], ["user_account.id"], name=op.f("fk_ledger_row_voided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_row")),
    )
    with op.batch_alter_table("ledger_row", schema=None) as batch_op:
        batch_op.create_index(
            "ix_ledger_row_month",
            ["unit_id", "month", "account", "cost_centre", "activity"],
            unique=False,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_ledger_row_run_id"), ["run_id"], unique=False)

    op.create_table(
        "one_off_item",
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", sa.DateTime(), nullable=True),
        sa.Column("voided_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "state_grant",
                "one_off",
                name="one_off_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_one_off_item_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["budget_line.id"], name=op.f("fk_one_off_item_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["voided_by_id"], ["user_account.id"], name=op.f("fk_one_off_item_voided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_off_item")),
    )
    with op.batch_alter_table("one_off_item", schema=None) as batch_op:
        batch_op.create_index(
            "ix_one_off_item_line",
            ["line_id", "month"],
            unique=False,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.create_table(
        "savings_measure",
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", sa.DateTime(), nullable=True),
        sa.Column("voided_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("monthly_effect", sa.BigInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "not_started",
                "ongoing",
                "done",
                "cancelled",
                name="activity_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_savings_measure_end_after_start")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_savings_measure_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["budget_line.id"], name=op.f("fk_savings_measure_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["voided_by_id"], ["user_account.id"], name=op.f("fk_savings_measure_voided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_savings_measure")),
    )
    with op.batch_alter_table("savings_measure", schema=None) as batch_op:
        batch_op.create_index(
            "ix_savings_measure_line",
            ["line_id"],
            unique=False,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.create_table(
        "walk_through",
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", sa.DateTime(), nullable=True),
        sa.Column("voided_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("queue", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_walk_through_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["unit_group.id"], name=op.f("fk_walk_through_group_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_walk_through_unit_id")),
        sa.ForeignKeyConstraint(
            ["voided_by_id"], ["user_account.id"], name=op.f("fk_walk_through_voided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_walk_through")),
    )
    with op.batch_alter_table("walk_through", schema=None) as batch_op:
        batch_op.create_index(
            "ix_walk_through_unit",
            ["unit_id", "held_on"],
            unique=False,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.create_table(
        "placement_plan",
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", sa.DateTime(), nullable=True),
        sa.Column("voided_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("purpose", sa.String(length=300), nullable=False),
        sa.Column("plan_after", sa.String(length=300), nullable=False),
        sa.Column("housing_plan", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_placement_plan_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_placement_plan_placement_id")
        ),
        sa.ForeignKeyConstraint(
            ["voided_by_id"], ["user_account.id"], name=op.f("fk_placement_plan_voided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_plan")),
    )
    with op.batch_alter_table("placement_plan", schema=None) as batch_op:
        batch_op.create_index(
            "ix_placement_plan_placement",
            ["placement_id", "noted_on"],
            unique=False,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.create_table(
        "prognosis_round_line",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("budget", sa.BigInteger(), nullable=False),
        sa.Column("outcome_to_date", sa.BigInteger(), nullable=True),
        sa.Column("before", sa.BigInteger(), nullable=True),
        sa.Column("run_rate", sa.BigInteger(), nullable=True),
        sa.Column("last_year_pattern", sa.BigInteger(), nullable=True),
        sa.Column("bottom_up", sa.BigInteger(), nullable=True),
        sa.Column("driver", sa.BigInteger(), nullable=True),
        sa.Column(
            "method",
            sa.Enum(
                "run_rate",
                "last_year_pattern",
                "bottom_up",
                "driver",
                name="prognosis_method",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("comment", sa.String(length=500), nullable=False),
        sa.Column("manager_comment", sa.String(length=500), nullable=False),
        sa.Column("prognosis_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["line_id"], ["budget_line.id"], name=op.f("fk_prognosis_round_line_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["prognosis_id"], ["prognosis.id"], name=op.f("fk_prognosis_round_line_prognosis_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["prognosis_round.id"], name=op.f("fk_prognosis_round_line_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prognosis_round_line")),
        sa.UniqueConstraint(
            "round_id", "line_id", name=op.f("uq_prognosis_round_line_round_id_line_id")
        ),
    )
    with op.batch_alter_table("prognosis_round_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_prognosis_round_line_line_id"), ["line_id"], unique=False
        )

    op.create_table(
        "savings_follow_up",
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", sa.DateTime(), nullable=True),
        sa.Column("voided_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("effect", sa.BigInteger(), nullable=False),
        sa.Column("comment", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_savings_follow_up_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["savings_measure.id"], name=op.f("fk_savings_follow_up_measure_id")
        ),
        sa.ForeignKeyConstraint(
            ["voided_by_id"], ["user_account.id"], name=op.f("fk_savings_follow_up_voided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_savings_follow_up")),
    )
    with op.batch_alter_table("savings_follow_up", schema=None) as batch_op:
        batch_op.create_index(
            "uq_savings_follow_up",
            ["measure_id", "month"],
            unique=True,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.create_table(
        "scenario_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "move_end",
                "set_rate",
                "end",
                "replace",
                "add",
                name="scenario_step",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.Column("placement_version", sa.Integer(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("kind_id", sa.Integer(), nullable=True),
        sa.Column(
            "contract",
            sa.Enum(
                "framework",
                "individual",
                "in_house",
                "lov",
                name="contract",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.CheckConstraint(
            "(placement_id IS NULL) = (step = 'add')",
            name=op.f("ck_scenario_change_added_or_known"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_scenario_change_amount_positive")),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_scenario_change_to_after_from")),
        sa.ForeignKeyConstraint(
            ["kind_id"], ["placement_kind.id"], name=op.f("fk_scenario_change_kind_id")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_scenario_change_placement_id")
        ),
        sa.ForeignKeyConstraint(
            ["scenario_id"], ["scenario.id"], name=op.f("fk_scenario_change_scenario_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario_change")),
        sa.UniqueConstraint(
            "scenario_id", "position", name=op.f("uq_scenario_change_scenario_id_position")
        ),
    )
    op.create_table(
        "walk_through_item",
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", sa.DateTime(), nullable=True),
        sa.Column("voided_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("walk_through_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "continue",
                "end",
                "change",
                "investigate",
                name="walk_through_outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("next_step", sa.String(length=300), nullable=False),
        sa.Column("responsible", sa.String(length=120), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("full_year_before", sa.BigInteger(), nullable=False),
        sa.Column("full_year_after", sa.BigInteger(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("review_id", sa.Integer(), nullable=True),
        sa.Column("rate_id", sa.Integer(), nullable=True),
        sa.Column("replaced_rate_id", sa.Integer(), nullable=True),
        sa.Column("months", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_walk_through_item_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["placement_decision.id"],
            name=op.f("fk_walk_through_item_decision_id"),
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_walk_through_item_placement_id")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["placement_review.id"], name=op.f("fk_walk_through_item_review_id")
        ),
        sa.ForeignKeyConstraint(
            ["rate_id"], ["day_rate.id"], name=op.f("fk_walk_through_item_rate_id")
        ),
        sa.ForeignKeyConstraint(
            ["replaced_rate_id"],
            ["day_rate.id"],
            name=op.f("fk_walk_through_item_replaced_rate_id"),
        ),
        sa.ForeignKeyConstraint(
            ["voided_by_id"], ["user_account.id"], name=op.f("fk_walk_through_item_voided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["walk_through_id"],
            ["walk_through.id"],
            name=op.f("fk_walk_through_item_walk_through_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_walk_through_item")),
    )
    with op.batch_alter_table("walk_through_item", schema=None) as batch_op:
        batch_op.create_index(
            "ix_walk_through_item_placement",
            ["placement_id"],
            unique=False,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )
        batch_op.create_index(
            "uq_walk_through_item",
            ["walk_through_id", "placement_id"],
            unique=True,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.create_table(
        "year_result",
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", sa.DateTime(), nullable=True),
        sa.Column("voided_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("source_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_year_result_created_by_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_year_result_unit_id")),
        sa.ForeignKeyConstraint(
            ["voided_by_id"], ["user_account.id"], name=op.f("fk_year_result_voided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_year_result")),
    )
    with op.batch_alter_table("year_result", schema=None) as batch_op:
        batch_op.create_index(
            "uq_year_result",
            ["unit_id", "year"],
            unique=True,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    for table, name, kind in NEW_COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")


def downgrade() -> None:
    """Take the tables back to the version before."""
    for table, name, _ in reversed(NEW_COLUMNS):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
    with op.batch_alter_table("year_result", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_year_result",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.drop_table("year_result")
    with op.batch_alter_table("walk_through_item", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_walk_through_item",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_walk_through_item_placement",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.drop_table("walk_through_item")
    op.drop_table("scenario_change")
    with op.batch_alter_table("savings_follow_up", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_savings_follow_up",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.drop_table("savings_follow_up")
    with op.batch_alter_table("prognosis_round_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_prognosis_round_line_line_id"))

    op.drop_table("prognosis_round_line")
    with op.batch_alter_table("placement_plan", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_placement_plan_placement",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.drop_table("placement_plan")
    with op.batch_alter_table("walk_through", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_walk_through_unit",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.drop_table("walk_through")
    with op.batch_alter_table("savings_measure", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_savings_measure_line",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.drop_table("savings_measure")
    with op.batch_alter_table("one_off_item", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_one_off_item_line",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.drop_table("one_off_item")
    with op.batch_alter_table("ledger_row", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_row_run_id"))
        batch_op.drop_index(
            "ix_ledger_row_month",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.drop_table("ledger_row")
    with op.batch_alter_table("driver_assumption", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_driver_assumption_line",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.drop_table("driver_assumption")
    with op.batch_alter_table("scenario", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_scenario_name",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.drop_table("scenario")
    op.drop_table("saved_view")
    op.drop_table("round_limits")
    with op.batch_alter_table("prognosis_round", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_prognosis_round",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.drop_table("prognosis_round")
    with op.batch_alter_table("placement_term", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_placement_term_name",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.drop_table("placement_term")
    with op.batch_alter_table("ledger_mapping", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_ledger_mapping",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.drop_table("ledger_mapping")
    op.drop_table("column_mapping")
