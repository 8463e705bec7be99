"""Tables of the management system: documents, audits, registers, reports, management reviews."""
