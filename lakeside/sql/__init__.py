"""SQL to data frames: what ``%%sql`` and ``lakeside.read_sql`` stand on. Imports nothing until it is used."""
