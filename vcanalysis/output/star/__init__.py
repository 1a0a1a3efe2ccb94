"""Tables for colleagues: published records as a star of tidy tables for Power BI, Excel, R or anything else.

One table of results (a row each), and beside it what they measure, what they answer and the run they are of. Keys are
words that stay from quarter to quarter, so that the tables of many runs can be put under each other. Made from gated
records alone.
"""
