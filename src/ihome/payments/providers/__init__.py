"""The gateways that can take money, one folder each."""
