"""The rules that make text into tables: every change, row set aside and row dropped is logged."""
