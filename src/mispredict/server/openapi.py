"""`python -m mispredict.server.openapi` prints the OpenAPI document of the HTTP API."""

from __future__ import annotations

import sys
import tempfile


def main() -> None:
    """Print the document, sorted and indented."""
    from mispredict.server.app import create_app
    from mispredict.server.document import text
    from mispredict.workspace.workspace import open_workspace

    with tempfile.TemporaryDirectory() as folder, open_workspace(f"{folder}/ws") as workspace:
        sys.stdout.write(text(create_app(workspace)))


if __name__ == "__main__":
    main()
