"""Everything that can be chosen about a simulated world before it starts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

NO_PORTS: Mapping[str, int] = {}
NO_WEIGHTS: Mapping[str, int] = {}


@dataclass(frozen=True)
class SimulatorConfig:
    """One seeded world. The secrets are made up and open nothing but this process."""

    seed: int = 1
    scenario: str | None = None
    """File name in resources/demo (with or without .toml), or a path."""
    edition: int = 2026
    """Edition of the Call API rules: 2017 or 2026 (uis-notes §0.1)."""
    ports: Mapping[str, int] = field(default_factory=lambda: NO_PORTS)
    """Face name -> port; a face that is absent gets a random one."""
    time_zone: str = "Europe/Moscow"
    has_virtual_clock: bool = False
    """The world stands still until it is advanced."""
    control_token: str | None = None
    """Token of the control face; None = made at random for this run."""

    login: str = "operator@example.test"
    password: str = field(default="simulated-password", repr=False)
    permanent_token: str = field(default="simulated-permanent-key", repr=False)
    permanent_token_is_expired: bool = False
    token_ttl_s: int = 3600
    app_id: int = 4321
    employee_id: int = 2001
    """The employee whose credentials `Simulator.credentials` announces."""
    minute_limit: int = 10_000
    day_limit: int = 1_000_000
    weights: Mapping[str, int] = field(default_factory=lambda: NO_WEIGHTS)
    """Method name -> points; default 0 for list.*, login.user and logout.user, 1 for the rest."""
    command_latency_s: float = 0.0
    """After an accepted command, how long until list.calls shows its effect."""
    post_talk_s: float = 0.0
    """How long a call stays in POST_TALK before it leaves list.calls."""

    dtmf_shown_s: float = 0.0
    """How long the sender's leg shows that a symbol is being sent."""
    tts_max_length: int = 1000
    contact_answers_after_s: float | None = None
    """How long an outside phone that a start.* method calls rings before it is picked up; None: until told. A number's
    own setting in the directory goes before this."""
    dial_time_s: float = 60.0
    """How long a start.* method lets a phone ring that has no dialling time of its own."""
    talk_option_rule_s: float = 30.0
    """Edition 2026: talk options of an outgoing call are refused until its talk has lasted so long."""
    data_minute_limit: int = 10_000
    data_day_limit: int = 1_000_000
    """The Data API has a purse of its own."""
    data_rights: frozenset[str] = frozenset()
    """Methods of the Data API that the user is not allowed: forbidden."""
    report_delay_s: float = 0.0
    """How long after its end a call comes into the reports."""
    report_leg_id_shift: int = 0
    """How far the leg ids of the reports are from those of list.calls."""
    recording_ready_after_s: float = 20.0
    """How long after a call its recording can be had."""
    recording_written_for_s: float = 0.0
    """How long it grows from then on."""
    recording_kind: str = "mp3"
    """``mp3``, or ``wav`` where the account keeps only that."""
    has_whole_record_link: bool = True
    """Reports show the link to the glued file, not hashes alone."""

    webhook_secret: str = field(default="simulatedwebhook", repr=False)
    bitrix_user_id: int = 7
    app_only: bool = False
    """Bitrix24 refuses register and finish by webhook with WRONG_AUTH_TYPE."""
    bitrix_client_id: str = "local.simulated.application"
    bitrix_client_secret: str = field(default="simulated-bitrix-secret", repr=False)
    bitrix_refresh_token: str = field(default="simulated-bitrix-refresh", repr=False)
    """The first refresh token; each is good for one use."""
    bitrix_access_ttl_s: int = 3600
    limit_bitrix_rate: bool = True
    """2 requests a second with a burst of 50, else QUERY_LIMIT_EXCEEDED."""

    amocrm_token: str = field(default="simulated-amocrm-token", repr=False)
    amocrm_client_id: str = "simulated-integration"
    amocrm_client_secret: str = field(default="simulated-amocrm-secret", repr=False)
    amocrm_redirect_uri: str = "https://pult.example.test/amocrm"
    amocrm_refresh_token: str = field(default="simulated-amocrm-refresh", repr=False)
    amocrm_access_ttl_s: int = 86_400
    amocrm_account_id: int = 31_000_001
    amocrm_user_id: int = 9_000_001
