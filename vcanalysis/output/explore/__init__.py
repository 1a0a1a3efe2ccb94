"""Explore: JupyterLab on one's own copy of the notebooks, and pictures that answer when a slider moves."""
