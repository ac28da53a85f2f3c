"""Where things are."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "shop-lab"
"""What is built or fetched once and kept between runs, also those of another checkout."""
