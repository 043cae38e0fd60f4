"""Who and what the account has: employees, virtual numbers, tags, talk options, media files."""

from collections.abc import Iterable
from dataclasses import dataclass, field

MAX_EXTENSION_DIGITS = 5
OUTSIDE_DIGITS = range(10, 16)


@dataclass(slots=True)
class Employee:
    """One employee and how the person at that phone behaves when called for advice."""

    employee_id: int
    full_name: str
    extension: str
    phone_number: str
    """PSTN digits or a SIP number with its leading zero."""
    coach_id: int | None = None
    call_recording: str = "off"
    """``all``, ``in``, ``out`` or ``off``; anything but off cannot be switched off by record.call."""
    answers_after_s: float | None = None
    """None: rings until told."""
    declines_after_s: float | None = None
    has_active_phone: bool = True


@dataclass(frozen=True, slots=True)
class VirtualNumber:
    """A number of the account that customers call."""

    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A mark for calls."""

    tag_id: int
    name: str


@dataclass(frozen=True, slots=True)
class TalkOption:
    """What a phone key does during a talk."""

    button: str
    mnemonic: str
    name: str
    value_id: int | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A sound that can be played to a party."""

    media_file_id: int
    name: str
    duration_s: float


@dataclass(frozen=True, slots=True)
class Destination:
    """Whom a dialled string reaches."""

    number: str
    employee: Employee | None


@dataclass(slots=True)
class Directory:
    """Everything the account has, by key."""

    employees: dict[int, Employee] = field(default_factory=dict)
    virtual_numbers: list[VirtualNumber] = field(default_factory=list)
    tags: dict[int, Tag] = field(default_factory=dict)
    talk_options: list[TalkOption] = field(default_factory=list)
    media_files: dict[int, MediaFile] = field(default_factory=dict)

    def add_employees(self, employees: Iterable[Employee]) -> None:
        """Add or replace by id."""
        self.employees.update((employee.employee_id, employee) for employee in employees)

    def resolve(self, dialled: str) -> Destination | None:
        """Extension, employee's phone or SIP number, or an outside number; None when nobody can be reached."""
        for employee in self.employees.values():
            if dialled in (employee.extension, employee.phone_number):
                return Destination(employee.phone_number, employee) if employee.has_active_phone else None
        if len(dialled) <= MAX_EXTENSION_DIGITS or dialled.startswith("0"):
            return None
        return Destination(dialled, None) if len(dialled) in OUTSIDE_DIGITS else None


def default_directory() -> Directory:
    """A small office for tests and for worlds without a scenario."""
    directory = Directory()
    directory.add_employees(
        (
            Employee(2001, "Орлова Марина Сергеевна", "101", "0486101", coach_id=2004),
            Employee(2002, "Гусев Пётр Ильич", "102", "0486102", coach_id=2004),
            Employee(2003, "Белова Анна Олеговна", "103", "79265550103"),
            Employee(2004, "Ершов Глеб Андреевич", "104", "0486104"),
            Employee(2005, "Кузьмина Ольга Павловна", "105", "0486105", call_recording="all"),
            Employee(2006, "Титов Роман Львович", "106", "0486106", has_active_phone=False),
        )
    )
    directory.virtual_numbers = [
        VirtualNumber("74951045771", "Продажи"),
        VirtualNumber("74959268686", "Поддержка"),
    ]
    directory.tags = {
        tag.tag_id: tag for tag in (Tag(254, "Целевой"), Tag(255, "Жалоба"), Tag(256, "Перезвонить"), Tag(257, "Спам"))
    }
    directory.talk_options = [
        TalkOption("1", "tag_call", "Проставить тег", 254, "Целевой"),
        TalkOption("2", "record_talk", "Диктофон"),
        TalkOption("3", "transfer_call", "Трансфер"),
        TalkOption("4", "call_coach", "Позвонить тренеру"),
    ]
    directory.media_files = {
        media.media_file_id: media
        for media in (MediaFile(2561, "Музыка на удержании", 60.0), MediaFile(2562, "Соединяем", 4.0))
    }
    return directory
