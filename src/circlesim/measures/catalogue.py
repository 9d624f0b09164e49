"""The built-in measures: one table, from which the reference page is generated."""

from __future__ import annotations

from circlesim.catalog.format_set import CATALOGUE, Formats
from circlesim.errors import ConfigError, Fault, did_you_mean
from circlesim.measures.access import WORDS, access
from circlesim.measures.coverage import coverage
from circlesim.measures.group_gap import EXAMPLE, group_gap
from circlesim.measures.measure import HIGHER, LOWER, NEITHER, Measure
from circlesim.measures.nuisance import NuisanceShare
from circlesim.measures.operators import FacilityProfit, Jobs, OutletsTrading
from circlesim.measures.page_ratio import FEN, RESIDENT_DAYS, PageRatio
from circlesim.measures.posts import JobsLocal, JobsNeeded, JobsReserved
from circlesim.measures.public_cost import PublicCost
from circlesim.measures.satisfaction import Satisfaction
from circlesim.measures.welfare import WelfareMoney

_ADULTS = "adults 18+"
_ALL = "all residents"
_DESIGN = "design of circlesim, section 4"
_SURVEY = "four-level street survey, Jinan 2022 (plan/measures, R63); anchored, not predicted"
_EQUAL = "answers of adults on every service, services weighing the same"


def _satisfaction(name: str, unit: str, scores: tuple[float, float, float, float], words: str) -> Measure:
    return Satisfaction(
        name=name, unit=unit, direction=HIGHER, population=_ADULTS, numerator=words, denominator=_EQUAL,
        reference=_SURVEY, scores=scores,
    )  # fmt: skip


def _share(name: str, direction: str, top: tuple[str, ...], words: str, *, by_format: bool = False) -> Measure:
    return PageRatio(
        name=name, unit="share", direction=direction, population="needs of all residents", numerator=words,
        denominator="needs", reference=_DESIGN, needs=(*top, "needs"), top=top, bottom=("needs",),
        by_format=by_format,
    )  # fmt: skip


def _per_resident_day(
    name: str, unit: str, direction: str, top: tuple[str, ...], words: str, scale: float, by_format: bool
) -> Measure:
    return PageRatio(
        name=name, unit=unit, direction=direction, population=_ALL, numerator=words, denominator="resident-days",
        reference=_DESIGN, needs=top, top=top, bottom=RESIDENT_DAYS, scale=scale, by_format=by_format,
    )  # fmt: skip


def _per_served(name: str, top: tuple[str, ...], words: str) -> Measure:
    return PageRatio(
        name=name, unit="minutes", direction=LOWER, population="needs served by an outlet of the circle",
        numerator=words, denominator="needs met inside or delivered", reference=_DESIGN, needs=(*top, "served"),
        top=top, bottom=("served",), of_served=True,
    )  # fmt: skip


MEASURES: tuple[Measure, ...] = (
    _satisfaction("satisfaction_top1", "share", (0.0, 0.0, 0.0, 1.0), "answers on the highest of four levels"),
    _satisfaction("satisfaction_top2", "share", (0.0, 0.0, 1.0, 1.0), "answers on the two highest of four levels"),
    _satisfaction("satisfaction_index", "points", (0.0, 100 / 3, 200 / 3, 100.0),
                  "mean level of the answers, scaled to 0-100"),
    _per_resident_day("spend", "{currency} per resident-day", NEITHER, ("spend_fen",),
                      "paid to outlets of the circle, delivery fees included, vouchers taken off", FEN, True),
    _per_resident_day("spend_outside", "{currency} per resident-day", NEITHER, ("spend_outside_fen",),
                      "paid outside the circle", FEN, False),
    _per_resident_day("aid", "{currency} per resident-day", NEITHER, ("aid_fen",),
                      "paid by public aid for purchases of residents, to outlets of the circle", FEN, True),
    _share("met_inside_share", HIGHER, ("inside",), "needs met at an outlet of the circle", by_format=True),
    _share("met_share", HIGHER, ("inside", "delivered", "home", "outside"),
           "needs met inside, by delivery, at home or outside"),
    _share("unmet_share", LOWER, ("unmet",),
           "needs not met although no inside, delivered or home alternative was feasible, or the last try failed"),
    _share("declined_share", NEITHER, ("declined",), "needs not met with a feasible alternative in hand"),
    _share("pushed_out_share", LOWER, ("pushed_out",),
           "needs met at home or outside because no inside or delivered alternative was feasible"),
    _per_served("walk_min", ("walk_min",), "minutes walked on the way out, over all tries"),
    _per_served("wait_min", ("wait_min",), "minutes between arrival and start of service"),
    _share("delivered_share", NEITHER, ("delivered",), "needs met by delivery from an outlet of the circle",
           by_format=True),
    PageRatio(name="refused_share", unit="share", direction=LOWER, population="attempts of all residents",
              numerator="refusals of the money carried, met at the counter", denominator="counters reached",
              reference=_DESIGN, needs=("refusals", "attempts"), top=("refusals",), bottom=("attempts",),
              by_format=False),
    PageRatio(name="days_open", unit="days", direction=LOWER, population="needs of all residents that ended",
              numerator="days from the day a need arose to that on which it was met or given up",
              denominator="needs", reference=_DESIGN, needs=("days_open", "needs"), top=("days_open",),
              bottom=("needs",), by_format=False),
    _per_resident_day("welfare_min", "minutes per resident-day", HIGHER, ("utility_min",),
                      "experienced utility, with its own luck, over the disutility of a walking minute", 1.0,
                      False),
    WelfareMoney(name="welfare_money", unit="{currency} per resident-day", direction=HIGHER, population=_ALL,
                 numerator="welfare_min times the worth of a walking minute", denominator="resident-days",
                 reference=f"{_DESIGN}; secondary, see its range over assumptions"),
    Jobs(name="jobs", unit="jobs", direction=HIGHER, population="outlets present on the last day",
         numerator="people working there", denominator="none", reference="census of household businesses 2018"),
    JobsNeeded(name="jobs_needed", unit="jobs", direction=HIGHER, population="outlets present on the last day",
               numerator="full-time posts that opening hours or visits of residents ask for, whichever are more; "
                         "nobody is hired by it", denominator="none",
               reference="parameters full_time_hours, least_staff, serving_share (grades C and D)",
               needs=("facility",)),
    JobsLocal(name="jobs_local", unit="jobs", direction=HIGHER, population="outlets present on the last day",
              numerator="people working there, times the share of posts kept for residents of the circle; their "
                        "wages are not fed back", denominator="none", reference="plan, section 三(五), F42"),
    JobsReserved(name="jobs_reserved", unit="jobs", direction=HIGHER, population="outlets present on the last day",
                 numerator="posts reserved for people who are hard to employ; their wages are not fed back",
                 denominator="none", reference="plan, section 三(五), F45"),
    OutletsTrading(name="outlets_trading", unit="outlets", direction=HIGHER, population="outlets of the circle",
                   numerator="outlets that trade on the last day; with months on, vacant premises do not",
                   denominator="none", reference="plan, section 四(二), F56"),
    NuisanceShare(name="nuisance_share", unit="share", direction=LOWER, population=_ALL,
                  numerator="residents whose home lies within nuisance_m of an outlet of a noisy format that is "
                            "open between 22:00 and 06:00 on some day of the week", denominator="residents",
                  reference="plan, section 四(三), F65; distances are assumptions (grade D)"),
    FacilityProfit(name="facility_profit", unit="{currency} per outlet-day", direction=HIGHER,
                   population="outlets present on the last day",
                   numerator="gross margin on residents' purchases less rent, before wages",
                   denominator="outlet-days", reference=_DESIGN, needs=("facility",)),
    PublicCost(name="public_cost", unit="{currency}", direction=LOWER, population="policies of the scenario",
               numerator="capital, running cost by days in force, and aid and support as paid, over all days "
                         "of the scenario", denominator="none",
               reference="costs as given with each policy; aid and support from the simulation"),
)  # fmt: skip
"""All built-in measures; those of `PATTERNS` are made by name."""

PATTERNS: dict[str, str] = {
    "coverage:FORMAT:MINUTES[:HOUR]": "coverage:breakfast_shop:10",
    "access_gini:format:FORMAT": "access_gini:format:breakfast_shop",
    "access_gini:service:SERVICE": "access_gini:service:groceries",
    "access_concentration:income|age:format|service:NAME": "access_concentration:income:service:groceries",
    "met_inside_gini": "met_inside_gini",
    "met_inside_concentration:income|age": "met_inside_concentration:income",
    "group_gap:age60|slow|income:MEASURE": EXAMPLE,
}
"""Measures made by name, each with one of its kind."""

DEFAULT_MEASURES: tuple[str, ...] = (
    "satisfaction_top2", "satisfaction_index", "spend", "spend_outside", "met_inside_share", "met_share",
    "unmet_share", "pushed_out_share", "walk_min", "wait_min", "welfare_min",
)  # fmt: skip
"""What an experiment reports where it names no measures."""

MEASURE_NAMES: tuple[str, ...] = tuple(measure.name for measure in MEASURES)
_BY_NAME = {measure.name: measure for measure in MEASURES}


def measure_named(name: str, formats: Formats | None = CATALOGUE) -> Measure:
    """
    Find a measure by its name.

    Parameters
    ----------
    name : str
        One of `MEASURE_NAMES`, ``coverage:FORMAT:MINUTES`` with an hour if wanted, a measure of inequality such as
        ``access_gini:service:groceries``, or ``group_gap:GAP:MEASURE``.
    formats : Formats or None, default: CATALOGUE
        Those of the world; None takes any word, where a run has been measured already.

    Returns
    -------
    Measure
        The measure.

    Raises
    ------
    ConfigError
        If there is no such measure.
    """
    if name in _BY_NAME:
        return _BY_NAME[name]
    first = str(name).split(":")[0]
    if first.startswith("coverage"):
        return coverage(name, formats)
    if first in WORDS:
        return access(name, formats)
    if first == "group_gap":
        return group_gap(name, lambda of: measure_named(of, formats))
    patterns = ["coverage:breakfast_shop:10", "access_gini:service:groceries", *WORDS, EXAMPLE]
    hint = did_you_mean(name, [*MEASURE_NAMES, *patterns]) or "see: circlesim show measures"
    fault = Fault(what="unknown measure", where=f"measures.{name}", found=str(name), hint=hint)
    raise ConfigError("a measure cannot be used", [fault])


def measure_table() -> list[dict[str, str]]:
    """
    List the measures with everything that defines them.

    Returns
    -------
    list of dict of str to str
        One row a measure: name, unit, direction, kind, population, numerator, denominator, reference.
    """
    rows = [*MEASURES, *(measure_named(example) for example in PATTERNS.values())]
    keys = ("name", "unit", "direction", "kind", "population", "numerator", "denominator", "reference")
    table = [{key: str(getattr(measure, key)) for key in keys} for measure in rows]
    for row, pattern in zip(table[len(MEASURES) :], PATTERNS, strict=True):
        row["name"] = pattern
    return table
