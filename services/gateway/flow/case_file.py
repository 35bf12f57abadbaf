"""An incident as a PDF to be filed: told again step by step, with the seal of its events; the log tells who took it.

Chinese is set in the standard font STSong-Light that PDF readers bring along, so no font is shipped.
"""

import asyncio
import io
from collections.abc import Sequence
from datetime import datetime
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from services.gateway.domain import case_file as it
from services.gateway.domain.case_file import Table
from services.gateway.domain.case_words import TITLES, Lang, word
from services.gateway.domain.people import Identity
from services.gateway.flow import replay, sheets
from services.gateway.flow.orders import CHINA
from services.gateway.store import replay as store
from shared.runtime.database import Database
from shared.vocabulary.divisions import Division

FONT = "STSong-Light"
BODY = ParagraphStyle("body", fontName=FONT, fontSize=8.5, leading=12, wordWrap="CJK")
HEAD = ParagraphStyle("head", parent=BODY, fontSize=12, leading=20, spaceBefore=8)
TITLE = ParagraphStyle("title", parent=BODY, fontSize=17, leading=26)
MARGIN = 16 * mm
WIDE = A4[0] - 2 * MARGIN
WIDTHS: dict[int, Sequence[float]] = {2: (0.25, 0.75), 3: (0.1, 0.65, 0.25), 6: (0.06, 0.19, 0.1, 0.25, 0.15, 0.25)}
LINES = TableStyle([
    ("GRID", (0, 0), (-1, -1), 0.4, colors.HexColor("#b9c0c7")), ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#eef1f4")), ("TOPPADDING", (0, 0), (-1, -1), 2),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
])  # fmt: skip


async def case_file(database: Database, who: Identity, name: str, lang: Lang, now: datetime) -> bytes:
    """The file's bytes. MissingError beyond the caller's scope."""
    told = await replay.replay(database, who, name, now)
    async with database.reading(who.scope) as connection:
        sealed = await store.sealed(connection, name)
    parts = list(it.tables(told, sealed, lang, CHINA))
    content = await asyncio.to_thread(written, name, parts, _by(who, now, lang), lang)
    body: dict[str, str | int] = {"what": "case-file", "format": "pdf", "rows": len(sealed), "of": name}
    await sheets.told(database, who, Division(told["division"]), body, now)
    return content


def _by(who: Identity, now: datetime, lang: Lang) -> str:
    at = now.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
    return f"导出：{who.name} {at}" if lang == "zh" else f"Taken by {who.name}, {at}"


def written(name: str, parts: Sequence[Table], by: str, lang: Lang) -> bytes:
    """The document; the same content gives the same bytes."""
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    title = f"{word(TITLES['file'], lang)} {name}"
    story: list[Flowable] = [Paragraph(escape(title), TITLE), Paragraph(escape(by), BODY)]
    for part in parts:
        story += _part(part)
    file = io.BytesIO()
    page = SimpleDocTemplate(
        file, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN, title=title,
        author="Yinling 银铃", invariant=1, lang="zh-CN" if lang == "zh" else "en",
    )  # fmt: skip

    def foot(canvas: Canvas, _: object) -> None:
        canvas.setFont(FONT, 8)
        canvas.drawString(MARGIN, MARGIN / 2, title)
        canvas.drawRightString(A4[0] - MARGIN, MARGIN / 2, str(canvas.getPageNumber()))

    page.build(story, onFirstPage=foot, onLaterPages=foot)
    return file.getvalue()


def _part(part: Table) -> list[Flowable]:
    rows = [[Paragraph(escape(cell), BODY) for cell in row] for row in (part.head, *part.rows)]
    widths = [share * WIDE for share in WIDTHS[len(part.head)]]
    parts: list[Flowable] = [Paragraph(escape(part.title), HEAD)] if part.title else [Spacer(0, 6)]
    parts.append(LongTable(rows, widths, repeatRows=1, style=LINES))
    return [*parts, *([Paragraph(escape(part.note), BODY)] if part.note else [])]
