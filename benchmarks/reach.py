"""
Fifteen minutes on foot in a city of 200,000 nodes and 20,000 outlets: seconds, memory, exactness, and pandana.

The made city is a grid of streets with a corner every 80 metres or so, jittered, and one street in eight missing;
outlets stand at random corners and every corner is a home. `nodes` is what each corner with an outlet reaches
(`walk_metres`), `services` what each home has within reach (`service_reach`). Sampled corners are searched again
by networkx: the same nodes and the same metres, to the last bit.

`--pandana PYTHON` names the interpreter of an environment that has pandana, which is under the AGPL and therefore
no part of this project or its environment; it is given the same streets and corners and asked the same question.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from circlesim.world.reach import Reach, service_reach, to_networkx, walk_metres
from circlesim.world.streets import Streets
from machine import machine
from made_town import facilities

RESULTS = Path(__file__).parent / "results" / "reach.json"
NODES, OUTLETS, SAMPLES, SEED = 200_000, 20_000, 50, 20230711
MINUTES, M_PER_MIN = 15, 80.0
BLOCK_M, JITTER_M, MISSING = 80.0, 10.0, 1 / 8
GIB = 2**30

_PANDANA = """
import json, sys, time
import numpy as np, pandas as pd, pandana
city, cap = np.load(sys.argv[1]), float(sys.argv[2])
begun = time.perf_counter()
net = pandana.Network(pd.Series(city["x"]), pd.Series(city["y"]), pd.Series(city["a"]), pd.Series(city["b"]),
                      pd.DataFrame({"metres": city["metres"]}), twoway=True)
built = time.perf_counter() - begun
begun = time.perf_counter()
found = net.nodes_in_range(city["outlets"].tolist(), cap)
print(json.dumps({"version": pandana.__version__, "network seconds": built,
                  "search seconds": time.perf_counter() - begun, "pairs": len(found)}))
"""


def city(nodes: int, rng: np.random.Generator) -> Streets:
    """A jittered grid with streets missing; only what hangs together counts as a corner people walk to."""
    side = round(nodes**0.5)
    number = np.arange(side * side).reshape(side, side)
    low = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()]).astype(np.int32)
    high = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()]).astype(np.int32)
    kept = rng.random(len(low)) >= MISSING
    x, y = (axis.ravel() * BLOCK_M + rng.uniform(-JITTER_M, JITTER_M, side * side)
            for axis in (number % side, number // side))  # fmt: skip
    low, high = low[kept], high[kept]
    length = np.hypot(x[low] - x[high], y[low] - y[high])
    return Streets(node=number.ravel(), x_m=x, y_m=y, lon=x * 1e-5, lat=y * 1e-5, from_row=low, to_row=high,
                   length_m=length)  # fmt: skip


def exact(streets: Streets, outlets: np.ndarray[Any, Any], reach: Reach, cap_m: float) -> int:
    """Search sampled outlets with networkx; stop where a node or a metre differs."""
    import networkx as nx

    graph = to_networkx(streets)
    for i in np.linspace(0, len(outlets) - 1, SAMPLES).astype(int).tolist():
        there = nx.single_source_dijkstra_path_length(graph, int(outlets[i]), cutoff=cap_m, weight="length_m")
        own = slice(reach.ptr[i], reach.ptr[i + 1])
        found = dict(zip(reach.node[own].tolist(), reach.metres[own].tolist(), strict=True))
        if found != there:
            raise SystemExit(f"outlet {i}: networkx finds other nodes or metres")
    return SAMPLES


def pandana(
    python: str | None, streets: Streets, outlets: np.ndarray[Any, Any], cap_m: float
) -> dict[str, Any] | None:
    """The same question to pandana; None where it is not there."""
    if python is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "city.npz"
        np.savez(file, x=streets.x_m, y=streets.y_m, a=streets.from_row, b=streets.to_row, metres=streets.length_m,
                 outlets=outlets)  # fmt: skip
        done = subprocess.run([python, "-c", _PANDANA, str(file), str(cap_m)], capture_output=True, text=True)
    if done.returncode:
        print(f"pandana did not answer: {done.stderr.strip().splitlines()[-1] if done.stderr else 'no message'}")
        return None
    return dict(json.loads(done.stdout.splitlines()[-1]))


def most_memory() -> float:
    """Most memory this process ever held, in GiB; macOS counts it in bytes, Linux in KiB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / GIB if sys.platform == "darwin" else most * 1024 / GIB


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=NODES, help="corners of the city")
    parser.add_argument("--outlets", type=int, default=OUTLETS, help="outlets")
    parser.add_argument("--pandana", help="python of an environment that has pandana")
    parser.add_argument("--out", type=Path, default=RESULTS, help="JSON file")
    asked = parser.parse_args()
    rng, cap_m = np.random.default_rng(SEED), MINUTES * M_PER_MIN
    streets = city(asked.nodes, rng)
    shops = facilities(asked.outlets, len(streets), 1.5, rng)
    small = city(100, rng)
    walk_metres(small, np.arange(3), cap_m)  # kernels are loaded, or compiled, before the clock runs
    service_reach(small, np.arange(3), facilities(5, len(small), 1.5, rng), cap_m)
    corners = np.unique(shops.node_row)
    begun = time.perf_counter()
    reach = walk_metres(streets, corners, cap_m)
    walked = time.perf_counter() - begun
    begun = time.perf_counter()
    homes = service_reach(streets, np.arange(len(streets)), shops, cap_m)
    served, memory = time.perf_counter() - begun, most_memory()
    result: dict[str, Any] = {
        "machine": machine(),
        "nodes": len(streets),
        "edges": len(streets.length_m),
        "outlets": asked.outlets,
        "corners with outlets": len(corners),
        "metres": cap_m,
        "nodes: seconds": walked,
        "nodes: pairs": len(reach.node),
        "services: seconds": served,
        "services: entries": len(homes.facility),
        "most memory, GiB": memory,
        "corners equal to networkx": exact(streets, corners, reach, cap_m),
    }
    other = pandana(asked.pandana, streets, corners, cap_m)
    if other is None:
        print("pandana is not compared: name the python of an environment that has it, --pandana PYTHON")
    else:
        result["pandana"] = other
        result["pandana's search over ours"] = other["search seconds"] / walked
        whole = other["network seconds"] + other["search seconds"]
        result["pandana's network and search over ours"] = whole / walked
    print(json.dumps(result, indent=1))
    asked.out.parent.mkdir(exist_ok=True)
    asked.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
