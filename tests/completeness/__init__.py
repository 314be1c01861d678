"""Lists that exist in several places are complete: the tests walk the code and count."""
