"""Rules for raising, ranking, clearing and limiting flags."""
