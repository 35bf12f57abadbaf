"""What a seed has in store: how many press and when, who can be asked, how bad the air is, what breaks and when."""

from dataclasses import dataclass, replace
from random import Random

from bench.simulation.broker import Radio
from services.dispatch.domain.policy import SHIPPED, Policy, Rung

FAULTS = ("kill", "kill", "kill", "stop", "stop", "fall", "dark", "broker", "cut", "cut")
MOST_FAULTS = 9
TROUBLE_S = 7.0
PRESSED_WITHIN_S = (0.2, 5.0)
NEAR_S = (-0.8, 0.4)
LADDER = (Rung(3, "community"), Rung(6, "county", ("console", "sms")), Rung(9, "city", ("console", "voice")))
HURRIED = replace(
    SHIPPED, stall_s=4, confirm_s=3, lost_s=4, voice_s=2,
    rules={
        name: replace(
            rule, one_more_s=3, respond_s=4, volunteers_s=2, ladder=LADDER, repeat=5, unseen_s=1, louder_s=2,
            untaken_s=3,
        ) for name, rule in SHIPPED.rules.items()
    },
)  # fmt: skip
"""Every deadline within the seconds that a world lasts."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Instants in seconds after everybody is there."""

    homes: int
    presses: tuple[float, ...]
    people: int
    faults: tuple[tuple[float, str], ...]
    radio: Radio
    cuts: float
    slow: float
    policy: Policy

    @classmethod
    def drawn(cls, draw: Random) -> "Plan":
        """From calm to very bad; half of the faults come near a press."""
        bad, within_s = draw.random(), draw.choice(PRESSED_WITHIN_S)
        presses = sorted(draw.uniform(0, within_s) for _ in range(draw.randint(1, 6)))
        near = [max(0.0, draw.choice(presses) + draw.uniform(*NEAR_S)) for _ in range(MOST_FAULTS)]
        any_time = [draw.uniform(0.2, TROUBLE_S) for _ in range(MOST_FAULTS)]
        instants = [draw.choice(two) for two in zip(near, any_time, strict=True)][: int(bad * MOST_FAULTS)]
        return cls(
            draw.randint(1, 4), tuple(presses), draw.randint(1, 4),
            tuple((at, draw.choice(FAULTS)) for at in sorted(instants)),
            Radio(bad * draw.uniform(0, 0.4), bad * draw.uniform(0, 0.4), draw.choice((0.03, 0.3, 3.0))),
            bad * draw.choice((0, 0.003, 0.01)), draw.choice((0, 0.02, 0.15)), draw.choice((SHIPPED, HURRIED)),
        )  # fmt: skip
