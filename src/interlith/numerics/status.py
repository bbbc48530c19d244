"""How an integration ended: every code with what it means and what to do about it."""

from typing import Final

REACHED_END: Final = 0
EVENT: Final = 1
STEP_TOO_SMALL: Final = 2
TOO_MANY_STEPS: Final = 3
NOT_FINITE: Final = 4
BUFFER_FULL: Final = 5

MESSAGES: Final[dict[int, str]] = {
    REACHED_END: "reached the end of the interval",
    EVENT: "stopped at an event",
    STEP_TOO_SMALL: "the step size fell below the resolution of time; loosen rtol or check for a "
    "parameter many orders of magnitude off",
    TOO_MANY_STEPS: "needed more steps than allowed; loosen rtol or shorten the protocol step",
    NOT_FINITE: "the equations gave a value that is not finite; check for extreme parameters",
    BUFFER_FULL: "the output buffer is full; the integration goes on from here",
}
