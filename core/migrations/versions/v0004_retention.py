"""What removed cases leave behind, how long closed ones are kept, and each removal."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this version."""
    op.create_table(
        "retention_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("closed_through", sa.Date(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_retention_run_created_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_run")),
    )
    op.create_table(
        "retention_term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "months BETWEEN 6 AND 120", name=op.f("ck_retention_term_half_to_ten_years")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_retention_term_created_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_term")),
    )
    op.create_table(
        "retained_cost",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("kind_id", sa.Integer(), nullable=False),
        sa.Column("caseworker_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
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
        sa.Column("provider", sa.String(length=120), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["caseworker_id"], ["caseworker.id"], name=op.f("fk_retained_cost_caseworker_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["unit_group.id"], name=op.f("fk_retained_cost_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["kind_id"], ["placement_kind.id"], name=op.f("fk_retained_cost_kind_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_retained_cost_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retained_cost")),
    )
    with op.batch_alter_table("retained_cost", schema=None) as batch_op:
        batch_op.create_index("ix_retained_cost_known", ["unit_id", "known_on"], unique=False)

    op.create_table(
        "retained_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "kept",
            sa.Enum(
                "open",
                "adults",
                "children",
                "obstacle",
                "long_obstacle",
                "plan",
                "benefit",
                "long_term",
                "hotel",
                "end_passed",
                "review_overdue",
                "move",
                "closing",
                "deadline",
                "decision",
                "child",
                name="kept",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("caseworker_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
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
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["caseworker_id"], ["caseworker.id"], name=op.f("fk_retained_count_caseworker_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["unit_group.id"], name=op.f("fk_retained_count_group_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_retained_count_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retained_count")),
    )
    with op.batch_alter_table("retained_count", schema=None) as batch_op:
        batch_op.create_index("ix_retained_count_kept", ["unit_id", "kept", "day"], unique=False)


def downgrade() -> None:
    """Take the tables back to the version before. The figures of removed cases are lost."""
    with op.batch_alter_table("retained_count", schema=None) as batch_op:
        batch_op.drop_index("ix_retained_count_kept")

    op.drop_table("retained_count")
    with op.batch_alter_table("retained_cost", schema=None) as batch_op:
        batch_op.drop_index("ix_retained_cost_known")

    op.drop_table("retained_cost")
    op.drop_table("retention_term")
    op.drop_table("retention_run")
