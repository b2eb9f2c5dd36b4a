"""Knows what is due and what came, keeps the ledger and the invoices (R67–R74)."""
