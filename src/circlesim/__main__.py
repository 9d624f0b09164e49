"""``python -m circlesim``."""

from __future__ import annotations

import sys

from circlesim.cli import main

if __name__ == "__main__":
    sys.exit(main())
