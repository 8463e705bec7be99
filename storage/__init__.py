"""What Deskbell remembers: tables, named queries and the two databases they run on. Knows no Slack."""
