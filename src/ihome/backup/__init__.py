"""`ihome backup` and `ihome restore`: a site's rows and pictures in one file that any of the databases can take."""
