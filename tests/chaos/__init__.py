"""Workers are killed while emails are due and Graph fails: is each email sent exactly once?

``make chaos`` runs all of it; a short run is among the tests.
"""
