"""Words of SQL that completion offers."""

from __future__ import annotations

#: What a statement begins with.
BEGINNING = ("SELECT", "WITH", "INSERT INTO", "UPDATE", "DELETE FROM", "CREATE TABLE", "SHOW", "DESCRIBE", "EXPLAIN")
WORDS = (
    *("SELECT", "FROM", "WHERE", "GROUP BY", "ORDER BY", "HAVING", "LIMIT", "OFFSET", "DISTINCT", "AS", "AND", "OR"),
    *("NOT", "IN", "IS NULL", "IS NOT NULL", "BETWEEN", "LIKE", "EXISTS", "CASE", "WHEN", "THEN", "ELSE", "END"),
    *("JOIN", "LEFT JOIN", "RIGHT JOIN", "INNER JOIN", "CROSS JOIN", "ON", "USING", "UNION", "UNION ALL", "EXCEPT"),
    *("INTERSECT", "WITH", "VALUES", "INSERT INTO", "UPDATE", "SET", "DELETE FROM", "CREATE TABLE", "DROP TABLE"),
    *("ASC", "DESC", "OVER", "PARTITION BY", "CAST", "COALESCE", "COUNT", "SUM", "AVG", "MIN", "MAX"),
)


def words(begun: str) -> list[str]:
    """Words that begin like this, in small letters where it is in such."""
    found = [word for word in WORDS if word.startswith(begun.upper())]
    return [word.lower() for word in found] if begun and begun == begun.lower() else found
