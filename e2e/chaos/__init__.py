"""Any process may die at any moment: the order completes, and nothing is lost or doubled."""
