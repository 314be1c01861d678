"""Record what students say, and exempt, find and answer them."""
