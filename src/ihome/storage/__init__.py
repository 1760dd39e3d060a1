"""Pictures: where they are kept and how an upload becomes one."""
