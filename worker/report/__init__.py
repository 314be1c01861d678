"""Reports on schools: their figures, as a page, a table, and an extract for Power BI."""
