"""The boxes of the CRMs in the dialog *Connect*: each with two ways to sign in, of which one is shown."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QCompleter,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QWidget,
)

from ui.widgets.plain_label import PlainLabel
from ui.windows.connect_fields import (
    AnswerLabel,
    add_check_row,
    add_row,
    plain_button,
    plain_radio,
    secret_line,
    show_check,
    show_stored,
    text_line,
)
from ui.windows.connect_state import (
    AmocrmForm,
    Bitrix24Form,
    CheckState,
    ConnectField,
    EmployeeChoice,
    StoredSecrets,
    employee_label,
)

translate = QCoreApplication.translate
Problems = Mapping[ConnectField, str]


class CrmSection(QGroupBox):
    """A box that can be switched off as a whole, with two ways to sign in. `edited` when the operator changed it."""

    edited = Signal()

    def __init__(self, title: str, name: str, ways: tuple[str, str], parent: QWidget) -> None:
        super().__init__(title, parent)
        self.setObjectName(name)
        self.setCheckable(True)
        self._form = QFormLayout(self)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.radios = QButtonGroup(self)
        self.first_radio = plain_radio(ways[0], f"{name}_first_way")
        self.second_radio = plain_radio(ways[1], f"{name}_second_way")
        for place, radio in enumerate((self.first_radio, self.second_radio)):
            self.radios.addButton(radio, place)
        self._first_rows: list[QWidget] = []
        self._second_rows: list[QWidget] = []
        self._shared_rows: list[QWidget] = []
        self.toggled.connect(self._show_rows)
        self.clicked.connect(lambda: self.edited.emit())
        self.first_radio.toggled.connect(self._show_rows)
        self.radios.idClicked.connect(lambda _: self.edited.emit())

    @property
    def takes_second_way(self) -> bool:
        return self.second_radio.isChecked()

    def take_way(self, *, second: bool) -> None:
        """Choose a way without telling it back."""
        (self.second_radio if second else self.first_radio).setChecked(True)
        self._show_rows()

    def _add_ways(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.first_radio)
        row.addWidget(self.second_radio)
        row.addStretch(1)
        row.setContentsMargins(0, 0, 0, 0)
        holder = QWidget()
        holder.setLayout(row)
        label = PlainLabel(translate("Connect", "Sign in with"), name=f"{self.objectName()}_ways_label")
        label.setWordWrap(False)
        self._form.addRow(label, holder)
        self._shared_rows.append(holder)

    def _add(self, rows: list[QWidget], text: str, field: QWidget, problem: AnswerLabel | None = None) -> None:
        shown = problem or AnswerLabel(f"{field.objectName()}_problem")
        rows.append(add_row(self._form, text, field, shown))
        if isinstance(field, QLineEdit):
            field.textEdited.connect(lambda _: self.edited.emit())

    def _show_rows(self) -> None:
        is_on, second = self.isChecked(), self.takes_second_way
        for rows, is_shown in (
            (self._shared_rows, is_on),
            (self._first_rows, is_on and not second),
            (self._second_rows, is_on and second),
        ):
            for row in rows:
                self._form.setRowVisible(row, is_shown)


class Bitrix24Section(CrmSection):
    """The portal by its webhook, or by a local application."""

    def __init__(self, parent: QWidget) -> None:
        ways = (translate("Connect", "Webhook"), translate("Connect", "Local application"))
        super().__init__(translate("Connect", "Bitrix24"), "connect_bitrix24", ways, parent)
        self.webhook_field = secret_line("bitrix24_webhook")
        self.portal_field = text_line("bitrix24_portal")
        self.client_id_field = text_line("bitrix24_client_id")
        self.client_secret_field = secret_line("bitrix24_client_secret")
        self.refresh_token_field = secret_line("bitrix24_refresh_token")
        self.check_button = plain_button(translate("Connect", "Check Bitrix24"), "check_bitrix24")
        self.answer = AnswerLabel("bitrix24_answer")
        self.problem = AnswerLabel("bitrix24_webhook_problem")
        self.portal_problem = AnswerLabel("bitrix24_portal_problem")
        self._add_ways()
        self._add(self._first_rows, translate("Connect", "Webhook"), self.webhook_field, self.problem)
        self._add(self._second_rows, translate("Connect", "Portal"), self.portal_field, self.portal_problem)
        self._add(self._second_rows, translate("Connect", "Application ID"), self.client_id_field)
        self._add(self._second_rows, translate("Connect", "Application key"), self.client_secret_field)
        self._add(self._second_rows, translate("Connect", "Refresh token"), self.refresh_token_field)
        self._shared_rows.append(add_check_row(self._form, self.check_button, self.answer))
        self.portal_field.setPlaceholderText("https://example.bitrix24.ru")
        self.fill(Bitrix24Form())

    def fill(self, form: Bitrix24Form) -> None:
        """Show what is set so far; secrets are never among it."""
        self.setChecked(form.is_enabled)
        self.portal_field.setText(form.portal_url)
        self.client_id_field.setText(form.client_id)
        self.take_way(second=form.uses_application)

    def show_state(self, stored: StoredSecrets, check: CheckState, problems: Problems) -> None:
        """The last answer, the problems of the fields, and which secrets are stored."""
        show_stored(self.webhook_field, stored.webhook, otherwise="https://example.bitrix24.ru/rest/1/…/")
        show_stored(self.client_secret_field, stored.bitrix24_client_secret)
        show_stored(self.refresh_token_field, stored.bitrix24_refresh_token)
        show_check(self.check_button, self.answer, check)
        self.problem.show_answer(problems.get(ConnectField.WEBHOOK, ""), False)
        self.portal_problem.show_answer(problems.get(ConnectField.PORTAL, ""), False)

    def form(self) -> Bitrix24Form:
        """What stands in the fields."""
        return Bitrix24Form(
            is_enabled=self.isChecked(),
            uses_application=self.takes_second_way,
            webhook=self.webhook_field.text().strip(),
            portal_url=self.portal_field.text().strip(),
            client_id=self.client_id_field.text().strip(),
            client_secret=self.client_secret_field.text().strip(),
            refresh_token=self.refresh_token_field.text().strip(),
        )

    def clear_secrets(self) -> None:
        """After they were stored or thrown away."""
        for field in (self.webhook_field, self.client_secret_field, self.refresh_token_field):
            field.clear()


class AmocrmSection(CrmSection):
    """The account by a long-lived token, or by an integration whose tokens are renewed."""

    def __init__(self, parent: QWidget) -> None:
        ways = (translate("Connect", "Long-lived token"), translate("Connect", "Integration"))
        super().__init__(translate("Connect", "amoCRM"), "connect_amocrm", ways, parent)
        self.account_field = text_line("amocrm_account")
        self.token_field = secret_line("amocrm_token")
        self.client_id_field = text_line("amocrm_client_id")
        self.client_secret_field = secret_line("amocrm_client_secret")
        self.refresh_token_field = secret_line("amocrm_refresh_token")
        self.redirect_field = text_line("amocrm_redirect")
        self.user_field = _user_box()
        self.check_button = plain_button(translate("Connect", "Check amoCRM"), "check_amocrm")
        self.answer = AnswerLabel("amocrm_answer")
        self.problems = {
            ConnectField.ACCOUNT: AnswerLabel("amocrm_account_problem"),
            ConnectField.REDIRECT: AnswerLabel("amocrm_redirect_problem"),
            ConnectField.AMOCRM_USER: AnswerLabel("amocrm_user_problem"),
        }
        self._users: tuple[EmployeeChoice, ...] = ()
        problems = self.problems
        self._add(
            self._shared_rows, translate("Connect", "Account"), self.account_field, problems[ConnectField.ACCOUNT]
        )
        self._add_ways()
        self._add(self._first_rows, translate("Connect", "Token"), self.token_field)
        self._add(self._second_rows, translate("Connect", "Integration ID"), self.client_id_field)
        self._add(self._second_rows, translate("Connect", "Secret key"), self.client_secret_field)
        self._add(self._second_rows, translate("Connect", "Refresh token"), self.refresh_token_field)
        redirect = translate("Connect", "Redirect address")
        self._add(self._second_rows, redirect, self.redirect_field, problems[ConnectField.REDIRECT])
        user = translate("Connect", "amoCRM user")
        self._add(self._shared_rows, user, self.user_field, problems[ConnectField.AMOCRM_USER])
        self.user_field.activated.connect(lambda _: self.edited.emit())
        line = self.user_field.lineEdit()
        if line is not None:
            # Not editTextChanged: the check itself fills in who the token belongs to.
            line.textEdited.connect(lambda _: self.edited.emit())
        self._shared_rows.append(add_check_row(self._form, self.check_button, self.answer))
        self.account_field.setPlaceholderText("https://example.amocrm.ru")
        self.fill(AmocrmForm())

    def fill(self, form: AmocrmForm) -> None:
        """Show what is set so far; secrets are never among it."""
        self.setChecked(form.is_enabled)
        self.account_field.setText(form.account_url)
        self.client_id_field.setText(form.client_id)
        self.redirect_field.setText(form.redirect_uri)
        self.user_field.setEditText(form.user_text)
        self.take_way(second=form.uses_integration)

    def show_users(self, users: tuple[EmployeeChoice, ...]) -> None:
        """Offer these; what stands in the field stays, a bare number gets its name."""
        if users == self._users:
            return
        self._users = users
        standing = self.user_field.currentText()
        self.user_field.blockSignals(True)
        self.user_field.clear()
        for user in users:
            self.user_field.addItem(employee_label(user), user.employee_id)
        known = next((employee_label(user) for user in users if str(user.employee_id) == standing.strip()), standing)
        self.user_field.setCurrentIndex(-1)
        self.user_field.setEditText(known)
        self.user_field.blockSignals(False)

    def show_state(self, stored: StoredSecrets, check: CheckState, problems: Problems) -> None:
        """The last answer, the problems of the fields, and which secrets are stored."""
        show_stored(self.token_field, stored.amocrm_token)
        show_stored(self.client_secret_field, stored.amocrm_client_secret)
        show_stored(self.refresh_token_field, stored.amocrm_refresh_token)
        show_check(self.check_button, self.answer, check)
        for field, label in self.problems.items():
            label.show_answer(problems.get(field, ""), False)

    def form(self) -> AmocrmForm:
        """What stands in the fields."""
        return AmocrmForm(
            is_enabled=self.isChecked(),
            account_url=self.account_field.text().strip(),
            uses_integration=self.takes_second_way,
            token=self.token_field.text().strip(),
            client_id=self.client_id_field.text().strip(),
            client_secret=self.client_secret_field.text().strip(),
            refresh_token=self.refresh_token_field.text().strip(),
            redirect_uri=self.redirect_field.text().strip(),
            user_text=self.user_field.currentText().strip(),
        )

    def clear_secrets(self) -> None:
        """After they were stored or thrown away."""
        for field in (self.token_field, self.client_secret_field, self.refresh_token_field):
            field.clear()


def _user_box() -> QComboBox:
    """Of the account's list where it can be read; whoever is no administrator types the number."""
    box = QComboBox()
    box.setObjectName("amocrm_user")
    box.setEditable(True)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    completer = QCompleter(box.model(), box)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    box.setCompleter(completer)
    line = box.lineEdit()
    if line is not None:
        line.setPlaceholderText(translate("Connect", "Your number in amoCRM; the check finds it"))
    return box
