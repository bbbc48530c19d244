"""Measured data: from a cycler's file to the short, the resistances and the fade.

`recording` and `spectrum` are what readers give, `columns` their names; `impedance` and `cycling`
analyse them.
"""
