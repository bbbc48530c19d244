"""Fits the few parameters that no source gives, to calibration rows only, and says how well.

Read ``fit.py`` first; ``rows.py`` holds the measured rows, ``cells.py`` turns a row into a cell.
"""
