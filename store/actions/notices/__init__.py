"""Record what colleagues are to be told."""
