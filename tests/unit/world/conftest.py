"""A good tiny world folder, to be broken in many ways."""

from __future__ import annotations

from pathlib import Path

import pytest

WORLD = """\
name = "corner"
crs = "local"
synthetic = true
sources = ["drawn for tests"]

[title]
en = "A corner"
zh = "街角"
"""

# A square of about 100 m with a diagonal-free ring, a pier (node 5), and a cut-off island (nodes 8, 9).
NODES = """\
node,x_m,y_m,lon,lat
1,0,0,116.300000,40.000000
2,100,0,116.301174,40.000000
3,100,100,116.301174,40.000899
4,0,100,116.300000,40.000899
5,200,0,116.302348,40.000000
8,1000,1000,116.311740,40.008993
9,1010,1000,116.311857,40.008993
"""

EDGES = """\
from_node,to_node,length_m
1,2,100.5
2,3,100.5
3,4,100.5
4,1,100.5
2,5,101
8,9,11
"""

FACILITIES = """\
facility,node,format,name,hours,price_level,payment_mode
shop,2,convenience_store,Corner shop,24/7,1.1,staffed_accept
canteen,3,community_canteen,食堂,"Mo-Fr 06:30-09:00,11:00-13:30",0.8,
hub,5,instant_retail_hub,Hub,,,online_only
"""

RESIDENTS = """\
resident,node,age,sex,mobility,speed_m_per_min,tolerance_min,digital,owns,carries,schedule,income_band,weekly_budget
ann,1,34,female,independent,80,15,1,cash+mobile,mobile,worker,middle,560.50
bo,4,71,male,slow,55,12,0,cash+card,cash,retired,low,210
cai,1,8,male,independent,60,10,0,none,none,student,low,20
"""

FILES = {
    "world.toml": WORLD,
    "nodes.csv": NODES,
    "edges.csv": EDGES,
    "facilities.csv": FACILITIES,
    "residents.csv": RESIDENTS,
}


@pytest.fixture
def good_folder(tmp_path: Path) -> Path:
    """Write the tiny world folder."""
    folder = tmp_path / "corner"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
