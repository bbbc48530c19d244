"""Numerical methods that know nothing of batteries.

``rodas.py`` holds the stiff integrator, ``banded.py`` and ``bordered.py`` its linear algebra,
``cvode.py`` the reference integrator, ``grid.py`` the graded finite volumes.
"""
