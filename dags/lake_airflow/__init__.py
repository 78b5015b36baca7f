"""What the DAGs of the lake share. The DAGs themselves are graphs only."""
