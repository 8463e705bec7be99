"""Changes of the policy from Slack: proposed, approved, adopted or handed over, taken back."""
