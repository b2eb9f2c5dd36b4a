"""The public edge: a REST API derived from the protos, its documentation, and the portal."""
