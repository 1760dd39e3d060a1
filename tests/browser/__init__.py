"""The site as people meet it: Chromium at two sizes and in two languages."""
