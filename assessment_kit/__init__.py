"""A kit that turns one conversation with a production-support team into numbers and an owned plan."""

__version__ = "0.1.0"
