"""Read what may be done on a case now, by the rules that decide at the click."""
