"""For whom the call is written: one of the portal's users, or a number typed where the list is not to be had."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRegularExpression, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.domain.customer import CrmUser
from ui.panels.call_card.fields import QuietComboBox, buddy_label, find_item, say
from ui.widgets.plain_label import PlainLabel, plain

translate = QCoreApplication.translate
_USER_DIGITS = 10
_BY_HAND = "by hand"


class UserRow(QWidget):
    """`edited` after each change by the operator."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card_user_row")
        self._users: tuple[CrmUser, ...] = ()
        self._named_user_id: int | None = None
        self._known_name = ""
        self._is_reflecting = False
        self.user_box = QuietComboBox("card_user_list", self)
        self.user_field = QLineEdit(self)
        self.user_field.setObjectName("card_user")
        digits = QRegularExpression(rf"[0-9]{{0,{_USER_DIGITS}}}")
        self.user_field.setValidator(QRegularExpressionValidator(digits, self.user_field))
        self.field_label = buddy_label(translate("CallCard", "ID"), self.user_field, "card_user_id_label")
        self.user_name = PlainLabel(elide=True, name="card_user_name")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.user_box, 2)
        layout.addWidget(self.field_label)
        layout.addWidget(self.user_field, 1)
        layout.addWidget(self.user_name, 1)
        self.user_box.currentIndexChanged.connect(self._take_choice)
        self.user_field.textEdited.connect(lambda _: self._tell())
        self._arrange()

    @property
    def user_id(self) -> int | None:
        chosen = self.user_box.currentData()
        if self._users and isinstance(chosen, int):
            return chosen
        if self._users and chosen is None:
            return None
        digits = self.user_field.text()
        return int(digits) if digits else None

    def show_user(self, user_id: int | None) -> None:
        """Show this one, without telling it back."""
        self._is_reflecting = True
        shown = str(user_id or "")
        if self.user_field.text() != shown:
            self.user_field.setText(shown)
        place = -1 if user_id is None else find_item(self.user_box, user_id)
        if user_id is not None and place < 0:
            place = find_item(self.user_box, _BY_HAND)
        self.user_box.setCurrentIndex(place)
        self._is_reflecting = False
        self._arrange()

    def show_users(self, users: tuple[CrmUser, ...], named_user_id: int | None, known_name: str) -> None:
        """Offer these; the one chosen stays. `known_name`: of the user `named_user_id`, for where there is no list."""
        self._named_user_id, self._known_name = named_user_id, known_name
        if users != self._users:
            chosen = self.user_id
            self._is_reflecting = True
            self._users = users
            self.user_box.clear()
            for user in users:
                self.user_box.addItem(plain(user.name) or str(user.user_id), user.user_id)
            self.user_box.addItem(translate("CallCard", "By number…"), _BY_HAND)
            self._is_reflecting = False
            self.show_user(chosen)
        self._arrange()

    def focus_field(self) -> None:
        """Put the keyboard where the user is chosen."""
        (self.user_box if self._users else self.user_field).setFocus()

    def set_enabled(self, is_enabled: bool, why: str) -> None:
        for field in (self.user_box, self.user_field):
            field.setEnabled(is_enabled)
            field.setToolTip(why)
            field.setAccessibleDescription(why)

    def _take_choice(self) -> None:
        if self._is_reflecting:
            return
        self._arrange()
        if self.user_box.currentData() == _BY_HAND:
            self.user_field.setFocus()
        self._tell()

    def _arrange(self) -> None:
        has_list = bool(self._users)
        self.user_box.setVisible(has_list)
        is_typed = not has_list or self.user_box.currentData() == _BY_HAND
        self.field_label.setVisible(is_typed)
        self.user_field.setVisible(is_typed)
        self._show_name()

    def _show_name(self) -> None:
        is_known = not self._users and self.user_id is not None and self.user_id == self._named_user_id
        say(self.user_name, self._known_name if is_known else "")

    def _tell(self) -> None:
        self._show_name()
        if not self._is_reflecting:
            self.edited.emit()
