"""The office's paper (公文格式, GB/T 9704-2012) on python-docx: page, type, headings, tables, page numbers.

Fonts are named, never embedded: 方正小标宋简体, 仿宋_GB2312, 黑体, 楷体_GB2312, 宋体 stand on the office's machines.
The East-Asian slot is set on every run, else the Latin font would rule the Chinese text.
"""

from collections.abc import Collection, Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from ..workbooks.plain import clean_text

TITLE, BODY, HEADING, SUBHEADING, FOLIO = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
LATIN = "Times New Roman"
BODY_SIZE, TITLE_SIZE, FOLIO_SIZE, TABLE_SIZE = 16, 22, 14, 10.5
LINE = 28
SHEET_MM = (210, 297)
MARGINS_MM = {"top": 37, "right": 26, "bottom": 35, "left": 28}  # the text area is 156 × 225

CENTER, RIGHT, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT
JUSTIFY = WD_ALIGN_PARAGRAPH.JUSTIFY


class Paper:
    """One document being written from top to bottom; `landscape` turns the sheet with its margins (横排)."""

    def __init__(self, title: str, *, landscape: bool = False) -> None:
        self.document = Document()
        self.document.core_properties.title = clean_text(title)
        self.document.core_properties.author = ""
        self.document.core_properties.comments = ""
        self.text_width_mm = self._page(self.document.sections[0], landscape)
        self._normal_style()
        self._folios(self.document.sections[0])

    def bytes(self) -> bytes:
        out = BytesIO()
        self.document.save(out)
        return out.getvalue()

    # --- text -------------------------------------------------------------------------------------------

    def title(self, text: str) -> None:
        self._paragraph(text, TITLE, TITLE_SIZE, align=CENTER, line=34)

    def centred(self, text: str, font: str = BODY) -> None:
        self._paragraph(text, font, BODY_SIZE, align=CENTER)

    def addressee(self, name: str) -> None:
        """主送机关: flush left with a colon."""
        self._paragraph(f"{name}：", BODY, BODY_SIZE)

    def blank(self) -> None:
        self._paragraph("", BODY, BODY_SIZE)

    def heading(self, text: str) -> None:
        """一、…"""
        self._indented(self._paragraph(text, HEADING, BODY_SIZE, keep=True))

    def subheading(self, text: str) -> None:
        """（一）…"""
        self._indented(self._paragraph(text, SUBHEADING, BODY_SIZE, keep=True))

    def body(self, text: str) -> None:
        self._indented(self._paragraph(text, BODY, BODY_SIZE, align=JUSTIFY))

    def small(self, text: str) -> None:
        """A line of explanation above a list (口径)."""
        self._paragraph(text, BODY, 12, line=20, keep=True)

    def caption(self, text: str) -> None:
        """Words above a table."""
        self._paragraph(text, HEADING, 12, align=CENTER, line=22, keep=True, before=6)

    def signature(self, issuer: str, day: str) -> None:
        """署名 two characters from the right edge, 成文日期 four (no seal printed)."""
        self.blank()
        for text, characters in ((issuer, 2), (day, 4)):
            paragraph = self._paragraph(text, BODY, BODY_SIZE, align=RIGHT, keep=text == issuer)
            _set(_indentation(paragraph), rightChars=characters * 100, right=characters * BODY_SIZE * 20)

    def new_page(self) -> None:
        self.document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    # --- tables -----------------------------------------------------------------------------------------

    def table(
        self,
        heads: Sequence[str],
        rows: Sequence[Sequence[Any]],
        widths: Sequence[float],
        text_columns: Collection[int] = (),
        size: float = TABLE_SIZE,
    ) -> None:
        """A ruled table across the page; a row of one string is a band over all columns (分组行).

        The head repeats on every page, rows do not break across pages. text_columns are set left, others centred.
        """
        table = self.document.add_table(rows=1, cols=len(heads))
        table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
        _narrow_margins(table)
        scale = self.text_width_mm / sum(widths)
        millimetres = [width * scale for width in widths]
        for cell, head in zip(table.rows[0].cells, heads, strict=True):
            self._cell(cell, head, HEADING, CENTER, size=size)
        _repeat_head(table.rows[0])
        for values in rows:
            row = table.add_row()
            _keep_whole(row)
            if len(values) == 1:
                merged = row.cells[0].merge(row.cells[-1])
                self._cell(merged, values[0], SUBHEADING, LEFT, keep=True, size=size)
                continue
            for column, (cell, value) in enumerate(zip(row.cells, values, strict=True)):
                self._cell(cell, value, BODY, LEFT if column in text_columns else CENTER, size=size)
        for row in table.rows:
            for cell, width in zip(row.cells, millimetres, strict=True):
                cell.width = Mm(width)
        for column, width in zip(table.columns, millimetres, strict=True):
            column.width = Mm(width)
        self._paragraph("", BODY, 6, line=10)

    def _cell(
        self,
        cell: _Cell,
        value: Any,
        font: str,
        align: WD_ALIGN_PARAGRAPH,
        *,
        keep: bool = False,
        size: float,
    ) -> None:
        paragraph = cell.paragraphs[0]
        paragraph.alignment = align
        spacing = paragraph.paragraph_format
        spacing.line_spacing_rule, spacing.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(size + 4.5)
        spacing.keep_with_next = keep
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        _font(paragraph.add_run(clean_text("" if value is None else value)), font, size)

    # --- ground -----------------------------------------------------------------------------------------

    def _paragraph(
        self,
        text: str,
        font: str,
        size: float,
        *,
        align: WD_ALIGN_PARAGRAPH | None = None,
        line: float = LINE,
        keep: bool = False,
        before: float = 0,
    ) -> Paragraph:
        paragraph = self.document.add_paragraph()
        spacing = paragraph.paragraph_format
        spacing.line_spacing_rule, spacing.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
        spacing.space_before, spacing.space_after = Pt(before), Pt(0)
        spacing.keep_with_next = keep
        if align is not None:
            paragraph.alignment = align
        if text:
            _font(paragraph.add_run(clean_text(text)), font, size)
        return paragraph

    @staticmethod
    def _indented(paragraph: Paragraph) -> None:
        _set(_indentation(paragraph), firstLineChars=200, firstLine=2 * BODY_SIZE * 20)

    @staticmethod
    def _page(section: Section, landscape: bool) -> float:
        """Set the sheet; answers the width of its text area in mm. Turned, its head lies at the left."""
        width, height = SHEET_MM
        top, right, bottom, left = (MARGINS_MM[side] for side in ("top", "right", "bottom", "left"))
        if landscape:
            width, height = height, width
            top, right, bottom, left = left, bottom, right, top
            section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(width), Mm(height)
        section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
        section.left_margin, section.right_margin = Mm(left), Mm(right)
        section.footer_distance = Mm(bottom - 7 - 5)  # the number's upper edge 7 mm beneath the text area
        section.start_type = WD_SECTION.NEW_PAGE
        return width - left - right

    def _normal_style(self) -> None:
        style = self.document.styles["Normal"]
        style.font.size = Pt(BODY_SIZE)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for name in list(fonts.attrib):
            del fonts.attrib[name]
        _name_fonts(fonts, BODY, LATIN)
        language = OxmlElement("w:lang")
        _set(language, val="en-US", eastAsia="zh-CN")
        style.element.get_or_add_rPr().append(language)

    def _folios(self, section: Section) -> None:
        """— 1 —: odd pages right, even pages left, one character from the edge."""
        self.document.settings.odd_and_even_pages_header_footer = True
        for footer, align, edge in (
            (section.footer, RIGHT, "right"),
            (section.even_page_footer, LEFT, "left"),
        ):
            footer.is_linked_to_previous = False
            paragraph = footer.paragraphs[0]
            paragraph.alignment = align
            _set(_indentation(paragraph), **{f"{edge}Chars": 100, edge: FOLIO_SIZE * 20})
            for part in ("— ", "begin", "PAGE", "separate", "1", "end", " —"):
                _folio_part(paragraph.add_run(), part)


def _font(run: Run, east_asian: str, size: float, latin: str = LATIN) -> None:
    run.font.size = Pt(size)
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
    _name_fonts(fonts, east_asian, latin)


def _name_fonts(fonts: Any, east_asian: str, latin: str) -> None:
    _set(fonts, ascii=latin, hAnsi=latin, cs=latin, eastAsia=east_asian, hint="eastAsia")


def _folio_part(run: Run, part: str) -> None:
    _font(run, FOLIO, FOLIO_SIZE, latin=FOLIO)
    if part in {"begin", "separate", "end"}:
        mark = OxmlElement("w:fldChar")
        _set(mark, fldCharType=part)
        run._element.append(mark)
    elif part == "PAGE":
        code = OxmlElement("w:instrText")
        code.set(qn("xml:space"), "preserve")
        code.text = " PAGE "
        run._element.append(code)
    else:
        run.text = part


def _indentation(paragraph: Paragraph) -> Any:
    return paragraph._element.get_or_add_pPr().get_or_add_ind()


def _set(element: Any, **values: str | int) -> None:
    for name, value in values.items():
        element.set(qn(f"w:{name}"), str(value))


def _narrow_margins(table: Table) -> None:
    """0.6 mm instead of 1.9 at either side of a cell, so that three digits fit a narrow column."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        _set(edge, w=34, type="dxa")
        margins.append(edge)
    table._tbl.tblPr.append(margins)


def _repeat_head(row: _Row) -> None:
    mark = OxmlElement("w:tblHeader")
    _keep_whole(row)
    row._tr.get_or_add_trPr().append(mark)


def _keep_whole(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
