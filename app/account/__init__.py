"""What the account has beside its calls: people, groups, tags, numbers, scenarios, sounds, statuses. Vendor-neutral."""
