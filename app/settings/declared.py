"""The keys of `config.toml` with type, default and meaning. Reading, checking and writing happen next
door."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

MessageType = Literal["tts", "media"]
Role = Literal["operator", "supervisor"]
StartWay = Literal["employee", "scenario", "vnumber", "informer", "simple"]
Language = Literal["ru", "en", "auto"]
ClientId = Annotated[str, Meta(max_length=200)]
RegisterAt = Literal["save", "ring"]
RecordingWay = Literal["upload", "link", "off"]
UnknownNumber = Literal["ask", "create_contact", "unsorted", "skip"]
RequiredField = Literal["notes", "outcome", "customer", "cost", "rating", "source"]

# Checked by the loader, since a type cannot say it: https, or http to this machine; a name the zone database
# knows.
ADDRESS: dict[str, str] = {"kind": "address"}
TIME_ZONE: dict[str, str] = {"kind": "time_zone"}

ShownName = Annotated[str, Meta(min_length=1, max_length=200)]
PositiveId = Annotated[int, Meta(ge=1)]
MessageValue = Annotated[str, Meta(min_length=1, max_length=2000)]
Digits = Annotated[str, Meta(pattern=r"\A[0-9]{1,15}\Z")]


class Table(Struct, frozen=True, forbid_unknown_fields=True):
    """One table of the file."""


class HoldPreset(Table, frozen=True, kw_only=True):
    """A hold message offered by name."""

    name: Annotated[ShownName, Meta(description="What the operator sees")]
    message_type: Annotated[MessageType, Meta(description="As in pbx.hold_message.type")] = field(
        name="type", default="tts"
    )
    value: Annotated[MessageValue, Meta(description="As in pbx.hold_message.value")]
    promised_s: Annotated[
        PositiveId | None, Meta(description="Seconds this message promises the caller to be back in")
    ] = None


class HoldMessage(Table, frozen=True, kw_only=True):
    """What the caller hears while on hold; the PBX has no default of its own."""

    message_type: Annotated[
        MessageType, Meta(description="tts: a text is spoken; media: a file of the account is played")
    ] = field(name="type", default="tts")
    value: Annotated[MessageValue, Meta(description="The text, or the media file's id")] = (
        "Пожалуйста, оставайтесь на линии."
    )
    presets: Annotated[tuple[HoldPreset, ...], Meta(description="Further messages to choose from when holding")] = ()


class TagSetting(Table, frozen=True, kw_only=True):
    """A call tag of the account."""

    tag_id: Annotated[PositiveId, Meta(description="The tag's id in the PBX")] = field(name="id")
    name: Annotated[ShownName, Meta(description="The tag's name")]


class EmployeeSetting(Table, frozen=True, kw_only=True):
    """A colleague who can be consulted or given a call."""

    employee_id: Annotated[PositiveId, Meta(description="The employee's id in the PBX")] = field(name="id")
    name: Annotated[ShownName, Meta(description="The employee's name")]
    extension: Annotated[
        str,
        Meta(pattern=r"\A[0-9*#]{1,20}\Z", description="The short number, a string: leading zeros count"),
    ]


class LineSetting(Table, frozen=True, kw_only=True):
    """A virtual number of the account."""

    number: Annotated[Digits, Meta(description="The number, digits only")]
    name: Annotated[ShownName, Meta(description="What the operator sees")]


class ScenarioSetting(Table, frozen=True, kw_only=True):
    """A scenario of the account that a call can be started with."""

    scenario_id: Annotated[PositiveId, Meta(description="The scenario's id in the PBX")] = field(name="id")
    name: Annotated[ShownName, Meta(description="The scenario's name")]


class MediaFileSetting(Table, frozen=True, kw_only=True):
    """A sound of the account that can be played to a party."""

    media_file_id: Annotated[PositiveId, Meta(description="The file's id in the PBX")] = field(name="id")
    name: Annotated[ShownName, Meta(description="The file's name")]


class PbxSettings(Table, frozen=True, kw_only=True):
    """The account at UIS, CoMagic or a sister brand."""

    call_api_url: Annotated[str, Meta(description="Address of the Call API of the account's brand", extra=ADDRESS)] = (
        "https://callapi.uiscom.ru/v4.0"
    )
    data_api_url: Annotated[
        str | None,
        Meta(description="Address of the Data API; of the same brand, else it refuses the login", extra=ADDRESS),
    ] = None
    recordings_url: Annotated[
        str | None,
        Meta(description="Where recordings lie, where it is not the brand's app. and media. hosts", extra=ADDRESS),
    ] = None
    login: Annotated[str, Meta(max_length=200, description="The user's login; empty with a permanent key")] = ""
    employee_id: Annotated[PositiveId | None, Meta(description="Who sits here: decides which calls are mine")] = None
    time_zone: Annotated[
        str, Meta(description="The account's time zone: the PBX sends times without one", extra=TIME_ZONE)
    ] = "Europe/Moscow"
    virtual_phone_number: Annotated[
        Digits | None, Meta(description="The account's number shown to those we call; digits only")
    ] = None
    poll_interval_s: Annotated[
        float, Meta(ge=1, le=60, description="Seconds between two looks at the calls, points permitting")
    ] = 2.0
    hold_message: Annotated[HoldMessage, Meta(description="What the caller hears on hold")] = HoldMessage()
    tags: Annotated[tuple[TagSetting, ...], Meta(description="Call tags to choose from")] = ()
    employees: Annotated[tuple[EmployeeSetting, ...], Meta(description="Colleagues to choose from")] = ()
    virtual_numbers: Annotated[tuple[LineSetting, ...], Meta(description="Numbers of the account to call from")] = ()
    scenarios: Annotated[tuple[ScenarioSetting, ...], Meta(description="Scenarios to start calls with")] = ()
    media_files: Annotated[tuple[MediaFileSetting, ...], Meta(description="Sounds to choose from")] = ()
    start_via: Annotated[
        StartWay, Meta(description="How New call starts a call: to my phone, a scenario, a number's scenario, …")
    ] = "employee"
    start_scenario_id: Annotated[PositiveId | None, Meta(description="The scenario of start_via = scenario")] = None
    operator_number: Annotated[Digits | None, Meta(description="My phone, for start_via = simple; digits only")] = None
    transfer_back_after_s: Annotated[
        int, Meta(ge=5, le=300, description="Transfer when answered: back to the caller after so many seconds")
    ] = 30
    tts_max_length: Annotated[
        int, Meta(ge=1, le=5000, description="Longest text the tariff lets the PBX speak, in characters")
    ] = 1000


class Bitrix24Settings(Table, frozen=True, kw_only=True):
    """The Bitrix24 portal. Webhook, client secret and refresh token are secrets and live in the keyring."""

    enabled: Annotated[bool, Meta(description="Write finished calls to Bitrix24")] = True
    client_id: Annotated[
        ClientId | None, Meta(description="Of the local application; without it the webhook is used")
    ] = None
    oauth_url: Annotated[str, Meta(description="Where the application's tokens are renewed", extra=ADDRESS)] = (
        "https://oauth.bitrix.info/oauth/token/"
    )
    register_at: Annotated[
        RegisterAt, Meta(description="Register the call when the card is saved, or at the first ring")
    ] = "save"
    placeholder_number: Annotated[
        Digits | None, Meta(description="Number to register hidden callers under; digits only")
    ] = None
    source: Annotated[
        str, Meta(max_length=50, description="CRM_SOURCE a new customer gets; STATUS_ID of a source of the portal")
    ] = ""
    recording: Annotated[
        RecordingWay, Meta(description="Recordings: upload the file, let the portal fetch the link, or none")
    ] = "upload"
    user_id: Annotated[PositiveId | None, Meta(description="Whom finished calls are written for")] = None
    portal_url: Annotated[
        str | None,
        Meta(description="Address for links; by default the one in the webhook", extra=ADDRESS),
    ] = None
    show_card: Annotated[bool, Meta(description="Let the portal open its own call card")] = False
    create_default: Annotated[
        bool, Meta(description="Tick 'create' in the card by itself when the number is unknown")
    ] = False
    add_to_chat: Annotated[bool, Meta(description="Tick 'post to chat' in the card by itself")] = False


class AmocrmSettings(Table, frozen=True, kw_only=True):
    """The amoCRM account. Its token is a secret and lives in the keyring."""

    account_url: Annotated[
        str | None, Meta(description="The account's address, e.g. https://example.amocrm.ru", extra=ADDRESS)
    ] = None
    client_id: Annotated[
        ClientId | None, Meta(description="Of the integration; without it the long-lived token is used")
    ] = None
    redirect_uri: Annotated[
        str | None, Meta(description="The integration's redirect address, sent when renewing tokens", extra=ADDRESS)
    ] = None
    user_id: Annotated[PositiveId | None, Meta(description="amoCRM user responsible for my calls")] = None
    unknown_number: Annotated[
        UnknownNumber, Meta(description="A number nobody in amoCRM has: ask, make a contact, put into unsorted, skip")
    ] = "ask"
    pipeline_id: Annotated[PositiveId | None, Meta(description="Pipeline of calls put into unsorted")] = None
    recording_wait_s: Annotated[
        int, Meta(ge=0, le=86_400, description="Seconds a call waits for the link of its recording; 0: not at all")
    ] = 900
    links_open_without_login: Annotated[
        bool, Meta(description="The PBX's recording links open without a login: send them to amoCRM")
    ] = False


class CardSettings(Table, frozen=True, kw_only=True):
    """The card of a finished call."""

    wrap_up_s: Annotated[
        int,
        Meta(ge=0, le=3600, description="Seconds after the call until an unsaved card is saved as it stands; 0: never"),
    ] = 120
    extend_s: Annotated[int, Meta(ge=10, le=3600, description="Seconds that Extend adds")] = 60
    required: Annotated[
        tuple[RequiredField, ...], Meta(description="Fields without which Save card does not save")
    ] = ()
    recording_wait_h: Annotated[
        int, Meta(ge=1, le=168, description="Hours a recording is looked for after the call")
    ] = 24
    recording_max_mb: Annotated[int, Meta(ge=1, le=1024, description="Largest recording that is downloaded")] = 64
    look_for_missed_every_s: Annotated[
        int, Meta(ge=0, le=86_400, description="Seconds between two looks for calls this console did not see; 0: never")
    ] = 300
    look_back_h: Annotated[
        int, Meta(ge=1, le=720, description="Hours back that calls this console did not see are looked for")
    ] = 168


class ConsoleSettings(Table, frozen=True, kw_only=True):
    """The console itself."""

    role: Annotated[Role, Meta(description="supervisor also watches and joins others' calls")] = "operator"
    language: Annotated[Language, Meta(description="Of the windows; auto: the system's")] = "auto"


class Settings(Table, frozen=True, kw_only=True):
    """The whole file."""

    pbx: PbxSettings = PbxSettings()
    bitrix24: Bitrix24Settings = Bitrix24Settings()
    amocrm: AmocrmSettings = AmocrmSettings()
    card: CardSettings = CardSettings()
    console: ConsoleSettings = ConsoleSettings()
