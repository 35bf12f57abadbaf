"""Who is at the door: passwords, second factors, sessions, tickets.

A login never tells which part was wrong and costs the same when the user is unknown.
"""

from services.gateway.accounts.factors import Factors
from services.gateway.accounts.passwords import WeakPasswordError, hash_password, one_time
from services.gateway.accounts.secrets import Vault, digest
from services.gateway.accounts.sessions import Accounts, Caller, Half, Opened, named
from services.gateway.accounts.throttle import FAILURES, BadCredentialsError, Throttle, ThrottledError

__all__ = [
    "FAILURES", "Accounts", "BadCredentialsError", "Caller", "Factors", "Half", "Opened", "Throttle",
    "ThrottledError", "Vault", "WeakPasswordError", "digest", "hash_password", "named", "one_time",
]  # fmt: skip
