"""Looking after the stored pictures: those that no row names, those that are not there, and moving house."""
