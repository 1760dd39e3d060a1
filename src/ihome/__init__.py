"""爱家租房 ihome: a self-hosted marketplace for short stays."""

__version__ = "0.1.0"
