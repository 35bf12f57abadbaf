"""What everybody may know, as a page that needs no script: whether calls for help go through, day by day."""

from collections.abc import Mapping
from html import escape
from typing import Any

from services.gateway.domain.wording import stamp_or_none

WORDS: Mapping[bool | None, tuple[str, str, str]] = {
    True: ("good", "求助畅通", "Calls for help go through"),
    False: ("bad", "求助可能受阻", "Calls for help may not go through"),
    None: ("none", "暂无探测数据", "Nothing is known yet"),
}
STYLE = """
:root{color-scheme:light dark;--good:#1b6e3c;--bad:#a3161a;--none:#55606b}
@media (prefers-color-scheme:dark){:root{--good:#7fd6a2;--bad:#ff9d97;--none:#b3bdc7}}
body{font:18px/1.5 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;max-width:44rem}
body{margin:2rem auto;padding:0 1rem}
h1{font-size:1.3rem}.state{font-size:1.8rem;font-weight:700;border-left:.5rem solid;padding-left:1rem}
.good{color:var(--good)}.bad{color:var(--bad)}.none{color:var(--none)}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.2rem .5rem;border-bottom:1px solid #8888}
td{font-variant-numeric:tabular-nums}
"""


def page(status: Mapping[str, Any]) -> str:
    """The page; it reads itself again every minute."""
    tone, zh, en = WORDS[status["ok"]]
    last = stamp_or_none(status["last_at"])
    facts = (
        ("近30天畅通时间 Share of the last 30 days", _percent(status["share_30d"])),
        ("按下到有人来（中位数／99%） From press to somebody coming (median, 99 %)",
         f"{_seconds(status['p50_ms'])} / {_seconds(status['p99_ms'])}"),
        ("最近一次成功探测 Last success", escape(last or "–")),
    )  # fmt: skip
    rows = "".join(f"<tr><th scope=row>{name}</th><td>{value}</td></tr>" for name, value in facts)
    days = "".join(
        f"<tr><th scope=row>{one['day'].isoformat()}</th><td>{_percent(one['share'])}</td></tr>"
        for one in reversed(status["days"])
    )
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta http-equiv="refresh" content="60">'
        '<meta name="viewport" content="width=device-width"><title>银铃 运行状态 Yinling status</title>'
        f"<style>{STYLE}</style></head><body><main><h1>银铃 运行状态 <span lang=en>Yinling status</span></h1>"
        f'<p class="state {tone}">{zh}<br><span lang=en>{en}</span></p><table>{rows}</table>'
        f"<h2>每天 <span lang=en>Day by day</span></h2><table>{days}</table>"
        "<p>由每20秒按一次、没有人佩戴的设备测得；某一分钟没有测到成功，就算不通。"
        "<br><span lang=en>Told by a device that nobody wears and that presses every 20 seconds. A minute without a "
        "success counts as blocked.</span></p></main></body></html>"
    )


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share * 100:.2f} %"


def _seconds(ms: int | None) -> str:
    return "–" if ms is None else f"{ms / 1000:.1f} s"
