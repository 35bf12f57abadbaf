"""What a newcomer sees: progress, then one clear panel."""

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from deploy.local.seed import PASSWORD
from deploy.local.up import Running

SHOWN = ("desk1", "sup-county", "r0001", "r0002")
LABELS = {"http": "web", "page": "button page", "exchange": "phones", "mqtt": "MQTT"}


def show(console: Console, it: Running, *, quiet: bool) -> None:
    """Addresses, logins, what to try."""
    console.print(
        Panel(
            Group(_addresses(it), Text(), _logins(it), Text(), _try(it, quiet=quiet), *_moved(it)),
            title="银铃 Yinling · 会昌县 demo", border_style="cyan", padding=(1, 2),
        )
    )  # fmt: skip


def _addresses(it: Running) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_row("值守台与服务端 desk and field", Text(it.http, style="bold cyan"))
    table.add_row("按一下按钮 press a button", Text(it.page, style="bold cyan"))
    table.add_row("演示电话 phones that ring", Text(it.phones, style="bold cyan"))
    table.add_row("MQTT", Text(f"{it.mqtt['host']}:{it.mqtt['port']}", style="bold"))
    if it.mqtt.get("tls"):
        table.add_row("TLS 信任 trust", str(it.mqtt["ca"]))
    table.add_row("数据 data, demo.json", str(it.folder))
    return table


def _logins(it: Running) -> Table:
    table = Table(box=None, padding=(0, 2))
    for heading in ("登录 login", "密码 password", "角色 role"):
        table.add_column(heading, header_style="dim")
    accounts = {account.id: account for account in it.seeded.county.accounts}
    for name in SHOWN:
        if name in accounts:
            account = accounts[name]
            table.add_row(name, PASSWORD, f"{account.role} {account.kind or ''} {account.division}")
    return table


def _try(it: Running, *, quiet: bool) -> Text:
    lines = (
        "试一试 Try this:",
        f"1  打开 open {it.http} · desk1 · 开始值守 start the watch",
        "2  另一窗口 second window: r0001 · 开始值班 go on duty",
        f"3  {it.page} · 按下 press · 看谁来 see who comes",
        "Ctrl-C 停止全部 stops everything this started" + (" · --quiet: nobody answers but you" if quiet else ""),
    )
    return Text("\n".join(lines))


def _moved(it: Running) -> list[Text]:
    names = [LABELS[name] for name in it.moved if name in LABELS]
    if not names:
        return []
    return [Text(), Text(f"端口被占用，已换 ports were taken, moved: {', '.join(names)}", style="yellow")]
