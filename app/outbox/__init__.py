"""CRM writes that survive anything: saved cards, their steps, drafts. Live call commands never pass through here."""
