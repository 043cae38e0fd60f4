"""What a start.* method asked for, as far as it is still to be done. Doing it: started_calls.py."""

from dataclasses import dataclass, field

from app.simulator.pbx.directory import Destination


@dataclass(slots=True)
class StartPlan:
    """The rest of one started call, until both sides talk."""

    contact: Destination
    contact_keys: str = ""
    """Dialled after the contact's answer; a dot is a pause of one second."""
    own_phones: list[Destination] = field(default_factory=list)
    """Phones of our side that have not rung yet; none at all for an informer call."""
    is_informer: bool = False
    """The contact hears the message and the call is over."""
    rings_contact_first: bool = False
    rings_in_turn: bool = False
    """One phone of our side after the other, else all together."""
    shows_line: bool = True
    """Our side sees the virtual number, else the contact's."""
    own_message_s: float = 0.0
    contact_message_s: float = 0.0
    cuts_message: bool = False
    """The talk begins as soon as both have answered, whatever the contact still hears."""
    dial_time_s: float = 60.0
    """How long a phone without a dialling time of its own rings."""
    contact_hears_until_s: float = 0.0
    """Moment of the world's monotonic time at which the contact has heard the message."""

    @property
    def contact_called(self) -> str:
        """The contact's number as list.calls shows it (uis-notes §6.18): with the keys behind it."""
        if not self.contact_keys:
            return self.contact.number
        pause = "" if self.contact_keys.startswith(".") else "."
        return f"{self.contact.number}{pause}{self.contact_keys}"
