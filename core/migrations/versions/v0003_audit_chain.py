"""The audit log is append-only and chained; the events that are there are taken into the chain."""

import datetime as dt

import sqlalchemy as sa
from alembic import op

from core import audit_files, clock
from core.rules.audit_chain import START, Entry, mac, seal

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_audit_event_at": ["at", "id"],
    "ix_audit_event_by": ["user_id", "at", "id"],
    "ix_audit_event_action": ["action", "at", "id"],
}
APPEND_ONLY = ("audit_event", "audit_link")
EVENT = sa.table(
    "audit_event",
    sa.column("id", sa.Integer),
    sa.column("at", sa.DateTime),
    sa.column("user_id", sa.Integer),
    sa.column("unit_id", sa.Integer),
    sa.column("action", sa.String),
    sa.column("entity", sa.String),
    sa.column("entity_id", sa.Integer),
    sa.column("details", sa.JSON),
    sa.column("undoes_id", sa.Integer),
    sa.column("submit_key", sa.String),
)
LINK = sa.table(
    "audit_link",
    sa.column("sequence", sa.Integer),
    sa.column("event_id", sa.Integer),
    sa.column("chain_mac", sa.String),
)
HEAD = sa.table(
    "audit_head",
    sa.column("id", sa.Integer),
    sa.column("sequence", sa.Integer),
    sa.column("chain_mac", sa.String),
    sa.column("day", sa.Date),
    sa.column("seal_mac", sa.String),
)


def upgrade() -> None:
    """Bring the tables to this version."""
    op.create_table(
        "audit_link",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("chain_mac", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["audit_event.id"], name=op.f("fk_audit_link_event_id")
        ),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_audit_link")),
        sa.UniqueConstraint("event_id", name=op.f("uq_audit_link_event_id")),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("chain_mac", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("seal_mac", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    for name, columns in INDEXES.items():
        op.create_index(name, "audit_event", columns)
    _take_into_chain(op.get_bind())
    _set_triggers(op.get_bind().dialect.name)


def downgrade() -> None:
    """Take the tables back to the version before."""
    _take_triggers_away(op.get_bind().dialect.name)
    for name in INDEXES:
        op.drop_index(name, "audit_event")
    op.drop_table("audit_head")
    op.drop_table("audit_link")


def _take_into_chain(connection: sa.Connection) -> None:
    """Chain the events that were written before there was a chain, and say so in one of its own.

    The chain vouches for them from now on: nobody can tell what happened to them before.
    """
    key = audit_files.make_key()
    count = connection.scalar(sa.select(sa.func.count()).select_from(EVENT))
    if count:
        connection.execute(
            EVENT.insert().values(
                at=clock.now().replace(tzinfo=None),
                action="start_chain",
                entity="store",
                entity_id=1,
                details={"events": count},
            )
        )
    last, links = START, []
    events = connection.execute(sa.select(EVENT).order_by(EVENT.c.id)).mappings()
    for sequence, event in enumerate(events, 1):
        entry = Entry(**{**event, "at": event["at"].replace(tzinfo=dt.UTC)})
        last = mac(key, sequence, last, entry)
        links.append({"sequence": sequence, "event_id": entry.id, "chain_mac": last})
    if links:
        connection.execute(LINK.insert(), links)
    day = clock.now().astimezone(clock.STOCKHOLM).date()
    sealed = seal(key, len(links), last, day)
    connection.execute(
        HEAD.insert().values(id=1, sequence=len(links), chain_mac=last, day=day, seal_mac=sealed)
    )


REFUSED = "The audit log is append-only"
# Each trigger's name, table, when it is called and on which condition. INSERT OR REPLACE would take
# a row away without calling the triggers on DELETE, so it has its own.
SQLITE = (
    ("audit_event_no_update", "audit_event", "UPDATE", "1"),
    ("audit_event_no_delete", "audit_event", "DELETE", "1"),
    (
        "audit_event_no_replace",
        "audit_event",
        "INSERT",
        "NEW.id IN (SELECT id FROM audit_event)",
    ),
    ("audit_link_no_update", "audit_link", "UPDATE", "1"),
    ("audit_link_no_delete", "audit_link", "DELETE", "1"),
    (
        "audit_link_no_replace",
        "audit_link",
        "INSERT",
        "NEW.sequence IN (SELECT sequence FROM audit_link)",
    ),
    ("audit_head_onward", "audit_head", "UPDATE", "NEW.sequence <= OLD.sequence OR NEW.id <> 1"),
    ("audit_head_no_delete", "audit_head", "DELETE", "1"),
    ("audit_head_no_replace", "audit_head", "INSERT", "EXISTS (SELECT 1 FROM audit_head)"),
)
POSTGRESQL = (
    ("audit_event_append_only", "audit_event", "UPDATE OR DELETE OR TRUNCATE", "STATEMENT"),
    ("audit_link_append_only", "audit_link", "UPDATE OR DELETE OR TRUNCATE", "STATEMENT"),
    ("audit_head_no_delete", "audit_head", "DELETE OR TRUNCATE", "STATEMENT"),
    (
        "audit_head_onward",
        "audit_head",
        "UPDATE",
        "ROW WHEN (NEW.sequence <= OLD.sequence OR NEW.id <> 1)",
    ),
)


def _set_triggers(dialect: str) -> None:
    if dialect == "sqlite":
        for name, table, verb, condition in SQLITE:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"
    )
    for name, table, verb, each in POSTGRESQL:
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH {each} "
            "EXECUTE FUNCTION audit_append_only()"
        )


def _take_triggers_away(dialect: str) -> None:
    if dialect == "sqlite":
        for name, *_ in SQLITE:
            op.execute(f"DROP TRIGGER {name}")
        return
    for name, table, *_ in POSTGRESQL:
        op.execute(f"DROP TRIGGER {name} ON {table}")
    op.execute("DROP FUNCTION audit_append_only()")
