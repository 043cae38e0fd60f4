"""The admin's file `config.toml`: every key declared once, read strictly, written atomically. Never a secret
in it."""

from app.settings.declared import (
    AmocrmSettings,
    Bitrix24Settings,
    ConsoleSettings,
    EmployeeSetting,
    HoldMessage,
    HoldPreset,
    LineSetting,
    MediaFileSetting,
    PbxSettings,
    ScenarioSetting,
    Settings,
    TagSetting,
)
from app.settings.described import SettingDoc, describe_settings
from app.settings.loading import load_settings, parse_settings
from app.settings.saving import save_settings, settings_text

__all__ = [
    "AmocrmSettings",
    "Bitrix24Settings",
    "ConsoleSettings",
    "EmployeeSetting",
    "HoldMessage",
    "HoldPreset",
    "LineSetting",
    "MediaFileSetting",
    "PbxSettings",
    "ScenarioSetting",
    "SettingDoc",
    "Settings",
    "TagSetting",
    "describe_settings",
    "load_settings",
    "parse_settings",
    "save_settings",
    "settings_text",
]
