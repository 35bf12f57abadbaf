"""Keys for words about people, in databases that are thrown away afterwards."""

import base64
from random import Random

from shared.runtime.sealed import Fields

KEY = base64.b64encode(Random(7).randbytes(32)).decode()
KEYS = {"YINLING_FIELD_KEYS": f"1:{KEY}", "YINLING_SEARCH_KEY": KEY}
FIELDS = Fields(f"1:{KEY}", KEY)
