"""The same rows on paper by another hand: `build/peers/bin/python benchmarks/peer_paper.py typst|weasyprint FOLDER`,
the folder holding the fonts.

Reads rows as JSON, a line each time, and answers with the milliseconds that its tagged PDF took, and its size.
"""

import html
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

Rows = Sequence[Sequence[str]]
TITLE, HEAD, WIDTHS = "Session note", ("Time", "Min", "Code", "Observation", "By"), (8, 7, 14, 64, 7)


def typst(folder: Path) -> Callable[[Rows], bytes]:
    """Typst: PDF/A-3a, which is tagged."""
    import typst as engine

    fonts = engine.Fonts(include_system_fonts=False, font_paths=[str(folder)])

    def made(rows: Rows) -> bytes:
        cells = "\n".join(", ".join(f"[{_typst(cell)}]" for cell in row) + "," for row in rows)
        head = ", ".join(f"[{name}]" for name in HEAD)
        source = f"""#set document(title: [{TITLE}], date: datetime(year: 2026, month: 11, day: 19))
#set page(paper: "a4", margin: (x: 51pt, top: 70pt, bottom: 52pt), header: [Sample Patient A],
  footer: context [Page #counter(page).display() of #counter(page).final().first()])
#set text(font: "Source Sans Pro", size: 8.6pt, lang: "en")
= {TITLE}
#table(columns: ({", ".join(f"{width}fr" for width in WIDTHS)}), stroke: (bottom: 0.4pt), inset: 3pt,
  table.header({head}),
{cells})
"""
        pdf: bytes = engine.compile(source.encode(), font_paths=fonts, pdf_standards=["a-3a"])
        return pdf

    return made


def weasyprint(folder: Path) -> Callable[[Rows], bytes]:
    """WeasyPrint: PDF/UA-1."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    face = (folder / "SourceSansPro-Regular.ttf").as_uri()
    look = f"""@font-face {{ font-family: Body; src: url({face}) }}
@page {{ size: A4; margin: 70pt 51pt 52pt; @top-left {{ content: "Sample Patient A" }}
  @bottom-right {{ content: "Page " counter(page) " of " counter(pages) }} }}
body {{ font: 8.6pt/11.1pt Body }} table {{ border-collapse: collapse; width: 100%; table-layout: fixed }}
td, th {{ padding: 2.2pt 3pt 2.6pt; border-bottom: 0.4pt solid #c9d3d6; text-align: left; vertical-align: top }}
{" ".join(f"th:nth-child({n}) {{ width: {width}% }}" for n, width in enumerate(WIDTHS, 1))}"""
    css = CSS(string=look, font_config=fonts)

    def made(rows: Rows) -> bytes:
        head = "".join(f'<th scope="col">{name}</th>' for name in HEAD)
        body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
        page = (
            f'<html lang="en"><title>{TITLE}</title><h1>{TITLE}</h1>'
            f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></html>"
        )
        pdf: bytes = HTML(string=page).write_pdf(stylesheets=[css], font_config=fonts, pdf_variant="pdf/ua-1")
        return pdf

    return made


def _typst(words: str) -> str:
    return "".join(f"\\{char}" if char in '\\#$*_`<>@=-+/[]~"' else char for char in words)


def main() -> None:
    """Serve until stdin ends."""
    make = {"typst": typst, "weasyprint": weasyprint}[sys.argv[1]](Path(sys.argv[2]))
    for line in sys.stdin:
        rows = json.loads(line)
        begun = time.perf_counter()
        pdf = make(rows)
        took = (time.perf_counter() - begun) * 1000
        print(json.dumps([took, len(pdf)]), flush=True)


if __name__ == "__main__":
    main()
