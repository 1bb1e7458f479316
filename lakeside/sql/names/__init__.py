"""Names of tables and columns, for completion. Imports no driver until a cell of SQL asks for a name."""
