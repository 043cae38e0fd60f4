"""Two boxes of the dialog *Connect*: the PBX, and who sits here. Those of the CRMs are in connect_crm_sections."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QCompleter,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QSizePolicy,
    QWidget,
)

from ui.widgets.plain_label import PlainLabel
from ui.windows.connect_fields import (
    AnswerLabel,
    add_check_row,
    add_row,
    digits_only,
    plain_button,
    plain_radio,
    secret_line,
    show_check,
    show_stored,
    text_line,
)
from ui.windows.connect_state import (
    CheckState,
    ConnectField,
    ConnectForm,
    EmployeeChoice,
    StoredSecrets,
    employee_label,
)

translate = QCoreApplication.translate
Problems = Mapping[ConnectField, str]


class PbxSection(QGroupBox):
    """Where the phone system is and how to sign in there."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(translate("Connect", "Phone system"), parent)
        self.setObjectName("connect_pbx")
        self.address_field = text_line("pbx_address")
        self.password_radio = plain_radio(translate("Connect", "Login and password"), "pbx_uses_password")
        self.key_radio = plain_radio(translate("Connect", "Permanent key"), "pbx_uses_key")
        self.radios = QButtonGroup(self)
        self.radios.addButton(self.password_radio, 0)
        self.radios.addButton(self.key_radio, 1)
        self.login_field = text_line("pbx_login")
        self.password_field = secret_line("pbx_password")
        self.key_field = secret_line("pbx_key")
        self.check_button = plain_button(translate("Connect", "Check phone system"), "check_pbx")
        self.answer = AnswerLabel("pbx_answer")
        self.problems = {
            ConnectField.ADDRESS: AnswerLabel("pbx_address_problem"),
            ConnectField.LOGIN: AnswerLabel("pbx_login_problem"),
            ConnectField.PASSWORD: AnswerLabel("pbx_password_problem"),
            ConnectField.KEY: AnswerLabel("pbx_key_problem"),
        }
        self._form = QFormLayout(self)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        ways = QHBoxLayout()
        ways.addWidget(self.password_radio)
        ways.addWidget(self.key_radio)
        ways.addStretch(1)
        self._add_row(translate("Connect", "Address"), self.address_field, ConnectField.ADDRESS)
        ways_label = PlainLabel(translate("Connect", "Sign in with"), name="pbx_ways_label")
        ways_label.setWordWrap(False)
        self._form.addRow(ways_label, ways)
        self._way_rows = (
            self._add_row(translate("Connect", "Login"), self.login_field, ConnectField.LOGIN),
            self._add_row(translate("Connect", "Password"), self.password_field, ConnectField.PASSWORD),
            self._add_row(translate("Connect", "Key"), self.key_field, ConnectField.KEY),
        )
        add_check_row(self._form, self.check_button, self.answer)
        self.password_radio.toggled.connect(self._show_way)
        self.password_radio.setChecked(True)
        self._show_way()

    def fill(self, form: ConnectForm) -> None:
        """Show what is set so far; secrets are never among it."""
        self.address_field.setText(form.call_api_url)
        self.login_field.setText(form.login)
        (self.key_radio if form.uses_key else self.password_radio).setChecked(True)

    def show_state(self, stored: StoredSecrets, check: CheckState, problems: Problems) -> None:
        """The last answer, the problems of the fields, and which secrets are stored."""
        show_stored(self.password_field, stored.pbx_password)
        show_stored(self.key_field, stored.pbx_key)
        show_check(self.check_button, self.answer, check)
        for field, label in self.problems.items():
            label.show_answer(problems.get(field, ""), False)

    def _add_row(self, text: str, field: QWidget, about: ConnectField) -> QWidget:
        return add_row(self._form, text, field, self.problems[about])

    def _show_way(self) -> None:
        uses_password = self.password_radio.isChecked()
        for row, is_shown in zip(self._way_rows, (uses_password, uses_password, not uses_password), strict=True):
            self._form.setRowVisible(row, is_shown)


class MeSection(QGroupBox):
    """Which employee and which Bitrix24 user sits at this console."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(translate("Connect", "Who I am"), parent)
        self.setObjectName("connect_me")
        self.employee_field = QComboBox()
        self.employee_field.setObjectName("my_employee")
        self.employee_field.setEditable(True)
        self.employee_field.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.employee_field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.employee_field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        completer = QCompleter(self.employee_field.model(), self.employee_field)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.employee_field.setCompleter(completer)
        self.crm_user_field = text_line("my_crm_user")
        self.crm_user_field.setValidator(digits_only(self.crm_user_field))
        self.problems = {
            ConnectField.EMPLOYEE: AnswerLabel("my_employee_problem"),
            ConnectField.CRM_USER: AnswerLabel("my_crm_user_problem"),
        }
        form = QFormLayout(self)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        employee = translate("Connect", "Employee")
        add_row(form, employee, self.employee_field, self.problems[ConnectField.EMPLOYEE])
        crm_user = translate("Connect", "Bitrix24 user")
        add_row(form, crm_user, self.crm_user_field, self.problems[ConnectField.CRM_USER])
        line = self.employee_field.lineEdit()
        if line is not None:
            line.setPlaceholderText(translate("Connect", "Choose, or type the employee's number"))
        self.crm_user_field.setPlaceholderText(translate("Connect", "Your number in Bitrix24; the check finds it"))

    def fill_employees(self, employees: tuple[EmployeeChoice, ...]) -> None:
        """The colleagues that the settings know."""
        self.employee_field.clear()
        for employee in employees:
            self.employee_field.addItem(employee_label(employee), employee.employee_id)
        self.employee_field.setCurrentIndex(-1)

    def fill(self, form: ConnectForm) -> None:
        """Show who is set so far."""
        self.employee_field.setEditText(form.employee_text)
        self.crm_user_field.setText(form.crm_user_text)

    def show_problems(self, problems: Problems) -> None:
        """What has to be mended here."""
        for field, label in self.problems.items():
            label.show_answer(problems.get(field, ""), False)
