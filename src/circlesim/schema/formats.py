"""Table of further formats: what a user may add to those of the catalogue, in a file."""

from __future__ import annotations

from dataclasses import replace

from circlesim.schema.column import Column, Kind, Table
from circlesim.schema.tables import FACILITIES

_LIKE = "the format named in `like`"
_YUAN = "yuan"


def _as_outlet(name: str, of: str = "", unit: str = "") -> Column:
    """The column of an outlet as the default of a format: same kind and range."""
    column = FACILITIES.column(of or name)
    return replace(
        column, name=name, unit=unit or column.unit, filled_from=_LIKE, default=None, policy_may_change=False
    )


def _own(name: str, kind: Kind, sentence: str, **more: object) -> Column:
    return Column(name=name, kind=kind, sentence=sentence, default=None, filled_from=_LIKE, **more)  # type: ignore[arg-type]


FORMAT_TABLE = Table(
    file="formats.csv",
    sentence="A format (业态) besides those of the catalogue, or one of them said anew.",
    columns=(
        Column(name="format", kind="id", sentence="Id: small letters, digits and underscores."),
        Column(name="zh", kind="text", sentence="Name in Chinese."),
        Column(name="en", kind="text", sentence="Name in English."),
        Column(
            name="replaces",
            kind="flag",
            default=0,
            sentence="1 where it takes the place of the format of the same id; 0 for a new one.",
        ),
        Column(
            name="like",
            kind="text",
            default="",
            sentence="A known format that answers for every cell left empty; without it every column is needed.",
        ),
        _own("class", "choice", "Class of the plan.", choices=("basic", "quality", "care")),
        _own("band_min", "number", "Walking band.", unit="min", above=0, high=60),
        replace(_as_outlet("services"), sentence="What residents may get there; none for nothing modelled."),
        _as_outlet("hours"),
        _as_outlet("servers"),
        _as_outlet("service_min"),
        _as_outlet("queue_limit"),
        _as_outlet("price_level"),
        _as_outlet("quality"),
        _as_outlet("variety"),
        _as_outlet("payment_mode"),
        _as_outlet("takes_card"),
        _as_outlet("staffed"),
        _as_outlet("self_service"),
        _as_outlet("step_free"),
        _as_outlet("chain"),
        _as_outlet("walk_in"),
        _as_outlet("delivery"),
        _as_outlet("delivery_radius_m"),
        _as_outlet("delivery_min"),
        _as_outlet("delivery_fee_yuan", "delivery_fee", _YUAN),
        _as_outlet("delivery_basket_yuan", "delivery_basket", _YUAN),
        _as_outlet("seats"),
        _as_outlet("places"),
        _as_outlet("home_visits"),
        _as_outlet("rent_yuan_month", "rent_month", _YUAN),
        _as_outlet("staff"),
        _as_outlet("margin"),
        _as_outlet("area_m2"),
        Column(
            name="capital_yuan",
            kind="number",
            unit=_YUAN,
            low=0,
            high=1e9,
            default=None,
            filled_from=f"{_LIKE}, or the published mean investment of an outlet by floor area",
            sentence="What it takes to set one up.",
        ),
        Column(name="source", kind="text", sentence="Where the numbers come from."),
        Column(
            name="grade",
            kind="choice",
            choices=("A", "B", "C", "D"),
            sentence="Confidence: A official or peer-reviewed, B derived, C small or old, D assumption.",
        ),
    ),
)
"""The catalogue's own columns, and three that only a user's file needs: `replaces`, `like` and `capital_yuan`."""
