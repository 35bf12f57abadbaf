"""What a console knows of its inboxes: the client's rules of the wire contract, without any I/O."""

from dataclasses import dataclass, field
from typing import Any

Frame = dict[str, Any]
ACK_EVERY = 20


@dataclass
class Inbox:
    """How far one inbox has come; `held` are events that arrived before their predecessors."""

    id: str
    epoch: str = ""
    seq: int = 0
    acked: int = 0
    held: dict[int, Frame] = field(default_factory=dict)

    def take(self, event: Frame) -> tuple[list[Frame], bool]:
        """Return the events that may be shown now, in order, and whether a replay must be asked for."""
        seq = event["seq"]
        if seq <= self.seq:
            return [], False
        self.held[seq] = event
        ready: list[Frame] = []
        while self.seq + 1 in self.held:
            self.seq += 1
            ready.append(self.held.pop(self.seq))
        return ready, bool(self.held) and not ready

    def reset(self, epoch: str, seq: int) -> None:
        """Go on from a snapshot."""
        self.epoch, self.seq, self.acked = epoch, seq, seq
        self.held.clear()

    def meet(self, epoch: str) -> None:
        """Learn the stream's epoch from the welcome."""
        self.epoch = epoch

    def ack(self, *, now: bool) -> Frame | None:
        """The acknowledgement that is due: every 20 events, or what there is when `now`."""
        if self.seq - self.acked < (1 if now else ACK_EVERY):
            return None
        self.acked = self.seq
        return {"t": "ack", "i": self.id, "seq": self.seq}

    def position(self) -> Frame:
        """As told in `hello`."""
        return {"id": self.id, "epoch": self.epoch, "seq": self.seq}
