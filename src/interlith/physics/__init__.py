"""What happens in a lithium electrode: one file a phenomenon, every law in one function.

Read ``electrode.py`` first: it puts the laws together into one ordinary differential equation.
"""
