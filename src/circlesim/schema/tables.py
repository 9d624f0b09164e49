"""Tables of the world folder; words that are data of a higher floor are filled in by the reader."""

from __future__ import annotations

from circlesim.schema.column import Column, Kind, Table

_FORMAT = "the catalogue row of its format"
_RATES = "the catalogue's need rates by age"

NODES = Table(
    file="nodes.csv",
    sentence="A place where streets meet, or where a home or an outlet stands.",
    columns=(
        Column(name="node", kind="int", low=0, sentence="Node number; stands once."),
        Column(name="x_m", kind="number", unit="m", sentence="East position in the world's projected frame."),
        Column(name="y_m", kind="number", unit="m", sentence="North position in the world's projected frame."),
        Column(name="lon", kind="number", unit="degrees", low=-180, high=180, sentence="Longitude, WGS-84."),
        Column(name="lat", kind="number", unit="degrees", low=-90, high=90, sentence="Latitude, WGS-84."),
    ),
)

EDGES = Table(
    file="edges.csv",
    sentence="A street or path that can be walked both ways.",
    columns=(
        Column(name="from_node", kind="int", low=0, sentence="Node at one end."),
        Column(name="to_node", kind="int", low=0, sentence="Node at the other end."),
        Column(
            name="length_m",
            kind="number",
            unit="m",
            above=0,
            high=100_000,
            sentence="Length along the street.",
        ),
        Column(name="slope", kind="number", low=0, high=1, default=0.0, sentence="Rise over length, either way."),
        Column(name="steps", kind="flag", default=0, sentence="A flight of steps."),
        Column(name="kerbs", kind="int", low=0, high=200, default=0, sentence="Kerbs on it without a ramp."),
        Column(
            name="gate",
            kind="text",
            default="",
            sentence="Name of a gate across it, at the end with the smaller node id; streets may share one.",
        ),
        Column(
            name="locked",
            kind="flag",
            default=0,
            sentence="Locked: nobody passes.",
            policy_may_change=True,
        ),
    ),
)


def _fact(name: str, kind: Kind, sentence: str, **more: object) -> Column:
    """Declare a fact of an outlet: its format answers where the file does not, and a policy may change it."""
    return Column(
        name=name,
        kind=kind,
        sentence=sentence,
        default=None,
        filled_from=_FORMAT,
        policy_may_change=True,
        **more,  # type: ignore[arg-type]
    )


FACILITIES = Table(
    file="facilities.csv",
    sentence="An outlet.",
    columns=(
        Column(name="facility", kind="id", sentence="Stable id; never reused."),
        Column(
            name="node",
            kind="int",
            low=0,
            default=-1,
            sentence="Node it stands on; or give lon and lat.",
            policy_may_change=True,
        ),
        Column(
            name="lon",
            kind="number",
            unit="degrees",
            low=-180,
            high=180,
            default=float("nan"),
            sentence="Longitude, WGS-84; joined to the nearest street.",
            policy_may_change=True,
        ),
        Column(
            name="lat",
            kind="number",
            unit="degrees",
            low=-90,
            high=90,
            default=float("nan"),
            sentence="Latitude, WGS-84; joined to the nearest street.",
            policy_may_change=True,
        ),
        Column(name="format", kind="choice", sentence="What it is.", policy_may_change=True),
        _fact("services", "set", "What residents may get there."),
        Column(name="name", kind="text", default="", sentence="Name on the sign.", policy_may_change=True),
        _fact("hours", "hours", "Opening hours in the OSM syntax."),
        _fact("servers", "int", "People, seats, places or beds that serve at once.", low=1, high=100_000),
        _fact(
            "service_min",
            "number",
            "Mean time a server needs for one customer.",
            unit="min",
            above=0,
            high=1440,
        ),
        _fact(
            "queue_limit",
            "int",
            "Most people who may wait; 0 turns away when busy, -1 has no limit.",
            low=-1,
            high=100_000,
        ),
        _fact("price_level", "number", "Price over the reference price of the same basket.", above=0, high=100),
        _fact("quality", "number", "Service quality.", low=0, high=1),
        _fact("variety", "number", "Assortment over that of a plain outlet.", low=1, high=1000),
        _fact(
            "payment_mode",
            "choice",
            "Who takes the money and whether cash is taken.",
            choices=("staffed_accept", "staffed_refuse", "unattended", "online_only", "unattended_convert"),
        ),
        _fact("takes_card", "flag", "Bank cards are taken."),
        _fact("staffed", "flag", "A person serves."),
        _fact("self_service", "flag", "Customers may serve themselves."),
        _fact("step_free", "flag", "Can be entered without a step."),
        _fact("on_map", "flag", "Stands on the neighbourhood's map."),
        _fact("chain", "flag", "Belongs to a chain."),
        _fact("delivery", "flag", "Delivers to the door."),
        _fact("walk_in", "flag", "Residents may walk in; 0 for a delivery-only hub."),
        _fact("delivery_radius_m", "number", "Straight-line radius of delivery.", unit="m", low=0, high=100_000),
        _fact("delivery_min", "number", "From start of picking to the door.", unit="min", low=0, high=1440),
        _fact("delivery_fee", "number", "Fee of a delivery.", unit="the world's currency", low=0, high=10_000),
        _fact(
            "delivery_basket",
            "number",
            "Smallest basket delivered.",
            unit="the world's currency",
            low=0,
            high=100_000,
        ),
        _fact(
            "aid",
            "number",
            "Most that public aid pays of one purchase.",
            unit="the world's currency",
            low=0,
            high=100_000,
        ),
        _fact("aid_from_age", "int", "Age from which aid is paid.", unit="years", low=0, high=120),
        _fact("seats", "int", "Seats at table; 0 where nobody sits down.", low=0, high=2_000),
        _fact("places", "int", "Standing places in day care, out of its servers.", low=0, high=100_000),
        _fact("supply_share", "number", "Share of its usual goods that reaches it.", low=0, high=1),
        _fact("reserve_days", "number", "Usual demand kept in reserve.", unit="days", low=0, high=1000),
        _fact("home_visits", "int", "Home visits a day.", low=0, high=100_000),
        _fact("rent_month", "number", "Rent a month.", unit="the world's currency", low=0, high=1e9),
        _fact("support_month", "number", "Public support a month.", unit="the world's currency", low=0, high=1e9),
        _fact("staff", "number", "Jobs, in full-time posts.", low=0, high=100_000),
        _fact("local_share", "number", "Share of its posts kept for residents of the circle.", low=0, high=1),
        _fact("reserved_posts", "int", "Posts kept for people who are hard to employ.", low=0, high=100_000),
        _fact("margin", "number", "Gross margin over turnover.", low=0, high=1),
        _fact("area_m2", "number", "Floor area.", unit="m²", low=0, high=1e6),
        _fact("visitors_per_day", "number", "Customers a day who do not live here.", low=0, high=5_000),
        Column(
            name="opened",
            kind="date",
            default="NaT",
            sentence="First day open; empty for always.",
            policy_may_change=True,
        ),
        Column(
            name="closed",
            kind="date",
            default="NaT",
            sentence="First day closed for good; empty for never.",
            policy_may_change=True,
        ),
        Column(name="circle", kind="int", low=0, high=2**31 - 1, default=0, sentence="Number of its circle."),
    ),
)

_MEANS = ("cash", "card", "mobile", "none")

RESIDENTS = Table(
    file="residents.csv",
    sentence="A resident.",
    columns=(
        Column(name="resident", kind="id", sentence="Stable id; never reused."),
        Column(name="node", kind="int", low=0, sentence="Node of the home."),
        Column(name="age", kind="int", unit="years", low=0, high=120, sentence="Age."),
        Column(name="sex", kind="choice", choices=("female", "male"), sentence="Sex."),
        Column(
            name="household",
            kind="int",
            low=0,
            high=2**31 - 1,
            default=-1,
            sentence="Household number; a household of one where empty.",
        ),
        Column(
            name="mobility",
            kind="choice",
            choices=("independent", "slow", "aid", "homebound"),
            sentence="How the resident gets about.",
        ),
        Column(
            name="speed_m_per_min",
            kind="number",
            unit="m/min",
            above=0,
            high=200,
            sentence="Walking speed on a dry, level street.",
        ),
        Column(
            name="tolerance_min",
            kind="number",
            unit="min",
            low=0,
            high=180,
            sentence="Longest walk one way; 0 for the homebound.",
        ),
        Column(name="digital", kind="flag", sentence="Orders and pays online unaided."),
        Column(name="owns", kind="set", choices=_MEANS, sentence="Means of payment owned."),
        Column(
            name="carries",
            kind="set",
            choices=_MEANS,
            sentence="Means of payment carried; part of those owned.",
        ),
        Column(
            name="schedule",
            kind="choice",
            choices=("worker", "student", "retired", "carer", "remote"),
            sentence="Type of week; sets the free windows.",
        ),
        Column(name="income_band", kind="choice", choices=("low", "middle", "high"), sentence="Income band."),
        Column(
            name="weekly_budget",
            kind="number",
            unit="the world's currency",
            low=0,
            high=1e9,
            sentence="What the purse is refilled with each week.",
        ),
        Column(name="circle", kind="int", low=0, high=2**31 - 1, default=0, sentence="Number of the circle."),
        Column(name="chronic", kind="flag", default=0, sentence="A chronic illness is known."),
        Column(
            name="stop",
            kind="int",
            low=-1,
            default=-1,
            sentence="Node of the stop, school or gate passed on the way to work or school; may be empty.",
        ),
    ),
)


def need_column(service: str, ordinal: int) -> Column:
    """
    Declare the column of one kind of need in ``residents.csv``.

    Parameters
    ----------
    service : str
        Service id.
    ordinal : int
        Number of the need that day.

    Returns
    -------
    Column
        Probability of such a need on a weekday; the catalogue answers where the file does not.
    """
    return Column(
        name=f"need_{service}_{ordinal}",
        kind="number",
        low=0,
        high=1,
        default=None,
        filled_from=_RATES,
        sentence=f"Probability of need {ordinal} of {service} on a weekday.",
    )


HOMES = Table(
    file="homes.csv",
    sentence="A building people live in; residents are drawn to homes by weight.",
    columns=(
        Column(name="home", kind="id", sentence="Stable id."),
        Column(name="node", kind="int", low=0, sentence="Node it stands on."),
        Column(name="weight", kind="number", above=0, high=1e9, sentence="Share of the residents, on any scale."),
    ),
)

CENSUS = Table(
    file="census.csv",
    sentence="A count of a census page that the residents drawn to the homes must meet.",
    columns=(
        Column(
            name="margin",
            kind="choice",
            sentence="Table of the census page.",
        ),
        Column(
            name="category",
            kind="text",
            sentence="Row of that table, such as `f:60-64`, `3`, `6+` or `yes`.",
        ),
        Column(name="count", kind="number", low=0, high=1e10, sentence="People, or family households, counted."),
    ),
)

TABLES: tuple[Table, ...] = (NODES, EDGES, FACILITIES, RESIDENTS, HOMES, CENSUS)
