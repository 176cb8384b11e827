"""The benchmark: the same questions, side by side, on our server and on others."""
