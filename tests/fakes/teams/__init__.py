"""A local Microsoft Teams over HTTP, which signs what it sends and checks its callers."""
