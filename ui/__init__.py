"""The console's face: Qt widgets over `app`. Nothing of the product's logic lives here."""
