"""How a request of Slack's finds what answers it."""
