"""Runs a notebook in its folder, and writes it with what it printed: execute_notebook.py NOTEBOOK RESULT"""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

source, result = map(Path, sys.argv[1:])
notebook = nbformat.read(source, as_version=4)
nbformat.validate(notebook)
NotebookClient(notebook, timeout=900, resources={"metadata": {"path": str(source.parent)}}).execute()
nbformat.write(notebook, result)
