"""Let ``python -m interlith`` do what ``interlith`` does."""

from interlith.cli import run_and_leave

run_and_leave()
