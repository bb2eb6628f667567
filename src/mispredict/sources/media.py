"""Endings of the files that are images and sounds."""

from __future__ import annotations

IMAGE_SUFFIXES = frozenset((".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff"))
AUDIO_SUFFIXES = frozenset((".wav", ".flac", ".mp3", ".ogg", ".m4a", ".opus"))
