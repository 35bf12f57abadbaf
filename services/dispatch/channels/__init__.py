"""The ways to people beside their consoles: what stands behind each channel, as the operator has set it up.

An address that begins with http is an exchange (`exchange`); any other is one of Apprise's (`apprised`), in which
`{to}` stands for the number and `{id}` for the person. A channel without an address refuses everything, and the desk
sees that.
"""

from collections.abc import Mapping

import aiohttp

from services.dispatch.channels.exchange import Exchange
from services.dispatch.outbox import Channel
from shared.runtime.settings import Settings


def channels(settings: Settings, client: aiohttp.ClientSession) -> Mapping[str, Channel]:
    """Channel by name; families get texts where nothing else is laid down for them."""
    sms = settings.channel_sms.get_secret_value()
    addresses = {
        "sms": sms,
        "voice": settings.channel_voice.get_secret_value(),
        "push": settings.channel_push.get_secret_value(),
        "family": settings.channel_family.get_secret_value() or sms,
    }
    secret = settings.channel_secret.get_secret_value()
    return {name: _channel(address, secret, client) for name, address in addresses.items() if address}


def _channel(address: str, secret: str, client: aiohttp.ClientSession) -> Channel:
    if address.startswith(("http://", "https://")):
        return Exchange(client, address, secret)
    from services.dispatch.channels.apprised import Apprised  # noqa: PLC0415  heavy, and few installations need it

    return Apprised(address)
