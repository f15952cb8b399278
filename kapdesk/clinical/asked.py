"""What is asked of a patient before a dose where the protocol has no list of its own, or there is none yet: at intake.

Examples, to be approved by the clinic. Uncontrolled blood pressure, vessels and bleeding: contraindications and
warnings of the US label of esketamine; the others are what clinics commonly ask.
"""

from kapdesk.clinical.protocol import Item, Protocol

SCREENING: tuple[Item, ...] = (
    Item("heart", "Uncontrolled high blood pressure, or unstable heart disease"),
    Item("vessels", "Aneurysm, malformed vessels, or bleeding in the brain before"),
    Item("mind", "Psychosis or mania, now or before"),
    Item("use", "Substance use that worries, now or lately"),
    Item("pregnancy", "Pregnant, perhaps pregnant, or breastfeeding"),
    Item("glaucoma", "Glaucoma, or raised pressure in the head"),
    Item("bladder", "Bladder symptoms", needed=False),
    Item("apnoea", "Sleep apnoea", needed=False),
    Item("cognition", "Memory or thinking worse than before", needed=False),
    Item("medicines", "Benzodiazepine, stimulant, opioid, lamotrigine or MAO inhibitor", needed=False),
)
SCREENING_DAYS = 30
CONSENT: tuple[Item, ...] = (
    Item("treatment", "The treatment, its risks, and that they may stop at any time"),
    Item("off-label", "Off-label use, and the limits of research"),
    Item("alternatives", "The alternatives were talked through"),
    Item("touch", "Touch, as agreed beforehand", needed=False),
    Item("recording", "Recording by sound or picture", needed=False),
)


def screening(protocol: Protocol | None) -> tuple[Item, ...]:
    """The lines of the screening; a yes to one that is `needed` holds."""
    return protocol.screening if protocol is not None and protocol.screening else SCREENING


def screening_days(protocol: Protocol | None) -> int:
    """After how many days the screening is asked again."""
    return protocol.screening_days if protocol is not None else SCREENING_DAYS


def consent(protocol: Protocol | None) -> tuple[Item, ...]:
    """The lines of the consent; a no to one that is `needed` holds."""
    return protocol.consent if protocol is not None and protocol.consent else CONSENT
