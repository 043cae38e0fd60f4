"""Where the program keeps its files, and where it finds those it came with. Nothing is read or written here
but folders."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

_NAME = "Pult"


@dataclass(frozen=True, slots=True)
class Folders:
    """The places of one profile. Two profiles share nothing, the secrets' names in the keyring included."""

    config_file: Path
    data_dir: Path
    log_dir: Path
    cache_dir: Path

    def create(self) -> None:
        """Make what is missing, readable by the owner only. Folders that exist are left as they are. Raises
        OSError."""
        for folder in (self.config_file.parent, self.data_dir, self.log_dir, self.cache_dir):
            # The mode of mkdir holds for the last folder of a chain only, and umask cannot widen it.
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def find_folders(config: Path | None = None, data_dir: Path | None = None) -> Folders:
    """The folders for `--config` and `--data-dir`, each made absolute; the system's usual places where they
    are not given.

    Everything but the file named by `--config` lies under `--data-dir` when that is given.
    """
    if data_dir is not None:
        root = data_dir.expanduser().absolute()
        config_file, log_dir, cache_dir = root / "config.toml", root / "logs", root / "cache"
    else:
        # Imported here: 17 ms which a start with --data-dir need not spend.
        import platformdirs

        usual = platformdirs.PlatformDirs(_NAME, appauthor=False)
        root, config_file = Path(usual.user_data_dir), Path(usual.user_config_dir) / "config.toml"
        log_dir, cache_dir = Path(usual.user_log_dir), Path(usual.user_cache_dir)
    if config is not None:
        config_file = config.expanduser().absolute()
    return Folders(config_file, root, log_dir, cache_dir)


def resource_dir() -> Path:
    """The folder `resources`: beside the packages in the source tree, inside the bundle of the frozen
    program."""
    bundle = getattr(sys, "_MEIPASS", None)
    return (Path(bundle) if bundle else Path(__file__).resolve().parent.parent) / "resources"
