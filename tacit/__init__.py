"""Tacit: a knowledge graph of alliance ties, from Turtle files to a reasoned graph."""
