"""Personal data: a resident table must not tell who somebody is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from circlesim.errors import Faults, did_you_mean
from circlesim.schema import RESIDENTS
from circlesim.world.sheet import Sheet

_NAMES = {
    "a name": "name full_name first_name last_name surname family_name given_name resident_name xingming "
    "姓名 名字 姓 户主 户主姓名 联系人",
    "an identity number": "id_card id_no id_number identity identity_number identity_card national_id passport "
    "passport_number ssn hukou shenfenzheng 身份证 身份证号 身份证号码 证件号 证件号码 公民身份号码 护照 护照号 "
    "社保号 医保号",
    "a phone number or an account": "phone phone_number telephone tel mobile_phone mobile_number cellphone cell "
    "email wechat weixin qq dianhua shouji 电话 电话号码 手机 手机号 手机号码 联系电话 联系方式 微信 微信号 邮箱",
    "an address": "address home_address street_address doorplate 地址 住址 家庭住址 门牌号",
}
_WORDS = {word.replace("_", ""): what for what, words in _NAMES.items() for word in words.split()}

_IDENTITY = re.compile(r"[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]")
_MOBILE = re.compile(r"(?:(?:\+|00)?86)?1[3-9]\d{9}")
_BETWEEN = re.compile(r"[\s\-‐-―.()（）'\"]")
_NUMBERS = ("node", "stop")
"""Columns whose cells may look like a mobile number: ids of nodes of OpenStreetMap have eleven digits."""


def personal_faults(sheet: Sheet, faults: Faults) -> bool:
    """
    Note columns that say who somebody is, without repeating what they hold.

    Parameters
    ----------
    sheet : Sheet
        ``residents.csv`` as text.
    faults : Faults
        Receives one fault a column.

    Returns
    -------
    bool
        True where there is one.

    Notes
    -----
    By heading: names, identity numbers, phones, accounts and addresses, in Chinese and English. By content, in any
    column: identity numbers of 18 digits (six of the place, the date of birth, three and a check digit; GB
    11643-1999) and mobile numbers of eleven digits from 13 to 19, with or without the prefix 86.
    """
    found = False
    for place, column in enumerate(sheet.header):
        what, row = _told(column, [cells[place] for cells in sheet.rows])
        if not what:
            continue
        found = True
        declared = column in RESIDENTS.names
        faults.add(
            f"holds {what}",
            f"{RESIDENTS.file}" + (f" row {row + 2}" if row >= 0 else "") + f", column {column}",
            found="not repeated here",
            expected="running numbers such as 1, 2, 3" if declared else "no such column",
            hint=""
            if declared
            else f'delete it, or have it passed over: [population] drop = ["{column}"] in world.toml',
        )
    return found


def _told(column: str, texts: Sequence[str]) -> tuple[str, int]:
    """What a column tells of a person, and the first row that does; -1 where its heading says so."""
    what = _WORDS.get(re.sub(r"[\W_]", "", column.lower()))
    if what:
        return what, -1
    for row, text in enumerate(texts):
        digits = _BETWEEN.sub("", text)
        if len(digits) >= 18 and _IDENTITY.fullmatch(digits):
            return "an identity number", row
        if column not in _NUMBERS and len(digits) >= 11 and _MOBILE.fullmatch(digits):
            return "a mobile phone number", row
    return "", -1


def without_columns(sheet: Sheet, drop: Sequence[str], faults: Faults) -> tuple[Sheet, tuple[str, ...]]:
    """
    Pass over columns as asked.

    Parameters
    ----------
    sheet : Sheet
        ``residents.csv`` as text.
    drop : sequence of str
        Headings, as written in the file.
    faults : Faults
        Receives headings that are not there.

    Returns
    -------
    tuple of (Sheet, tuple of str)
        The rest, and what was passed over.
    """
    for name in drop:
        if name not in sheet.header:
            hint = did_you_mean(name, sheet.header)
            where = "world.toml.population.drop"
            faults.add(
                f"no such column in {RESIDENTS.file}", where, found=name, expected="one of its headings", hint=hint
            )
    kept = [place for place, name in enumerate(sheet.header) if name not in drop]
    rows = tuple(tuple(row[place] for place in kept) for row in sheet.rows)
    dropped = tuple(name for name in sheet.header if name in drop)
    return replace(sheet, header=tuple(sheet.header[place] for place in kept), rows=rows), dropped
