"""An elder's card: its code as people type it, and the page that anybody sees who reads it."""

from html import escape

MISREAD = str.maketrans("ILO", "110")
"""Letters that no code has, since they look like figures."""

STYLE = """
body{font:20px/1.6 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;color:#111;background:#fff;
margin:0 auto;max-width:32rem;padding:1.5rem}
a{display:block;font-size:1.6rem;font-weight:700;text-align:center;padding:1rem;margin:1.5rem 0;border-radius:.75rem;
background:#0b5c3b;color:#fff;text-decoration:none}
p{margin:.4rem 0}[lang=en]{color:#444;font-size:1rem}
"""


def meant(said: str) -> str:
    """A code as somebody typed it: small letters, strokes, letters for figures."""
    return said.replace("-", "").upper().translate(MISREAD)


def card_page(phone: str) -> str:
    """Whom to telephone, and nothing of her; `phone` is the duty desk's."""
    number = escape(phone, quote=True)
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><title>银铃</title>'
        f"<style>{STYLE}</style></head><body><main><h1>银铃 Yinling</h1>"
        "<p>这张卡的主人由银铃值守席照看。如果她走失或需要帮助，请拨打：</p>"
        f'<a href="tel:{number}">{number}</a>'
        "<p>请留在她身边，告诉值守席您在哪里。谢谢。</p>"
        '<p lang="en">Whoever carries this card is cared for by the Yinling duty desk. If she is lost or needs help, '
        "please telephone the number above, stay with her, and say where you are. Thank you.</p></main></body></html>"
    )
