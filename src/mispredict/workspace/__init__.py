"""The face of mispredict: opens a workspace and wires its store to the rooms."""

from mispredict.workspace.dataset import Dataset
from mispredict.workspace.evaluation import Evaluation
from mispredict.workspace.workspace import Workspace, open_workspace

__all__ = ["Dataset", "Evaluation", "Workspace", "open_workspace"]
