"""The report of a full cell; start in `view.py`, then `losses.py`, `wording.py`, `pictures.py`."""
