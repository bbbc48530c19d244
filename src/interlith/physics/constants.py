"""Constants of nature and of lithium that no cell file can change (CODATA 2018, exact SI)."""

FARADAY = 96485.33212
"""Faraday constant [C mol-1] (CODATA 2018, doi:10.1103/RevModPhys.93.025010)."""

GAS_CONSTANT = 8.314462618
"""Molar gas constant [J mol-1 K-1] (CODATA 2018, doi:10.1103/RevModPhys.93.025010)."""

AVOGADRO = 6.02214076e23
"""Avogadro constant [mol-1] (exact, CODATA 2018, doi:10.1103/RevModPhys.93.025010)."""
