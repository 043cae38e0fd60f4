"""The one call the operator looks at, large."""
