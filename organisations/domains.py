"""E-mail addresses and their domains, compared letter by letter: nothing that only looks alike."""

import re

LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
LOCAL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
AS_ASCII = "xn--"


class NotADomain(ValueError):
    """No domain, or one with letters that mean another one."""


class NotAnAddress(ValueError):
    """No e-mail address that mail could be sent to."""


def domain(text: str) -> str:
    """As the domain name system has it: small letters, other alphabets as `xn--`.

    Raises NotADomain, also for letters that would be turned into plain ones on the way (full width,
    the sign for kelvin, a long s): what looks like a domain of the list must be it.
    """
    labels = [_label(label) for label in text.split(".")]
    found = ".".join(labels)
    if len(labels) < 2 or len(found) > 253 or labels[-1].isdigit():
        raise NotADomain(text)
    return found


def address(text: str) -> str:
    """As it is kept. Raises NotAnAddress."""
    local, at, after = text.strip().rpartition("@")
    try:
        found = f"{local.lower()}@{domain(after)}"
    except NotADomain as wrong:
        raise NotAnAddress(text) from wrong
    if not at or not local.isascii() or not LOCAL.fullmatch(local.lower()):
        raise NotAnAddress(text)
    return found


def domain_of(address: str) -> str:
    """Of an address as it is kept."""
    return address.rpartition("@")[2]


def _label(label: str) -> str:
    small = label.lower()
    if label.isascii():
        if not LABEL.fullmatch(small):
            raise NotADomain(label)
        return small
    try:
        written = label.encode("idna").decode("ascii").lower()
        read = written.encode("ascii").decode("idna")
    except UnicodeError as wrong:
        raise NotADomain(label) from wrong
    if not written.startswith(AS_ASCII) or read != small or not LABEL.fullmatch(written):
        raise NotADomain(label)
    return written
