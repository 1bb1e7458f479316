"""Runs a notebook without anybody there: ``python -m lakeside.runner``.

Needs nbclient, nbformat and jupyter_client, and a kernel; no Jupyter server.
"""
