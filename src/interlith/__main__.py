"""Let ``python -m interlith`` do what ``interlith`` does."""

from interlith.cli import main

main()
