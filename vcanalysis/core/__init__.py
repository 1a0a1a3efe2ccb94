"""Values: what a number, a table, a needs framework and a fact are. Knows no files of children."""
