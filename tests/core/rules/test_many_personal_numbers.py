"""Twenty thousand personal identity numbers in every spelling are found; look-alikes are not."""

import datetime as dt
import random

import pytest
from personnummer import personnummer

from core.rules.personal_number import find_personal_number

HOW_MANY = 20_000
FIRST = dt.date(1925, 1, 1)
DAYS = (dt.date(2024, 12, 31) - FIRST).days
ZERO_WIDTH = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad")
LETTERS = "TRSUWXJKLMN"


def check_digit(nine):
    """Return the tenth digit: the one that makes the doubled sum end in 0."""
    total = 0
    for place, digit in enumerate(nine):
        value = int(digit) * (1 if place % 2 else 2)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def made_up(dice):
    """Return a number's century and ten digits; every other is a samordningsnummer.

    Every fourth serial begins with 1, so that a letter can stand for it.
    """
    born = FIRST + dt.timedelta(days=dice.randrange(DAYS))
    day = born.day + dice.choice([0, 60])
    serial = dice.choice([dice.randrange(1, 1000)] * 3 + [dice.randrange(100, 200)])
    nine = f"{born:%y%m}{day:02}{serial:03}"
    return f"{born:%Y}"[:2], nine + check_digit(nine)


def hidden(ten, dice):
    place = dice.randrange(1, 10)
    return ten[:place] + dice.choice(ZERO_WIDTH) + ten[place:]


def wide(ten):
    return "".join(chr(ord(digit) + 0xFEE0) for digit in ten)


def lettered(ten, dice):
    """Return it with a letter for the serial's first digit, which then counts as 1."""
    nine = f"{ten[:6]}1{ten[7:9]}"
    return f"{ten[:6]}-{dice.choice(LETTERS)}{ten[7:9]}{check_digit(nine)}"


SPELLINGS = {
    "ten digits": lambda _, t, __: t,
    "hyphen": lambda _, t, __: f"{t[:6]}-{t[6:]}",
    "plus": lambda _, t, __: f"{t[:6]}+{t[6:]}",
    "space": lambda _, t, __: f"{t[:6]} {t[6:]}",
    "century": lambda c, t, __: f"{c}{t}",
    "century and hyphen": lambda c, t, __: f"{c}{t[:6]}-{t[6:]}",
    "as a date": lambda c, t, __: f"{c}{t[:2]}-{t[2:4]}-{t[4:6]}-{t[6:]}",
    "dots": lambda c, t, __: f"{c}{t[:2]}.{t[2:4]}.{t[4:6]} {t[6:]}",
    "slashes": lambda _, t, __: f"{t[:2]}/{t[2:4]}/{t[4:6]} - {t[6:]}",
    "en dash": lambda _, t, __: f"{t[:6]}–{t[6:]}",
    "full-width digits": lambda _, t, __: wide(t),
    "zero-width character": lambda _, t, dice: hidden(t, dice),
    "letter in the serial": lambda _, t, dice: lettered(t, dice),
}


@pytest.fixture(scope="module")
def numbers():
    dice = random.Random(1985)
    return [made_up(dice) for _ in range(HOW_MANY)]


def test_the_numbers_are_valid_to_the_public_library(numbers):
    assert [ten for _, ten in numbers[::10] if not personnummer.valid(ten)] == []
    assert len({ten for _, ten in numbers}) > HOW_MANY * 0.99


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_number_is_found(numbers, spelling):
    dice = random.Random(spelling)
    write = SPELLINGS[spelling]
    written = [write(century, ten, dice) for century, ten in numbers]
    assert [text for text in written if find_personal_number(text) is None] == []


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_number_is_found_inside_a_sentence(numbers, spelling):
    dice = random.Random(spelling)
    write = SPELLINGS[spelling]
    written = [
        f"Ringde 24/5 kl. 13 ang. {write(century, ten, dice)}; 2 barn, se AF-0123."
        for century, ten in numbers[:1000]
    ]
    assert [text for text in written if find_personal_number(text) is None] == []


@pytest.mark.parametrize("spelling", ["ten digits", "hyphen", "century", "full-width digits"])
def test_a_wrong_check_digit_makes_it_no_number(numbers, spelling):
    write = SPELLINGS[spelling]
    wrong = [
        write(century, ten[:9] + str((int(ten[9]) + 1 + place % 9) % 10), None)
        for place, (century, ten) in enumerate(numbers[:2000])
    ]
    assert [text for text in wrong if find_personal_number(text) is not None] == []


LOOK_ALIKES = [
    # dates and times
    "2024-05-27",
    "20240527",
    "240527",
    "2024-05-27 13:45:10",
    "2024-05-27T13:45:10+02:00",
    "27 maj 2024 kl. 13.45",
    "2024-01-01–2024-12-31",
    "20240101-20241231",
    "240101-241231",
    "vecka 22 2024",
    "T1 2024, VB 2023",
    "2022-2026",
    # phone numbers
    "070-123 45 67",
    "073 765 43 21",
    "0701-23 45 67",
    "+46 70 123 45 67",
    "+46701234567",
    "0046701234567",
    "08-508 00 000",
    "08-12 34 56 78",
    "0771-567 567",
    "tel. 08 123 456 78, växel 08 123 00 00",
    # amounts
    "1 234 567,89 kr",
    "12 500 000 kr",
    "-1 250 000",
    "1234567890,50",
    "98765432,10",
    "1 200 kr/dygn i 31 dygn = 37 200 kr",
    "0,1234567891",
    # invoices, payments, accounts
    "Faktura 1000234567",
    "Faktura nr 2024-000123",
    "OCR 73500012345678",
    "OCR 1234 5678 9012 3456 7",
    "BG 5050-1055",
    "PG 49 67 00-7",
    "Bg 123-4567",
    "SE45 5000 0000 0583 9825 7466",
    "SE3550000000054910000003",
    "clearing 8327-9, konto 903 123 456-7",
    # organisations
    "556036-0793",
    "212000-0142",
    "202100-5489",
    "org.nr 556703-7485",
    "16556036-0793",
    "802002-4280",
    # references and versions
    "AF-0123",
    "EB-12345678",
    "PL-0042",
    "Dnr 2024/1234-5.1",
    "dnr SOC 2023-11-0456",
    "SoL 4 kap. 1 §, 2001:453",
    "SOSFS 2014:5",
    "1234567890123456",
    "123456-12345",
    "A4 210 x 297 mm",
    "192.168.100.200",
    "10.0.0.1:8501",
    "3.11.7, 2.1.9 och 0.0.50",
    "59.3293, 18.0686",
    "114 28 Stockholm",
    "0123456789",
    "1111111111",
    "9999999999",
    "0000000000",
    "000000-0000",
    "850709-0000",
    "853209-9805",
    "850799-9805",
    "850732-9805",
    "17850709-9805",
    "21850709-9805",
]


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_what_only_looks_like_a_number_is_accepted(text):
    assert find_personal_number(text) is None


def test_ordinary_numbers_are_accepted_whatever_their_digits():
    dice = random.Random(7)

    def digits(many):
        return "".join(str(dice.randrange(10)) for _ in range(many))

    texts = [
        text
        for _ in range(3000)
        for text in (
            f"07{digits(1)}-{digits(3)} {digits(2)} {digits(2)}",
            f"+46 7{digits(1)} {digits(3)} {digits(2)} {digits(2)}",
            f"08-{digits(3)} {digits(3)} {digits(2)}",
            f"AF-{digits(4)}",
            f"{dice.randrange(1, 999)} {digits(3)} {digits(3)},{digits(2)} kr",
            f"Faktura {dice.randrange(1, 10)}{digits(dice.choice([6, 7, 8, 10, 12, 13]))}",
            f"55{dice.randrange(20, 100)}{digits(2)}-{digits(4)}",
            str(FIRST + dt.timedelta(days=dice.randrange(DAYS))),
        )
    ]
    assert [text for text in texts if find_personal_number(text) is not None] == []
