"""The neutral card model and what every card is built from."""
