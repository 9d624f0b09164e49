"""
People of a district after the census: seconds and memory.

`--county FILE` is the table of the 2020 census by county and `--code` the county, Haidian where left out
(3,133,469 residents); without a file a made page of three million people is used. Fitting, whole households, who
lives with whom, homes, traits and need rates are all in the seconds. Every margin is checked before anything is
printed.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from circlesim.catalog.parameters import default_parameters
from circlesim.world.census import margins_of_county
from circlesim.world.margins import OPEN, Margins, Span, margins_of
from circlesim.world.synthesis import synthesise_from_census
from machine import machine
from made_town import streets

RESULTS = Path(__file__).parent / "results" / "synthesis.json"
HAIDIAN, PEOPLE, HOMES_SIDE, SEED = "110108", 3_000_000, 200, 7
GIB = 2**30


def made_page(people: int) -> Margins:
    """A page with the ages and households of the country, all in family households."""
    law = default_parameters()
    rows: list[tuple[str, Span, float]] = []
    for word, sex in (("f", "female"), ("m", "male")):
        for text, share in law.by("age_share", "age", sex=sex).items():
            low, _, high = text.rstrip("+").partition("-")
            span = Span(word=word, low=int(low), high=OPEN if text.endswith("+") else int(high or low))
            rows.append(("sex_age", span, share * people))
    homes = people / law.number("household_size")
    for text, share in law.by("household_share", "size").items():
        rows.append(
            ("household_size", Span(low=int(text), high=OPEN if text == "6" else int(text)), share * homes)
        )
    return margins_of(rows)


def most_memory() -> float:
    """Most memory this process ever held, in GiB; macOS counts it in bytes, Linux in KiB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / GIB if sys.platform == "darwin" else most * 1024 / GIB


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--county", type=Path, help="table of the census by county")
    parser.add_argument("--code", default=HAIDIAN, help="code of the county")
    parser.add_argument("--out", type=Path, default=RESULTS, help="JSON file")
    asked = parser.parse_args()
    margins = margins_of_county(asked.county, asked.code) if asked.county else made_page(PEOPLE)
    network, residents = streets(HOMES_SIDE), round(margins.people)
    homes, law = np.arange(len(network)), default_parameters()
    synthesise_from_census(network, homes, np.ones(len(homes)), margins, 2_000, law, SEED)  # what is loaded lazily
    begun, busy = time.perf_counter(), time.process_time()
    town = synthesise_from_census(network, homes, np.ones(len(homes)), margins, residents, law, SEED)
    seconds, busy = time.perf_counter() - begun, time.process_time() - busy
    worst = max(town.fit.rows, key=lambda row: abs(row.difference))
    if town.fit.missed():
        raise SystemExit(f"margins missed: {town.fit.missed()}")
    result: dict[str, Any] = {
        "machine": machine(),
        "page": f"county {asked.code}" if asked.county else "made",
        "residents": residents,
        "households": len(town.households.members),
        "homes": len(homes),
        "margin counts": len(town.fit.rows),
        "farthest off": f"{worst.margin} {worst.category}: {worst.difference:+.1f} of {worst.target:,.0f}",
        "seconds": seconds,
        "processor seconds": busy,
        "most memory, GiB": most_memory(),
    }
    print(json.dumps(result, indent=1))
    asked.out.parent.mkdir(exist_ok=True)
    asked.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
