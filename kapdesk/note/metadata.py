"""What a paper says of itself as a file, twice and alike: as XMP, and as the older information dictionary. Pure."""

import re
from typing import NamedTuple

PRODUCER = "KapDesk"


class About(NamedTuple):
    """Title, author and the like: plain words on one line each. Where there is nothing to say, nothing stands."""

    title: str
    author: str = ""
    subject: str = ""
    language: str = "en"
    made: str = ""
    """When it was made, with the offset: "2026-11-19T14:08:00+01:00"."""


def about(title: str, author: str, subject: str, language: str, made: str) -> About:
    """The words on one line, without what no XML may hold; `made` in words, its date at the beginning."""
    return About(_line(title), _line(author), _line(subject), language, _date(made))


def information(of: About) -> dict[str, str]:
    """The information dictionary, by key."""
    date = _pdf_date(of.made)
    known = {
        "Title": of.title, "Author": of.author, "Subject": of.subject, "Creator": PRODUCER, "Producer": PRODUCER,
        "CreationDate": date, "ModDate": date,
    }  # fmt: skip
    return {key: value for key, value in known.items() if value}


def modified(of: About) -> str:
    """When what is attached was made, as a PDF date: with the paper; a paper without a date has none that counts."""
    return _pdf_date(of.made) or "D:20000101000000Z"


def packet(of: About) -> bytes:
    """The XMP packet: PDF/A-3a and PDF/UA-1, with the schema that PDF/A asks for where a part is not its own."""
    said = [
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{_escaped(of.title)}</rdf:li></rdf:Alt></dc:title>',
        f"<dc:language><rdf:Bag><rdf:li>{_escaped(of.language)}</rdf:li></rdf:Bag></dc:language>",
    ]
    if of.author:
        said.append(f"<dc:creator><rdf:Seq><rdf:li>{_escaped(of.author)}</rdf:li></rdf:Seq></dc:creator>")
    if of.subject:
        subject = f'<rdf:li xml:lang="x-default">{_escaped(of.subject)}</rdf:li>'
        said.append(f"<dc:description><rdf:Alt>{subject}</rdf:Alt></dc:description>")
    said.append(f"<xmp:CreatorTool>{PRODUCER}</xmp:CreatorTool><pdf:Producer>{PRODUCER}</pdf:Producer>")
    if of.made:
        said += [f"<xmp:{name}>{of.made}</xmp:{name}>" for name in ("CreateDate", "ModifyDate", "MetadataDate")]
    return _PACKET.replace("SAID", "\n".join(said)).encode("utf-8")


_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
SAID
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that is followed</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_STAMP = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)(:\d\d)? ?([+-]\d\d:\d\d)")


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _line(words: str) -> str:
    return _NO_XML.sub("\ufffd", " ".join(words.split()))


def _date(words: str) -> str:
    found = _STAMP.match(words)
    return f"{found[1]}T{found[2]}{found[3] or ':00'}{found[4]}" if found else ""


def _pdf_date(made: str) -> str:
    if not made:
        return ""
    digits = made[:19].replace("-", "").replace("T", "").replace(":", "")
    return f"D:{digits}{made[19:].replace(':', chr(39))}'"
