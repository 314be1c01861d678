"""The database: connections, transactions and how rows depend on each other."""
