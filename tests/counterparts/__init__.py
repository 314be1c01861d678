"""Other programs than ours as a check on them, by ``make counterparts`` alone: they need npm.

The modules are not called ``test_…``, so that ``make test`` leaves them.
"""
