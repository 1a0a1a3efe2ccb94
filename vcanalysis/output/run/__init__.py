"""The runner: notebooks in, a sealed run folder out. The only user of papermill.

Nothing is imported here: a forked kernel loads this package and must begin at once.
"""
