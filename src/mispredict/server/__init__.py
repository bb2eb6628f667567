"""The web workspace's server: `create_app(workspace, ServerSettings(…))`."""

from mispredict.server.app import create_app
from mispredict.server.settings import Limits, ServerSettings

__all__ = ["Limits", "ServerSettings", "create_app"]
