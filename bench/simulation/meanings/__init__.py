"""What each statement of the services does, in words of rows: the SQL itself is tested against PostgreSQL.

Only the statements that the imagined processes send are here; another one is a KeyError, which a run reports.
"""

from collections.abc import Mapping

from bench.simulation.meanings import devices, dispatch, gateway, log
from bench.simulation.store import Meaning

MEANINGS: Mapping[str, Meaning] = {**log.MEANINGS, **devices.MEANINGS, **dispatch.MEANINGS, **gateway.MEANINGS}
