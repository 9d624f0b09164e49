"""Law: the numbers of the law as plain Python, for one object per resident."""

from __future__ import annotations

from circlesim.behaviour.coefficients import BY_SERVICE, NUMBERS, OF_SOME_SERVICES, Coefficients
from circlesim.engine.calendar import Calendar
from circlesim.engine.weather import Weather

Interval = tuple[float, float]
"""Minutes of the day, ``[from, until)``."""


class Law:
    """
    Everything about people that is the same for all of them.

    Parameters
    ----------
    coefficients : Coefficients
        Parameters and solved constants.
    calendar : Calendar
        When needs arise, and free windows.
    weather : Weather
        What lies on the street.

    Attributes
    ----------
    number : dict of str to float
        `behaviour.coefficients.NUMBERS`.
    service : list of dict of str to float
        `behaviour.coefficients.BY_SERVICE`, by service number.
    constant : list
        ``constant[age_group][service]``: constants of delivery, home, outside and forgoing.
    windows : list
        ``windows[schedule][weekend]``: free windows.
    cumulative : list
        ``cumulative[kind][schedule][weekend]``: probability that a need arises before each step of the day.
    weekend_factor : list of float
        Multiplier of need rates on Saturday and Sunday, by kind.
    season_factor : list
        ``season_factor[season][kind]``: multiplier of need rates.
    speed_factor : list
        ``speed_factor[surface][age]``: walking speed over that on a dry street.
    """

    def __init__(self, coefficients: Coefficients, calendar: Calendar, weather: Weather) -> None:
        self.number = {name: coefficients.value(name) for name in NUMBERS}
        named = (*BY_SERVICE, *OF_SOME_SERVICES)
        self.service = [{name: float(row[name]) for name in named} for row in coefficients.service]
        self.constant: list[list[list[float]]] = coefficients.constants.tolist()
        self.windows: list[list[list[Interval]]] = [
            [[(start, end) for start, end in windows if end >= 0.0] for windows in by_day]
            for by_day in calendar.window.tolist()
        ]
        self.cumulative: list[list[list[list[float]]]] = calendar.cumulative.tolist()
        self.weekend_factor: list[float] = calendar.weekend_factor.tolist()
        self.season_factor: list[list[float]] = calendar.season_factor.tolist()
        self.speed_factor: list[list[float]] = weather.factor.tolist()
