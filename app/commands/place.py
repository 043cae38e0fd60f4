"""What every command starts from: the folders, the settings and the secrets named on its command line."""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from app.paths import Folders, find_folders
from app.secrets import SecretStore
from app.settings import Settings, load_settings


@dataclass(frozen=True, slots=True)
class Place:
    """Where the command works."""

    folders: Folders
    settings: Settings
    secrets: SecretStore


def folders_of(arguments: argparse.Namespace) -> Folders:
    """The folders of --config and --data-dir, not created yet."""
    return find_folders(arguments.config, arguments.data_dir)


@asynccontextmanager
async def open_place(arguments: argparse.Namespace) -> AsyncIterator[Place]:
    """Load the settings and open the secrets. Raises SettingsError."""
    folders = folders_of(arguments)
    settings = load_settings(folders.config_file, must_exist=arguments.config is not None)
    folders.create()
    secrets = SecretStore(folders.data_dir)
    try:
        yield Place(folders, settings, secrets)
    finally:
        await secrets.aclose()
