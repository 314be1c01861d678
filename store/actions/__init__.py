"""Use cases: every action of people and the worker on cases, one transaction each.

Every function takes the ``Store`` and ids, reads the current state, asks the rules, and writes the
change, the audit rows and the outbox rows together. A refusal is a ``CaseworkError``.
"""
