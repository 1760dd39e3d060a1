"""A person's own data as one file: asked for, made by a worker, kept for a week, sent to nobody else."""
