"""The dialog *Connect*: where the PBX and the CRMs are, who I am. It shows and collects; the presenter decides."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.texts.connect import secrets_home_sentence
from ui.widgets.plain_label import PlainLabel
from ui.windows.connect_area import ConnectArea
from ui.windows.connect_crm_sections import AmocrmSection, Bitrix24Section
from ui.windows.connect_fields import line_up, plain_button
from ui.windows.connect_sections import MeSection, PbxSection
from ui.windows.connect_state import CheckedSide, ConnectField, ConnectForm, ConnectState

translate = QCoreApplication.translate


class ConnectDialog(QDialog):
    """Signals out: `check_pbx_requested`, `check_bitrix24_requested`, `check_amocrm_requested`, `save_requested`,
    `sign_out_requested`, and `edited(CheckedSide or None)` when the operator typed something that an answer may have
    been about."""

    check_pbx_requested = Signal()
    check_bitrix24_requested = Signal()
    check_amocrm_requested = Signal()
    save_requested = Signal()
    sign_out_requested = Signal()
    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("connect_dialog")
        self.setWindowTitle(translate("Connect", "Connect"))
        self.pbx = PbxSection(self)
        self.me = MeSection(self)
        self.bitrix24 = Bitrix24Section(self)
        self.amocrm = AmocrmSection(self)
        self.home_label = PlainLabel(name="connect_secrets_home")
        self.problem_label = PlainLabel(name="connect_problem")
        self.sign_out_button = plain_button(translate("Connect", "Sign out"), "connect_sign_out")
        self.save_button = plain_button(translate("Connect", "Save"), "connect_save")
        self.cancel_button = plain_button(translate("Connect", "Cancel"), "connect_cancel")
        self.area = ConnectArea((self.pbx, self.me, self.bitrix24, self.amocrm, self.home_label), self)
        self._lay_out()
        self._connect()
        self.setMinimumWidth(560)
        self.pbx.address_field.setFocus()

    def fill(self, form: ConnectForm, state: ConnectState) -> None:
        """Show what is set so far. Called once, before the operator types."""
        self.me.fill_employees(state.employees)
        self.pbx.fill(form)
        self.me.fill(form)
        self.bitrix24.fill(form.bitrix24)
        self.amocrm.fill(form.amocrm)
        self.show_state(state)

    def show_state(self, state: ConnectState) -> None:
        """Answers of checks, problems, what is stored; what stands in the fields is not touched."""
        problems = dict(state.problems)
        self.pbx.show_state(state.stored, state.pbx_check, problems)
        self.me.show_problems(problems)
        self.bitrix24.show_state(state.stored, state.bitrix24_check, problems)
        self.amocrm.show_users(state.amocrm_users)
        self.amocrm.show_state(state.stored, state.amocrm_check, problems)
        self.home_label.setText(secrets_home_sentence(state.home))
        self.problem_label.setText(problems.get(ConnectField.WHOLE, ""))
        self.problem_label.setVisible(ConnectField.WHOLE in problems)
        self._name_cancel(is_saved=state.is_saved)
        self.sign_out_button.setEnabled(state.can_sign_out)
        self.save_button.setEnabled(not state.is_saving)
        self.area.make_room()

    def form(self) -> ConnectForm:
        """What stands in the fields."""
        return ConnectForm(
            call_api_url=self.pbx.address_field.text().strip(),
            uses_key=self.pbx.key_radio.isChecked(),
            login=self.pbx.login_field.text().strip(),
            password=self.pbx.password_field.text(),
            key=self.pbx.key_field.text().strip(),
            employee_text=self.me.employee_field.currentText(),
            crm_user_text=self.me.crm_user_field.text(),
            bitrix24=self.bitrix24.form(),
            amocrm=self.amocrm.form(),
        )

    def suggest_crm_user(self, user_id: int) -> None:
        """Bitrix24 said who the webhook belongs to; a number typed by the operator stays."""
        if not self.me.crm_user_field.text():
            self.me.crm_user_field.setText(str(user_id))

    def suggest_amocrm_user(self, user_id: int) -> None:
        """amoCRM said who the token belongs to; what was typed by the operator stays."""
        if not self.amocrm.user_field.currentText().strip():
            self.amocrm.user_field.setEditText(str(user_id))

    def prefer_key(self) -> None:
        """A key is stored and no login is set: show that way of signing in."""
        if not self.pbx.login_field.text() and not self.pbx.password_field.text():
            self.pbx.key_radio.setChecked(True)

    def clear_secrets(self) -> None:
        """Empty the secret fields, after they were stored or thrown away."""
        for field in (self.pbx.password_field, self.pbx.key_field):
            field.clear()
        self.bitrix24.clear_secrets()
        self.amocrm.clear_secrets()

    def focus_problem(self, field: ConnectField) -> None:
        """Bring the operator to the field that has to be mended."""
        widget = {
            ConnectField.ADDRESS: self.pbx.address_field,
            ConnectField.LOGIN: self.pbx.login_field,
            ConnectField.PASSWORD: self.pbx.password_field,
            ConnectField.KEY: self.pbx.key_field,
            ConnectField.EMPLOYEE: self.me.employee_field,
            ConnectField.CRM_USER: self.me.crm_user_field,
            ConnectField.WEBHOOK: self.bitrix24.webhook_field,
            ConnectField.PORTAL: self.bitrix24.portal_field,
            ConnectField.ACCOUNT: self.amocrm.account_field,
            ConnectField.REDIRECT: self.amocrm.redirect_field,
            ConnectField.AMOCRM_USER: self.amocrm.user_field,
        }.get(field)
        if widget is not None:
            widget.setFocus(Qt.FocusReason.OtherFocusReason)
            self.area.reveal(widget.parentWidget())

    def _lay_out(self) -> None:
        self.problem_label.hide()
        buttons = QHBoxLayout()
        buttons.addWidget(self.sign_out_button)
        buttons.addStretch(1)
        buttons.addWidget(self.save_button)
        buttons.addWidget(self.cancel_button)
        layout = QVBoxLayout(self)
        layout.addWidget(self.area, 1)
        layout.addWidget(self.problem_label)
        line_up((self.pbx, self.me, self.bitrix24, self.amocrm))
        layout.addLayout(buttons)

    def _name_cancel(self, *, is_saved: bool) -> None:
        text = translate("Connect", "Close") if is_saved else translate("Connect", "Cancel")
        self.cancel_button.setText(text)
        self.cancel_button.setAccessibleName(text)

    def _connect(self) -> None:
        self.pbx.check_button.clicked.connect(self.check_pbx_requested)
        self.bitrix24.check_button.clicked.connect(self.check_bitrix24_requested)
        self.amocrm.check_button.clicked.connect(self.check_amocrm_requested)
        self.sign_out_button.clicked.connect(self.sign_out_requested)
        self.save_button.clicked.connect(self.save_requested)
        self.cancel_button.clicked.connect(self.reject)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._choose_default)

        pbx, me = self.pbx, self.me
        for field in (pbx.address_field, pbx.login_field, pbx.password_field, pbx.key_field):
            field.textEdited.connect(lambda _: self.edited.emit(CheckedSide.PBX))
        pbx.radios.idClicked.connect(lambda _: self.edited.emit(CheckedSide.PBX))
        me.crm_user_field.textEdited.connect(lambda _: self.edited.emit(CheckedSide.BITRIX24))
        self.bitrix24.edited.connect(lambda: self.edited.emit(CheckedSide.BITRIX24))
        self.amocrm.edited.connect(lambda: self.edited.emit(CheckedSide.AMOCRM))
        for section in (self.bitrix24, self.amocrm):
            section.toggled.connect(lambda _: self.area.make_room())
            section.radios.idToggled.connect(lambda *_: self.area.make_room())
        me.employee_field.editTextChanged.connect(lambda _: self.edited.emit(None))

    def _choose_default(self, _: QWidget | None, focused: QWidget | None) -> None:
        """Enter checks the server whose fields the cursor is in, and saves everywhere else."""
        if focused is None or not self.isAncestorOf(focused):
            return
        if isinstance(focused, QPushButton):
            focused.setDefault(True)
        elif self.pbx.isAncestorOf(focused):
            self.pbx.check_button.setDefault(True)
        elif self.bitrix24.isAncestorOf(focused):
            self.bitrix24.check_button.setDefault(True)
        elif self.amocrm.isAncestorOf(focused):
            self.amocrm.check_button.setDefault(True)
        else:
            self.save_button.setDefault(True)
