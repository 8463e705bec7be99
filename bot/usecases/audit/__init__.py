"""Internal audits and their findings: planned, held by somebody independent, answered, closed once that took effect."""
