"""County: margins out of a table of China's census by county."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from circlesim.errors import Faults, WorldError, did_you_mean
from circlesim.world.margins import OPEN, Margins, Span, margins_of

_CODE, _SAMPLE = "区划代码", "家庭户户数_长表"
_AGE = re.compile(r"([男女])_(\d+)(?:岁以上|到(\d+)岁|岁)")
_GENERATIONS = ("一代户数", "二代户数", "三代户数", "四代以上户数")
_NEEDED = (
    _CODE, "家庭户数", "家庭户人口数", "一人户数", *_GENERATIONS, "有65岁及以上老年人口的户数", "有一个老人",
    "有二个老人", _SAMPLE, "住房所在建筑有电梯", "拥有家用汽车",
)  # fmt: skip


def margins_of_county(path: str | os.PathLike[str], code: str) -> Margins:
    """
    Read the row of a county.

    Parameters
    ----------
    path : path
        CSV file in UTF-8 with the headings of the county table of the 2020 census, as in ``leiii/census``:
        ``男_0岁``, ``女_1到4岁``, …, ``家庭户数``, ``一人户数``, ``一代户数``, …, ``有一个老人``, ….
    code : str
        Code of the county (``区划代码``) such as ``"110108"``.

    Returns
    -------
    Margins
        Sex and age of all residents; family households by size (one, more), generations and elders of 65 and
        over; residents outside family households; lift and car, multiplied up from the long form, which asks one
        household in ten, as the notes say.

    Raises
    ------
    WorldError
        Listing the columns that are missing, or where there is no such county.
    """
    faults = Faults(f"{path}: no margins of county {code}", WorldError)
    row = _row(Path(path), str(code), faults)
    faults.raise_if_any()
    ages, number = list(_ages(row)), {name: _number(row[name], name, faults) for name in _NEEDED[1:-3]}
    people = [(span, _number(text, name, faults)) for span, name, text in ages]
    faults.raise_if_any()
    long_form, notes = _long_form(row, number["家庭户数"], faults)
    rows = [*_counts(people, number), *long_form]
    for margin, span, count in rows:
        if count < 0:
            faults.add("a count below 0", f"{path}, county {code}, {margin}", found=f"{span.low}: {count:,.0f}")
    faults.raise_if_any()
    return margins_of(rows, notes=notes)


def _counts(people: list[tuple[Span, float]], number: Mapping[str, float]) -> Iterator[tuple[str, Span, float]]:
    """Rows of everything that is asked of all."""
    homes, with_elders = number["家庭户数"], number["有65岁及以上老年人口的户数"]
    one, two = number["有一个老人"], number["有二个老人"]
    for span, count in people:
        yield "sex_age", span, count
    yield "living", Span(word="family"), number["家庭户人口数"]
    yield "living", Span(word="collective"), sum(count for _, count in people) - number["家庭户人口数"]
    yield "household_size", Span(low=1, high=1), number["一人户数"]
    yield "household_size", Span(low=2, high=OPEN), homes - number["一人户数"]
    for generations, name in enumerate(_GENERATIONS, start=1):
        yield "generations", _open(generations, 4), number[name]
    for elders, count in enumerate((homes - with_elders, one, two, with_elders - one - two)):
        yield "elders", _open(elders, 3), count


def _long_form(
    row: Mapping[str, str], homes: float, faults: Faults
) -> tuple[list[tuple[str, Span, float]], tuple[str, ...]]:
    """Lift and car, asked of a sample and multiplied up; left out where the table is empty."""
    rows: list[tuple[str, Span, float]] = []
    notes = []
    for margin, name in (("lift", "住房所在建筑有电梯"), ("car", "拥有家用汽车")):
        sample = _number(row[_SAMPLE], _SAMPLE, faults) if row[_SAMPLE] else 0.0
        if not row[name] or not sample > 0:
            notes.append(f"{margin} is left out: the table holds no count")
            continue
        share = _number(row[name], name, faults) / sample
        rows += [(margin, Span(word="yes"), homes * share), (margin, Span(word="no"), homes * (1.0 - share))]
        notes.append(
            f"{margin} is the share of {sample:,.0f} households of the long form times {homes:,.0f} households"
        )
    return rows, tuple(notes)


def _open(number: int, last: int) -> Span:
    return Span(low=number, high=OPEN if number == last else number)


def _row(path: Path, code: str, faults: Faults) -> Mapping[str, str]:
    """Row of the county; faults where the file is another one."""
    if not path.is_file():
        faults.add("no such file", str(path), expected="the county table of the census as CSV")
        return {}
    with path.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.DictReader(handle)
        names = reader.fieldnames or ()
        for name in _NEEDED:
            if name not in names:
                faults.add("missing column", path.name, expected=name, hint=did_you_mean(name, names))
        if not any(_AGE.fullmatch(name) for name in names):
            faults.add("no columns of sex and age", path.name, expected="男_0岁, 女_1到4岁, 男_85岁以上 and so on")
        if faults:
            return {}
        known = []
        for row in reader:
            if row[_CODE] == code:
                return row
            known.append(row[_CODE])
    faults.add("no such county", f"{path.name}, column {_CODE}", found=code, hint=did_you_mean(code, known))
    return {}


def _ages(row: Mapping[str, str]) -> Iterator[tuple[Span, str, str]]:
    """Category, heading and cell of each column of sex and age."""
    for name, text in row.items():
        found = _AGE.fullmatch(name)
        if found:
            low = int(found[2])
            high = OPEN if name.endswith("以上") else int(found[3] or low)
            yield Span(word="m" if found[1] == "男" else "f", low=low, high=high), name, text


def _number(text: str, where: str, faults: Faults) -> float:
    try:
        return float(text)
    except ValueError:
        faults.add("not a number", where, found=repr(text), expected="a count")
        return 0.0
