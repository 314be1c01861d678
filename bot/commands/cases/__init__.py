"""Commands about cases: one module for each group of buttons on a card."""
