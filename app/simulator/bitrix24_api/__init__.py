"""The simulated Bitrix24 portal: its rows (`portal`), its methods, and its HTTP surface (`face`)."""
