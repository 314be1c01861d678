"""Use cases: everything that people and the worker do to cases, one transaction each.

Every function takes the ``Store`` and what it needs as ids, reads the state afresh, asks the rules,
and writes the change, the audit and the outbox rows together. A refusal is a ``CaseworkError``.
"""
