"""Makes, tests and ships what was ordered; knows no prices (R5, R10–R13, R26)."""
