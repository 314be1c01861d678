"""Checks of the product against independent programs, run only by ``make counterparts``.

They need npm. The modules are not called ``test_…``, so that ``make test`` does not run them.
"""
