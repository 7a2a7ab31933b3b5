"""The dashboard: pages on the published marts. It reads the serving file, and nothing else."""
