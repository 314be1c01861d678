"""Each list that is kept in several places is whole: found by walking, and counted."""
