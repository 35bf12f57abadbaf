"""What Apprise covers: push services and chat rooms, some SMS vendors. It says nothing of what became of a message."""

import asyncio
import logging
from urllib.parse import quote

from apprise import Apprise

from services.dispatch.outbox import Outcome, Parcel

logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its warnings name addresses, tokens and recipients


class Apprised:
    """One of Apprise's addresses, with `{to}` for the recipient's number or `{id}` for who it is."""

    reports = False

    def __init__(self, address: str) -> None:
        """Keep the address; it holds the vendor's token."""
        self._address = address
        self.needs_number = "{to}" in address

    async def send(self, parcel: Parcel) -> Outcome:
        """Hand it over; Apprise tells no more than whether that worked."""
        post = await asyncio.to_thread(self._post, quote(parcel.to, safe=""))
        if post is None:
            return Outcome("refused", "bad_address")
        done = await post.async_notify(body=parcel.text, title=parcel.title)
        return Outcome("taken") if done else Outcome("away", "not_taken")

    def _post(self, to: str) -> Apprise | None:
        """Ready to send; the first one loads every vendor there is, which takes a while."""
        post = Apprise()
        return post if post.add(self._address.replace("{to}", to).replace("{id}", to)) else None
