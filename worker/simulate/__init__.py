"""What a draft policy would have done in past weeks, replayed beside live cases."""
