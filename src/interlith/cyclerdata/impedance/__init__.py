"""Impedance spectra: circuits and their fit, the Kramers-Kronig test, relaxation times, series.

`circuit` reads a circuit and computes it, `starting` finds where a fit starts, `fit` fits,
`choosing` picks a circuit, `kramers_kronig` tests a spectrum, `drt` gives the distribution of
relaxation times, `series` follows spectra in time and `collapse` finds where an arc collapses.
"""
