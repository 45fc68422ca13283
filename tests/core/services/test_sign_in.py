"""Sessions that can be revoked, single-use tickets, and the delay after failed attempts."""

import datetime as dt

import bcrypt
import pytest
from sqlalchemy import event
from sqlmodel import select

from core import clock, db
from core.auth import Role
from core.models import Login, SignInThrottle, User
from core.queries import users as queries
from core.services import passwords, sign_in, users
from tests import factories as make
from tests import factories_accounts as accounts

IDLE = dt.timedelta(minutes=30)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Use bcrypt's cheapest work factor."""
    monkeypatch.setattr(passwords, "ROUNDS", 4)


@pytest.fixture
def later(monkeypatch):
    """Move the clock: `later(minutes=5)`, always from the real time at the test's start."""
    start = clock.now()

    def move(**time):
        monkeypatch.setattr(clock, "now", lambda: start + dt.timedelta(**time))

    return move


def visit_of(login_id=None, token=None, unit_slug=None):
    with db.read() as session:
        return queries.visit(
            session,
            login_id=login_id,
            token=token,
            unit_slug=unit_slug,
            now=clock.now(),
            idle=IDLE,
        )


@pytest.fixture
def user(store):
    """An account with a role in a unit."""
    with db.write() as session:
        return accounts.account(session, of=make.unit(session, slug="enheten"))


@pytest.fixture
def login(user):
    """An open session of the account: its id and its ticket."""
    with db.write() as session:
        return sign_in.open_session(session, user.id)


def redeem(ticket):
    with db.write() as session:
        return sign_in.redeem(session, ticket)


def test_an_open_session_tells_who_acts_in_which_role_and_unit(user, login):
    visit = visit_of(login[0])

    assert visit.actor.user_id == user.id
    assert visit.actor.role is Role.UNIT_MANAGER
    assert visit.unit_name is not None
    assert visit.username == user.username
    assert visit.has_cookie is False


def test_a_ticket_gives_a_token_once_and_the_token_opens_the_same_session(login):
    login_id, ticket = login
    token, seconds = redeem(ticket)

    assert 9.9 * 3600 < seconds <= 10 * 3600
    assert visit_of(token=token).login_id == login_id
    assert visit_of(login_id).has_cookie is True
    assert redeem(ticket) is None


def test_a_ticket_is_worth_nothing_after_sixty_seconds(login, later):
    later(seconds=61)

    assert redeem(login[1]) is None


def test_a_ticket_of_a_session_that_was_revoked_gives_nothing(login):
    with db.write() as session:
        sign_in.close_session(session, login[0])

    assert redeem(login[1]) is None


def test_only_hashes_of_token_and_ticket_are_kept(login):
    token, _ = redeem(login[1])
    with db.write() as session:
        row = session.exec(select(Login)).one()

    assert token not in str(row.model_dump())
    assert row.token_hash == queries.digest(token)
    assert row.ticket_hash is None


def test_no_session_is_found_without_an_id_or_with_an_unknown_token(login):
    assert visit_of() is None
    assert visit_of(token="gissad") is None
    assert visit_of(login_id=login[0] + 1) is None


def test_a_session_ends_when_nobody_has_clicked_for_half_an_hour(login, later):
    later(minutes=29, seconds=59)
    assert visit_of(login[0]) is not None
    later(minutes=30)
    assert visit_of(login[0]) is None


def test_a_click_puts_the_idle_limit_off_but_never_past_ten_hours(login, later):
    for minutes in range(29, 600, 29):
        later(minutes=minutes)
        assert visit_of(login[0]) is not None
        with db.write() as session:
            sign_in.seen(session, login[0])
    later(minutes=600)
    assert visit_of(login[0]) is None


def test_the_limits_follow_the_settings(user, monkeypatch, later):
    monkeypatch.setenv("RT_SESSION_HOURS", "1")
    with db.write() as session:
        login_id, _ = sign_in.open_session(session, user.id)
        sign_in.seen(session, login_id)
        expires_at = session.get(Login, login_id).expires_at

    assert expires_at - clock.now() <= dt.timedelta(hours=1)


def test_signing_out_ends_the_session_also_for_its_cookie(login):
    token, _ = redeem(login[1])
    with db.write() as session:
        sign_in.close_by_token(session, token)

    assert visit_of(login[0]) is None
    assert visit_of(token=token) is None


def test_closing_the_account_ends_its_sessions_and_opening_it_revives_none(user, login):
    with db.write() as session:
        users.disable(session, user.id, by=None)
    assert visit_of(login[0]) is None
    with db.write() as session:
        users.enable(session, user.id, by=None)
    assert visit_of(login[0]) is None


def test_an_account_that_is_closed_without_more_is_shut_out_too(user, login):
    with db.write() as session:
        session.get(User, user.id).active = False

    assert visit_of(login[0]) is None


def test_a_user_without_a_role_is_shut_out(store):
    with db.write() as session:
        login_id, _ = sign_in.open_session(session, make.user(session).id)

    assert visit_of(login_id) is None


def test_a_user_with_roles_in_two_units_acts_in_the_first_or_the_one_asked_for(user, login):
    with db.write() as session:
        second = make.unit(session, slug="andra")
        accounts.give_role(session, user, Role.READER, second)
        make.unit(session, slug="nagon-annans")

    assert visit_of(login[0]).actor.role is Role.UNIT_MANAGER
    assert visit_of(login[0], unit_slug="andra").actor.role is Role.READER
    assert visit_of(login[0], unit_slug="andra").actor.unit_id == second.id
    assert visit_of(login[0], unit_slug="nagon-annans").actor.role is Role.UNIT_MANAGER


def test_an_admin_acts_without_a_unit(store):
    with db.write() as session:
        admin = accounts.account(session, Role.ADMIN)
        login_id, _ = sign_in.open_session(session, admin.id)

    visit = visit_of(login_id, unit_slug="enheten")
    assert visit.actor.role is Role.ADMIN
    assert visit.actor.unit_id is None


def test_a_visit_is_read_in_one_statement(login):
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(db.engine(), "before_cursor_execute", note)
    visit_of(login[0])
    event.remove(db.engine(), "before_cursor_execute", note)

    assert len([statement for statement in seen if statement.startswith("SELECT")]) == 1


def attempt(username, address=None):
    with db.write() as session:
        return sign_in.begin(session, username, address)


def test_a_known_name_gives_its_own_hash_whatever_its_case_and_spaces(user):
    candidate = attempt(f" {user.username.upper()} ")

    assert candidate.user_id == user.id
    assert passwords.matches(accounts.PASSWORD, candidate.password_hash)


def test_an_unknown_and_a_closed_name_get_a_decoy_that_costs_the_same(user):
    with db.write() as session:
        session.get(User, user.id).active = False

    for name in ("finns-inte", user.username):
        candidate = attempt(name)
        assert candidate.user_id is None
        assert not passwords.matches(accounts.PASSWORD, candidate.password_hash)
        assert candidate.password_hash[:7] == user.password_hash[:7]


def test_the_delay_grows_after_the_free_attempts_and_stops_at_a_quarter_of_an_hour(user, later):
    waits, seconds = [], 0
    for _ in range(16):
        later(seconds=seconds)
        assert attempt(user.username).wait_seconds == 0
        waits.append(attempt(user.username).wait_seconds if len(waits) >= 4 else 0)
        seconds += waits[-1]

    assert waits[:4] == [0, 0, 0, 0]
    assert waits[4:] == [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]


def test_an_attempt_during_the_delay_neither_counts_nor_names_anybody(user):
    for _ in range(5):
        attempt(user.username)
    refused = [attempt(user.username) for _ in range(3)]

    assert {candidate.wait_seconds for candidate in refused} == {2}
    assert {candidate.user_id for candidate in refused} == {None}


def test_an_unknown_name_is_throttled_like_a_known_one(store):
    for _ in range(5):
        assert attempt("finns-inte").wait_seconds == 0
    assert attempt("finns-inte").wait_seconds == 2


def test_success_forgets_the_accounts_failures(user):
    for _ in range(5):
        attempt(user.username)
    with db.write() as session:
        sign_in.succeed(session, user.username, None)

    assert attempt(user.username).wait_seconds == 0


def test_failures_are_forgotten_after_an_hour(user, later):
    for _ in range(5):
        attempt(user.username)
    later(hours=1, seconds=1)
    attempt("nagon-annan")

    with db.write() as session:
        assert len(session.exec(select(SignInThrottle)).all()) == 1


def test_an_address_is_throttled_whatever_names_it_tries_but_far_later(store):
    for number in range(51):
        assert attempt(f"konto-{number}", "10.0.0.1").wait_seconds == 0
    assert attempt("ett-konto-till", "10.0.0.1").wait_seconds == 2
    assert attempt("ett-konto-till", "10.0.0.2").wait_seconds == 0


def test_success_takes_one_failure_off_the_address(user):
    for number in range(50):
        attempt(f"konto-{number}", "10.0.0.1")
    attempt(user.username, "10.0.0.1")
    with db.write() as session:
        sign_in.succeed(session, user.username, "10.0.0.1")

    assert attempt("ett-konto-till", "10.0.0.1").wait_seconds == 0


def test_the_throttle_keeps_no_name_and_no_address(user):
    attempt(user.username, "10.0.0.1")
    with db.write() as session:
        rows = session.exec(select(SignInThrottle)).all()

    assert {row.key_hash for row in rows} == {
        queries.digest(f"account:{user.username}"),
        queries.digest("address:10.0.0.1"),
    }


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("elva tecken", "Lösenordet ska ha minst 12 tecken."),
        ("tolv tecken!", None),
        ("å" * 36, None),
        ("a" * 72, None),
        ("a" * 73, "Lösenordet är för långt: högst 72 byte, det här har 73."),
        ("å" * 37, "Lösenordet är för långt: högst 72 byte, det här har 74."),
    ],
)
def test_a_new_password_has_twelve_characters_and_at_most_72_bytes(password, fault):
    found = passwords.fault(password)

    assert found is None if fault is None else found.startswith(fault)


def test_a_password_may_hold_spaces_and_is_the_same_from_any_keyboard(monkeypatch):
    kept = passwords.hashed("  å med mellanslag  ")

    assert passwords.matches("  a\u030a med mellanslag  ", kept)
    assert not passwords.matches("å med mellanslag", kept)


def test_a_password_over_72_bytes_never_matches_instead_of_failing():
    kept = bcrypt.hashpw(b"a" * 72, bcrypt.gensalt(4)).decode()

    assert passwords.matches("a" * 72, kept)
    assert not passwords.matches("a" * 73, kept)


def test_one_time_passwords_are_long_enough_and_never_the_same():
    made = {passwords.one_time() for _ in range(50)}

    assert len(made) == 50
    assert all(passwords.fault(password) is None for password in made)
