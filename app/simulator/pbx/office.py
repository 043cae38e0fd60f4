"""A small office for tests and for worlds without a scenario file."""

from app.simulator.pbx.directory import (
    CallScenario,
    Directory,
    Employee,
    EmployeeGroup,
    EmployeeStatus,
    MediaFile,
    Tag,
    TalkOption,
    VirtualNumber,
)

STATUSES = (
    EmployeeStatus(1, "Доступен", "available", "#48B23D"),
    EmployeeStatus(2, "Перерыв", "break", "#F2994A"),
    EmployeeStatus(3, "Не беспокоить", "do_not_disturb", "#EB5757"),
    EmployeeStatus(4, "Нет на месте", "not_at_workplace", "#BDBDBD"),
    EmployeeStatus(5, "Нет на работе", "not_at_work", "#828282", is_worktime=False),
    EmployeeStatus(6, "Неизвестно", "unknown", "#4F4F4F", is_select_allowed=False, is_worktime=False),
)


def default_directory() -> Directory:
    """Six employees, two numbers of which the first has a scenario, and one of everything else."""
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
    directory.media_files[2701] = MediaFile(2701, "Музыка переадресации", 30.0, is_system=True)
    directory.statuses = {status.status_id: status for status in STATUSES}
    directory.groups = {
        group.group_id: group
        for group in (
            EmployeeGroup(301, "Продажи", "201", (2001, 2002)),
            EmployeeGroup(302, "Поддержка", "202", (2003, 2005)),
        )
    }
    directory.scenarios = {
        scenario.scenario_id: scenario
        for scenario in (
            CallScenario(5001, "Рабочее время", ("74951045771",), (2001, 2002)),
            CallScenario(5002, "Оценка разговора", (), (2004,)),
        )
    }
    return directory
