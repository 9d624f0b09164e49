"""A resident's day told as a story: ``show RUN --resident ID --day D``."""

from __future__ import annotations

import math
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from circlesim.catalog.formats import FORMATS
from circlesim.catalog.labels import label
from circlesim.catalog.services import SERVICES
from circlesim.cli.screen import say, tabulate
from circlesim.errors import ConfigError, Faults, did_you_mean
from circlesim.ledger import BARRIERS, Channel, Fate

if TYPE_CHECKING:
    from circlesim.abm.trace import Arrival, Choice, NeedStory, Option, Trace
    from circlesim.engine.prepared import Prepared
    from circlesim.engine.stage import Stage
    from circlesim.experiments.design import Design

FEW = 5
"""Alternatives shown of a choice where not all are asked for."""

_NOWHERE = {-1: "stay at home", -2: "go outside the circle", -3: "go without"}
_ENDED = {
    Fate.INSIDE: "met inside the circle", Fate.DELIVERED: "delivered", Fate.HOME: "met at home",
    Fate.OUTSIDE: "met outside the circle", Fate.DECLINED: "nothing done, by preference",
    Fate.UNMET: "unmet", Fate.PUT_OFF: "not met, put off to another day",
}  # fmt: skip


def tell_day(
    folder: Path, resident: str | None, day: int | None, scenario: str | None, replication: int, *,
    everything: bool,
) -> None:  # fmt: skip
    """
    Print one resident's day of a run.

    Parameters
    ----------
    folder : Path
        Run folder.
    resident : str or None
        Id.
    day : int or None
        Days since the start, from 0.
    scenario : str or None
        Name; the first where left out.
    replication : int
        Number of the replication.
    everything : bool
        Show all alternatives.

    Raises
    ------
    ConfigError
        If the folder, the resident, the day, the scenario or the replication is not one of the run.
    """
    design, prepared = _again(folder)
    asked = design.experiment
    place = _place(design, resident, day, scenario, replication)
    from circlesim.abm.trace import trace_day

    row, j, when = place
    trace = trace_day(
        prepared, design.roster.baseline, _stages(folder, design, j, replication), seed=asked.seed,
        replication=replication,
        warmup_days=asked.warmup_days, resident=row, day=when, last=when == asked.days - 1,
    )  # fmt: skip
    date = asked.start + timedelta(days=when)
    say(_who(trace))
    say(f"{date:%A} {date.day} {date:%B %Y} (day {when}) · scenario {design.names[j]} · replication {replication}")
    money = asked.world.currency
    say(f"In the purse: {trace.purse_fen / 100:.2f} {money}")
    if not trace.needs:
        say("\nNo need arose on this day.")
    for story in trace.needs:
        _tell(trace, story, money, everything=everything)


def _stages(folder: Path, design: Design, scenario: int, replication: int) -> tuple[Stage, ...]:
    """The facts of the scenario; with what its reviews opened, where there were any."""
    from circlesim.experiments.outcomes import read_outcomes
    from circlesim.experiments.reviews import as_reviewed, reacts

    if not reacts(design):
        return design.roster.stages[scenario]
    return as_reviewed(design, scenario, read_outcomes(folder).tables["reviews"], replication)


def _again(folder: Path) -> tuple[Design, Prepared]:
    """Compile the run once more, and make sure it is still the same."""
    import json

    from circlesim.config.reading import read_experiment
    from circlesim.experiments.constants import constants_for
    from circlesim.experiments.design import compile_design
    from circlesim.experiments.draw import make_draw

    faults = Faults("no day to tell", ConfigError)
    for name in ("manifest.json", "experiment.toml"):
        if not (folder / name).is_file():
            faults.add("this is no finished run", str(folder / name), expected="a folder that `run` wrote")
    faults.raise_if_any()
    experiment = read_experiment(folder / "experiment.toml").experiment()
    design = compile_design(experiment)
    digest = json.loads((folder / "manifest.json").read_text("utf-8"))["digests"]["run"]
    if digest != design.digest:
        faults.add(
            "the run was made by other rules, parameters or worlds than those here", str(folder / "manifest.json"),
            found=f"digest {digest[:12]}", expected=f"{design.digest[:12]}; run the experiment again",
        )  # fmt: skip
    faults.raise_if_any()
    constants = experiment.constants or constants_for(
        experiment.world, experiment.parameters, mechanisms=experiment.mechanisms
    )
    return design, make_draw(design, 0, experiment.world, experiment.parameters, constants).prepared


def _place(
    design: Design, resident: str | None, day: int | None, scenario: str | None, replication: int
) -> tuple[int, int, int]:
    """Rows of the resident and the scenario, and the day; all faults at once."""
    asked = design.experiment
    faults = Faults("no day to tell", ConfigError)
    ids = asked.world.population.resident.tolist()
    names = list(design.names)
    if resident is None:
        faults.add("no resident named", "--resident", expected=f"an id such as {ids[0]}")
    elif resident not in ids:
        faults.add("no such resident", "--resident", found=f"'{resident}'", expected=f"an id such as {ids[0]}",
                   hint=did_you_mean(resident, ids))  # fmt: skip
    if day is None or not 0 <= day < asked.days:
        faults.add("no such day", "--day", found=str(day), expected=f"0 to {asked.days - 1}")
    if scenario is not None and scenario not in names:
        faults.add("no such scenario", "--scenario", found=f"'{scenario}'", expected="one of " + ", ".join(names),
                   hint=did_you_mean(scenario, names))  # fmt: skip
    if isinstance(asked.replications, int) and replication >= asked.replications:
        expected = f"0 to {asked.replications - 1}"
        faults.add("no such replication", "--replication", found=str(replication), expected=expected)
    faults.raise_if_any()
    assert resident is not None
    assert day is not None
    return ids.index(resident), 0 if scenario is None else names.index(scenario), day


def _who(trace: Trace) -> str:
    who = trace.resident
    from circlesim.world.population import Means, Schedule

    carried = [means.name.lower() for means in Means if means & who.means and means.name]
    words = [
        f"Resident {who.resident}", f"{who.age} years", Schedule(who.schedule).name.lower(),
        f"walks {who.speed:.0f} m a minute for up to {who.tolerance:.0f} min", "carries " + " and ".join(carried),
    ]  # fmt: skip
    words += ["homebound"] * who.homebound + ["needs step-free doors"] * who.needs_step_free
    words += [] if who.digital else ["orders nothing by phone unaided"]
    return ", ".join(words)


def _clock(minute: float) -> str:
    whole = math.floor(minute)
    return f"{whole // 60:02d}:{whole % 60:02d}"


def _outlet(trace: Trace, row: int) -> str:
    table = trace.town.stage.facilities
    kind = label(FORMATS[int(table.format[row])], kind="format")
    return f"{kind} {table.name[row] or table.facility[row]}"


def _target(trace: Trace, option: Option) -> str:
    if option.target < 0:
        return _NOWHERE[option.target]
    way = {Channel.DELIVERY: "order from", Channel.HOME_VISIT: "visit by"}.get(Channel(option.channel), "walk to")
    return f"{way} {_outlet(trace, option.target)}"


def _words_of(barriers: int) -> str:
    return ", ".join(label(b.name, kind="barrier") for b in BARRIERS if b & barriers and b.name)


def _waiting(days: int) -> str:
    """Say for how long a need is open already."""
    return f"; open for {days} day{'s' if days > 1 else ''}" if days else ""


def _tell(trace: Trace, story: NeedStory, money: str, *, everything: bool) -> None:
    """Print one need from its minute to its judgement."""
    from circlesim.abm.trace import Arrival

    errand = story.errand
    say(f"\n{_clock(errand.need_min)} {label(SERVICES[errand.service], kind='service')}, "
        f"basket {errand.basket_fen / 100:.2f} {money} at reference prices"
        f"{_waiting(errand.days_open)}")  # fmt: skip
    for step in story.steps:
        if isinstance(step, Arrival):
            _tell_arrival(trace, step)
        else:
            _tell_choice(trace, step, everything=everything)
    _tell_end(story, money)


def _tell_choice(trace: Trace, choice: Choice, *, everything: bool) -> None:
    from circlesim.abm.trace import TERMS

    where = {-1: "at home", -2: "at the stop, on the way home"}.get(choice.standing_at)
    where = where or f"at the counter of {_outlet(trace, choice.standing_at)}"
    chosen = choice.options[choice.chosen]
    say(f"  {_clock(choice.minute)} chooses {where}: {_target(trace, chosen)}")
    had = [option for option in choice.options if not math.isnan(option.utility)]
    shown = had if everything else had[:FEW]
    used = [term for term in TERMS if any(option.terms.get(term) for option in shown)]
    rows = [
        [_target(trace, o), f"{o.utility:.2f}", *(_term(o, term) for term in used), _when(o), _price(o)]
        for o in shown
    ]  # fmt: skip
    columns = ["alternative", "utility", *used, "leaves", "price"]
    tabulate(columns, rows, right=tuple(range(1, len(columns))))
    if len(had) > len(shown):
        say(f"  and {len(had) - len(shown)} less liked (--all shows them)")
    _tell_hindered(trace, choice, everything=everything)


def _tell_hindered(trace: Trace, choice: Choice, *, everything: bool) -> None:
    """Say why the other outlets of the circle could not be had."""
    hindered = [option for option in choice.options if math.isnan(option.utility)]
    reasons: dict[str, list[Option]] = {}
    for option in hindered:
        why = "tried already" if option.tried else _words_of(option.barriers) or "not in reach or closed from here"
        reasons.setdefault(why, []).append(option)
    for why, options in reasons.items():
        names = [_target(trace, option) for option in options]
        listed = names if everything else names[:3]
        more = f" and {len(names) - len(listed)} more" if len(names) > len(listed) else ""
        say(f"  not possible, {why}: {', '.join(listed)}{more}")


def _term(option: Option, term: str) -> str:
    return f"{option.terms[term]:+.2f}" if term in option.terms else ""


def _when(option: Option) -> str:
    return _clock(option.leave_min) if option.target >= 0 else ""


def _price(option: Option) -> str:
    return f"{option.price_fen / 100:.2f}" if option.target >= 0 else ""


def _tell_arrival(trace: Trace, step: Arrival) -> None:
    why = f"turned away: {_words_of(step.barrier)}" if step.barrier else "is let in"
    say(f"  {_clock(step.minute)} arrives at {_outlet(trace, step.facility)}, {step.ahead} ahead, {why}")


def _tell_end(story: NeedStory, money: str) -> None:
    errand = story.errand
    paid = errand.price_fen + errand.fee_fen
    words = [f"  ended: {_ENDED[Fate(errand.fate)]}"]
    if errand.fate <= Fate.DELIVERED:
        words.append(f"served {_clock(errand.start_min)}, walked {errand.walk_min:.1f} min, "
                     f"waited {errand.wait_min:.1f} min")  # fmt: skip
    if paid:
        words.append(f"paid {paid / 100:.2f} {money}")
    if errand.barriers:
        words.append(f"barriers met: {_words_of(errand.barriers)}")
    if errand.met_if_lifted:
        words.append(f"would be met with one gone: {_words_of(errand.met_if_lifted)}")
    say("; ".join(words))
    (held, expected), (now, expects) = story.before, story.after
    if errand.tries == 0 and (held, expected) == (now, expects):
        say(f"  judged: not an attempt; performance held {held:.2f}, expected {expected:.2f}")
    else:
        say(f"  judged: performance held {held:.2f} -> {now:.2f}, expected {expected:.2f} -> {expects:.2f}")
