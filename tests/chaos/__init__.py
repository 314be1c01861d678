"""Workers that are killed while mails are due and Graph fails: is each mail sent exactly once?

``make chaos`` runs all of it; a short run is among the tests.
"""
