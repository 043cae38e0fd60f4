"""The three boxes of the dialog *Connect*: the PBX, Bitrix24, and who sits here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication, QRegularExpression, Qt
from PySide6.QtGui import QColor, QRegularExpressionValidator
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QCompleter,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.theme import theme
from ui.widgets.plain_label import PlainLabel
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
        self.address_field = _line("pbx_address")
        self.password_radio = _radio(translate("Connect", "Login and password"), "pbx_uses_password")
        self.key_radio = _radio(translate("Connect", "Permanent key"), "pbx_uses_key")
        self.radios = QButtonGroup(self)
        self.radios.addButton(self.password_radio, 0)
        self.radios.addButton(self.key_radio, 1)
        self.login_field = _line("pbx_login")
        self.password_field = _secret_line("pbx_password")
        self.key_field = _secret_line("pbx_key")
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
        _add_check_row(self._form, self.check_button, self.answer)
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
        _show_stored(self.password_field, stored.pbx_password)
        _show_stored(self.key_field, stored.pbx_key)
        _show_check(self.check_button, self.answer, check)
        for field, label in self.problems.items():
            label.show_answer(problems.get(field, ""), False)

    def _add_row(self, text: str, field: QWidget, about: ConnectField) -> QWidget:
        return _add_row(self._form, text, field, self.problems[about])

    def _show_way(self) -> None:
        uses_password = self.password_radio.isChecked()
        for row, is_shown in zip(self._way_rows, (uses_password, uses_password, not uses_password), strict=True):
            self._form.setRowVisible(row, is_shown)


class Bitrix24Section(QGroupBox):
    """The portal's webhook."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(translate("Connect", "Bitrix24"), parent)
        self.setObjectName("connect_bitrix24")
        self.webhook_field = _secret_line("bitrix24_webhook")
        self.check_button = plain_button(translate("Connect", "Check Bitrix24"), "check_bitrix24")
        self.answer = AnswerLabel("bitrix24_answer")
        self.problem = AnswerLabel("bitrix24_webhook_problem")
        form = QFormLayout(self)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        _add_row(form, translate("Connect", "Webhook"), self.webhook_field, self.problem)
        _add_check_row(form, self.check_button, self.answer)

    def show_state(self, stored: StoredSecrets, check: CheckState, problems: Problems) -> None:
        """The last answer, the problem of the field, and whether a webhook is stored."""
        hint = "https://example.bitrix24.ru/rest/1/…/"
        _show_stored(self.webhook_field, stored.webhook, otherwise=hint)
        _show_check(self.check_button, self.answer, check)
        self.problem.show_answer(problems.get(ConnectField.WEBHOOK, ""), False)


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
        self.crm_user_field = _line("my_crm_user")
        self.crm_user_field.setValidator(_digits(self.crm_user_field))
        self.problems = {
            ConnectField.EMPLOYEE: AnswerLabel("my_employee_problem"),
            ConnectField.CRM_USER: AnswerLabel("my_crm_user_problem"),
        }
        form = QFormLayout(self)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        employee = translate("Connect", "Employee")
        _add_row(form, employee, self.employee_field, self.problems[ConnectField.EMPLOYEE])
        crm_user = translate("Connect", "Bitrix24 user")
        _add_row(form, crm_user, self.crm_user_field, self.problems[ConnectField.CRM_USER])
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


class AnswerLabel(PlainLabel):
    """An answer in the theme's green or red with a glyph before it; takes no room while there is none."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self._tone = "text"
        theme.changed.connect(self._dress)
        self.hide()

    def show_answer(self, sentence: str, is_good: bool | None) -> None:
        """`is_good` None is for an answer that is neither, such as "under way"."""
        glyph = {True: "✓ ", False: "✕ ", None: ""}[is_good]
        self._tone = {True: "talk", False: "alert", None: "muted"}[is_good]
        self._dress()
        self.setText(f"{glyph}{sentence}" if sentence else "")
        self.setVisible(bool(sentence))

    def _dress(self) -> None:
        palette = self.palette()
        palette.setColor(self.foregroundRole(), QColor(theme.colours.tone(self._tone)))
        self.setPalette(palette)


def plain_button(text: str, name: str) -> QPushButton:
    """A button named by its label."""
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text)
    button.setAutoDefault(False)
    return button


def _radio(text: str, name: str) -> QRadioButton:
    radio = QRadioButton(text)
    radio.setObjectName(name)
    radio.setAccessibleName(text)
    return radio


def _line(name: str) -> QLineEdit:
    line = QLineEdit()
    line.setObjectName(name)
    line.setMaxLength(500)
    return line


def _secret_line(name: str) -> QLineEdit:
    line = _line(name)
    line.setMaxLength(4000)
    line.setEchoMode(QLineEdit.EchoMode.Password)
    hints = Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhSensitiveData
    line.setInputMethodHints(hints | Qt.InputMethodHint.ImhNoPredictiveText)
    return line


def _digits(line: QLineEdit) -> QRegularExpressionValidator:
    return QRegularExpressionValidator(QRegularExpression("[0-9]{0,10}"), line)


def _show_stored(line: QLineEdit, is_stored: bool, otherwise: str = "") -> None:
    stored = translate("Connect", "stored; type to replace it")
    line.setPlaceholderText(stored if is_stored else otherwise)


def _show_check(button: QPushButton, answer: AnswerLabel, check: CheckState) -> None:
    button.setEnabled(not check.is_running)
    if check.is_running:
        answer.show_answer(translate("Connect", "Checking…"), None)
    else:
        answer.show_answer(check.sentence, check.is_good)


def _add_row(form: QFormLayout, text: str, field: QWidget, problem: AnswerLabel) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    column.addWidget(field)
    column.addWidget(problem)
    label = PlainLabel(text, name=f"{field.objectName()}_label")
    label.setWordWrap(False)
    label.setBuddy(field)
    form.addRow(label, box)
    return box


def _add_check_row(form: QFormLayout, button: QPushButton, answer: AnswerLabel) -> None:
    row = QHBoxLayout()
    row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(answer, 1, Qt.AlignmentFlag.AlignVCenter)
    row.addStretch(0)
    holder = QWidget()
    holder.setLayout(row)
    row.setContentsMargins(0, 0, 0, 0)
    button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    form.addRow(PlainLabel(name=f"{button.objectName()}_label"), holder)


def line_up(sections: Sequence[QWidget]) -> None:
    """Give the labels of all sections one width, so that their fields stand under each other."""
    forms = [form for section in sections if isinstance(form := section.layout(), QFormLayout)]
    rows = [form.itemAt(row, QFormLayout.ItemRole.LabelRole) for form in forms for row in range(form.rowCount())]
    labels = [widget for item in rows if item is not None and isinstance(widget := item.widget(), PlainLabel)]
    width = max(label.sizeHint().width() for label in labels)
    for label in labels:
        label.setMinimumWidth(width)
