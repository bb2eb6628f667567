"""Demos: real data and real models, fetched and fitted while you wait."""

from __future__ import annotations

from mispredict.demo.sources import SOURCES, DataSource
from mispredict.demo.stories import STORIES
from mispredict.demo.story import Story
from mispredict.demo.timing import Step, wait_passively

__all__ = ["SOURCES", "STORIES", "DataSource", "Step", "Story", "wait_passively"]
