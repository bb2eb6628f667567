"""Install hook: the web pages (ui/) are built into the package where they changed.

Without Node, or offline, the install goes on without them, and the server says how to build them.
`MISPREDICT_SKIP_UI=1` leaves them out.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VARIABLE = "MISPREDICT_SKIP_UI"


class PagesHook(BuildHookInterface):
    """Builds the pages before the package is installed or packed into a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build; a build that fails is told and leaves what was there."""
        ui = Path(self.root) / "ui"
        if os.environ.get(VARIABLE, "0") not in ("", "0") or not ui.is_dir():
            return
        sys.path.insert(0, str(ui))
        import bundle

        try:
            bundle.build(say=self.app.display_info)
        except (bundle.CannotBuild, OSError) as error:
            self.app.display_warning(f"mispredict goes without its web pages. {error}")
