"""What a reader sees in twelve months of Start, Hushåll and Mål, and how it adds up."""

import datetime as dt
import html
import re

from core.rules.dates import add_months, last_twelve, month_end, month_start, tertial_of
from tests.core.rules.attack import WholeAttacker

START, HOUSEHOLDS = "overview/start.py", "follow_up/households.py"
MONTH_NAMES = {
    name: number
    for number, name in enumerate(
        [
            "januari",
            "februari",
            "mars",
            "april",
            "maj",
            "juni",
            "juli",
            "augusti",
            "september",
            "oktober",
            "november",
            "december",
        ],
        start=1,
    )
}
ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)


class View:
    """Every count seen, by what it counts; the same count must be shown alike wherever it stands."""

    def __init__(self):
        self.texts = {}
        self.sums = []

    def note(self, name, text):
        """Note how a count is shown."""
        plain = html.unescape(text).replace("\u202f", "").replace("–", "0").strip()
        if not re.fullmatch(r"\d+|<5|\.\.", plain):
            raise ValueError(f"{name}: {text!r}")
        assert self.texts.setdefault(name, plain) == plain, f"{name} is shown in two ways"

    def add_up(self, *parts, total):
        """Note that some counts add up to another, if all of them can be seen."""
        if all(name in self.texts for name in (*parts, *total)):
            self.sums.append((parts, total))

    def unseen(self, name):
        """Note a count that is not shown at all but stands in a sum."""
        self.texts.setdefault(name, "?")

    def told(self):
        """Return what somebody can tell too well, with the names of the counts."""
        told = []
        for sums in self._apart():
            names = sorted({name for both in sums for side in both for name in side}, key=str)
            place = {name: number for number, name in enumerate(names)}
            attacker = WholeAttacker(
                [self.texts[name] for name in names], [_signed(place, *both) for both in sums]
            )
            told += [
                re.sub(
                    r" at (\d+)", lambda match, names=names: f" at {names[int(match[1])]}", words
                )
                for words in attacker.told()
            ]
        return told

    def _apart(self):
        """Return the sums in the fewest parts that have no hidden count together."""
        parts = []
        for both in self.sums:
            hidden = {name for side in both for name in side if not self.texts[name].isdigit()}
            joined = [part for part in parts if part[0] & hidden]
            parts = [part for part in parts if not part[0] & hidden]
            parts.append(
                (
                    hidden.union(*(found for found, _ in joined)),
                    [both, *(s for _, of in joined for s in of)],
                )
            )
        return [sums for _, sums in parts]


def _signed(place, parts, total):
    found = {}
    for name, times in (*((n, 1) for n in parts), *((n, -1) for n in total)):
        found[place[name]] = found.get(place[name], 0) + times
    return found


def seen(open_page, reader, today, same_adults):
    """Return a view of the twelve months that ended before a day.

    `same_adults` are the months whose adults are also those by obstacle.
    """
    view = View()
    ends = last_twelve(month_start(today) - dt.timedelta(days=1))
    for on in ends:
        _households(view, open_page(HOUSEHOLDS, reader, per=on.isoformat()), on)
        _start(view, open_page(START, reader, per=on.isoformat()), on)
    _add_up(view, ends, same_adults)
    return view


def _start(view, at, on):
    assert not at.exception
    tiles = {metric.label: metric.value for metric in at.metric}
    month = next(name for name, number in MONTH_NAMES.items() if number == on.month)
    view.note(("stock", on), tiles["Hushåll"])
    view.note(("opened", on), tiles[f"In i {month}"])
    view.note(("closed", on), tiles[f"Ut i {month}"])
    words = "\n".join(part.value for part in at.markdown)
    referred = re.search(r"([\d\u202f]+|<5) remitterade till utredning", words)
    view.note(("referred", on), referred[1])
    current = re.search(r"small\[([\d\u202f]+|<5|\.\.) av ([\d\u202f]+|<5|\.\.)", words)
    if current:
        view.note(("current", on), current[1])
        view.note(("obliged", on), current[2])
    links = "\n".join(link.proto.label for link in at.get("page_link"))
    overdue = re.search(r": ([\d\u202f]+|<5)\] \*\*förändringsplan\w* försenad", links)
    if overdue:
        view.note(("overdue", on), overdue[1])


def _households(view, at, on):
    assert not at.exception
    for title, rows in filter(None, (_table(found.proto.body) for found in at.get("html"))):
        for start, note in TABLES.items():
            if title.startswith(start):
                note(view, rows, on)
    labels = {f"{word} {on.year}": name for word, name in MOVED.items()}
    for metric in at.metric:
        if metric.label in labels:
            view.note((f"{labels[metric.label]} so far", on), metric.value)
    words = "\n".join(part.value for part in at.markdown)
    whole = re.search(r"av ([\d\u202f]+|<5|\.\.) · mål högst", words)
    view.note(("all reasons", _tertial(on)), whole[1])


def _months(view, rows, _on):
    names = ("households", "women", "men", "other", "recipients", "adults", "children")
    for label, *cells in rows:
        word, year = label.split()
        day = month_end(dt.date(int(year), MONTH_NAMES[word], 1))
        for name, text in zip(names, cells, strict=False):
            view.note((name, day), text)


def _flow(view, rows, _on):
    for label, *cells in rows:
        day = month_end(dt.date.fromisoformat(f"{label}-01"))
        for name, text in zip(MOVED.values(), cells, strict=True):
            view.note((name, day), text)


def _obstacles(view, rows, on):
    for label, *cells in rows:
        for name, text in zip(("all", "shorter", "over"), cells, strict=True):
            view.note((f"obstacle {name}", on, label), text)


def _reasons(view, rows, on):
    for label, cases, _ in rows:
        view.note(("reason", _tertial(on), label), cases)


MOVED = {"Öppnade": "opened", "Remitterade": "referred", "Avslutade": "closed"}
TABLES = {
    "Hushåll per månad": _months,
    "Flöde per månad": _flow,
    "Vuxna efter försörjningshinder": _obstacles,
    "Avslutsorsaker": _reasons,
}


def _table(body):
    caption = re.search(r"<caption>(.*?)</caption>", body)
    if caption is None:
        return None
    rows = ROW.findall(body.partition("<tbody>")[2])
    return html.unescape(caption[1]), [CELL.findall(row) for row in rows]


def _tertial(on):
    tertial = tertial_of(on)
    return tertial.end if tertial.end <= on else tertial.start - dt.timedelta(days=1)


def _add_up(view, ends, same_adults):
    for on in ends:
        before = month_start(on) - dt.timedelta(days=1)
        view.add_up(("stock", before), ("opened", on), total=[("stock", on), ("closed", on)])
        view.add_up(("women", on), ("men", on), ("other", on), total=[("households", on)])
        view.add_up(("adults", on), ("children", on), total=[("recipients", on)])
        so_far = [month_end(add_months(month_start(on), -n)) for n in range(on.month)]
        for name in ("opened", "referred", "closed"):
            view.add_up(*((name, day) for day in so_far), total=[(f"{name} so far", on)])
        rows = [key[2] for key in view.texts if key[:2] == ("obstacle all", on)]
        for row in rows:
            parts = ("obstacle shorter", on, row), ("obstacle over", on, row)
            view.add_up(*parts, total=[("obstacle all", on, row)])
        if on in same_adults:
            view.add_up(*(("obstacle all", on, row) for row in rows), total=[("adults", on)])
        if ("overdue", on) in view.texts:
            view.unseen(("others without", on))
            plans = ("current", on), ("overdue", on), ("others without", on)
            view.add_up(*plans, total=[("obliged", on)])
    for end in {_tertial(on) for on in ends}:
        reasons = [key for key in view.texts if key[:2] == ("reason", end)]
        months = [("closed", month_end(add_months(month_start(end), -n))) for n in range(4)]
        view.add_up(*reasons, total=[("all reasons", end)])
        view.add_up(*months, total=[("all reasons", end)])
