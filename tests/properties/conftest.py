"""
The laws run on the same examples every time, with no deadline: a first example may have to compile.

`CIRCLESIM_LAW_EXAMPLES=1000` searches deeper than the everyday forty.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

settings.register_profile(
    "laws",
    max_examples=int(os.environ.get("CIRCLESIM_LAW_EXAMPLES", "40")),
    derandomize=True,
    deadline=None,
    database=None,
    print_blob=False,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("laws")
