"""JupyterLab on one's own copy of the notebooks: loads nothing that the command line does not need."""
