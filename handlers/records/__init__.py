"""What can be done to any record, in Slack: actions, their fields, their listeners."""
