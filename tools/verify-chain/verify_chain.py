#!/usr/bin/env python3
"""Verifies the chain of one account, offline, with nothing but the Python standard library.

Written from docs/reference/chain.md alone and sharing no code with the platform, so that the two check each other.
Nor does it share any with verify_proof.py, which needs the same canonical JSON: an auditor copies one file, and reads
no more than what it checks.

Input (a file, or standard input):
  - the JSON of GET /accounts/:id/ledger: an object with "entries", newest first; or several such pages, one a
    line (or as a JSON array), in the order in which they were read;
  - or plain entries, one a line (NDJSON) or as a JSON array, oldest first.

Exit code: 0 every entry agrees, 1 the first bad entry is named, 2 the input cannot be read.
"""

import argparse
import hashlib
import json
import re
import sys

GENESIS = "GENESIS"
AMOUNT_MAX = 2**53 - 1
MEMBERS = (
    "entryId",
    "transactionId",
    "accountId",
    "type",
    "amount",
    "balanceBefore",
    "balanceAfter",
    "metadata",
    "timestamp",
    "previousChecksum",
)
AMOUNTS = ("amount", "balanceBefore", "balanceAfter")
TIMESTAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
CHECKSUM = re.compile(r"[0-9a-f]{64}")
SHORT_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


class InvalidEntry(Exception):
    """An entry that does not agree, and why."""


class Unreadable(Exception):
    """Input that is no ledger."""


def number_text(value):
    """A JSON number as ECMAScript writes it (RFC 8785, section 3.2.2.3)."""
    if isinstance(value, int) and abs(value) <= AMOUNT_MAX:
        return str(value)
    try:
        value = float(value)
    except OverflowError:
        raise InvalidEntry("metadata holds a number that no double can hold") from None
    if value != value or value in (float("inf"), float("-inf")):
        raise InvalidEntry("metadata holds a number that is not finite")
    if value == 0:
        return "0"
    # repr gives the shortest digits that read back to the same double, which is also ECMAScript's choice.
    sign, digits, exponent = re.fullmatch(r"(-?)([0-9.]+)(?:e([+-][0-9]+))?", repr(value)).groups()
    whole, _, fraction = digits.partition(".")
    point = len(whole) + int(exponent or 0)
    digits = whole + fraction
    stripped = digits.lstrip("0")
    point -= len(digits) - len(stripped)
    digits = stripped.rstrip("0")
    return sign + placed(digits, point)


def placed(digits, point):
    """The digits with the decimal point after `point` of them, in ECMAScript's choice of notation."""
    count = len(digits)
    if count <= point <= 21:
        return digits + "0" * (point - count)
    if 0 < point <= 21:
        return digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    mantissa = digits if count == 1 else digits[0] + "." + digits[1:]
    return "%se%+d" % (mantissa, point - 1)


def string_text(value):
    """A JSON string as ECMAScript writes it: control characters and lone surrogates escaped, all else as it is."""
    parts = ['"']
    for character in value:
        code = ord(character)
        if character in SHORT_ESCAPES:
            parts.append(SHORT_ESCAPES[character])
        elif code < 0x20 or 0xD800 <= code <= 0xDFFF:
            parts.append("\\u%04x" % code)
        else:
            parts.append(character)
    parts.append('"')
    return "".join(parts)


def utf16_units(name):
    """Sort key: names are ordered by their UTF-16 code units."""
    return name.encode("utf-16-be", "surrogatepass")


def canonical(value):
    """The one text of a JSON value."""
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, (int, float)):
        return number_text(value)
    if isinstance(value, str):
        return string_text(value)
    if isinstance(value, list):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    members = (string_text(name) + ":" + canonical(value[name]) for name in sorted(value, key=utf16_units))
    return "{" + ",".join(members) + "}"


def checksum_text(entry):
    """The text under an entry's checksum."""
    parts = []
    for name in MEMBERS:
        parts.append('"%s":%s' % (name, canonical(entry[name])))
    return "{" + ",".join(parts) + "}"


def checksum_of(entry):
    return hashlib.sha256(checksum_text(entry).encode("utf-8")).hexdigest()


def check_form(entry):
    """Everything that the document says about the members' types."""
    if not isinstance(entry, dict):
        raise InvalidEntry("an entry is a JSON object")
    for name in MEMBERS + ("checksum",):
        if name not in entry:
            raise InvalidEntry("the member %s is missing" % name)
        value = entry[name]
        if name in AMOUNTS:
            if type(value) is not int or abs(value) > AMOUNT_MAX:
                raise InvalidEntry("%s is not an integer of minor units" % name)
        elif name == "metadata":
            if not isinstance(value, dict):
                raise InvalidEntry("metadata is not an object")
        elif not isinstance(value, str):
            raise InvalidEntry("%s is not a string" % name)
    if not TIMESTAMP.fullmatch(entry["timestamp"]):
        raise InvalidEntry("timestamp is not ISO 8601 in UTC with milliseconds")
    if not CHECKSUM.fullmatch(entry["checksum"]):
        raise InvalidEntry("checksum is not 64 lower-case hex digits")


class Chain:
    """The state of a verification: what the next entry has to follow."""

    def __init__(self, is_partial):
        self.previous = None
        self.is_partial = is_partial

    def add(self, entry):
        check_form(entry)
        if self.previous is None:
            self._start(entry)
        else:
            self._follow(entry)
        if entry["balanceBefore"] + entry["amount"] != entry["balanceAfter"]:
            raise InvalidEntry("balanceAfter is not balanceBefore plus amount")
        if checksum_of(entry) != entry["checksum"]:
            raise InvalidEntry("the checksum does not match the entry")
        self.previous = entry

    def _start(self, entry):
        if self.is_partial:
            return
        if entry["previousChecksum"] != GENESIS:
            raise InvalidEntry("the first entry does not follow %s; the beginning is missing" % GENESIS)
        if entry["balanceBefore"] != 0:
            raise InvalidEntry("the first entry does not start from zero")

    def _follow(self, entry):
        if entry["accountId"] != self.previous["accountId"]:
            raise InvalidEntry("it is of another account than the one before")
        if entry["previousChecksum"] != self.previous["checksum"]:
            raise InvalidEntry("previousChecksum is not the checksum of the entry before")
        if entry["balanceBefore"] != self.previous["balanceAfter"]:
            raise InvalidEntry("balanceBefore is not the balance after the entry before")


def unique_members(pairs):
    """Refuses a member that is there twice: readers would disagree about which one counts."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Unreadable("an object has the same member twice")
    return members


def documents(text):
    """The JSON values of the input: one, an array of them, or one a line."""
    try:
        value = json.loads(text, object_pairs_hook=unique_members)
        return value if isinstance(value, list) else [value]
    except json.JSONDecodeError:
        pass
    # Not splitlines(): it also splits at U+2028 and others, which JSON allows within strings.
    lines = (line for line in text.split("\n") if line.strip())
    try:
        return [json.loads(line, object_pairs_hook=unique_members) for line in lines]
    except json.JSONDecodeError as error:
        raise Unreadable("the input is neither JSON nor NDJSON: %s" % error) from None


def entries_oldest_first(text):
    """The entries of the input in the order of the chain, and the last checksum if a page named it."""
    values = documents(text)
    pages = [value for value in values if isinstance(value, dict) and "entries" in value]
    if not pages:
        return values, None
    if len(pages) != len(values):
        raise Unreadable("pages and plain entries are mixed")
    newest_first = [entry for page in pages for entry in page["entries"]]
    return newest_first[::-1], pages[0].get("latestChecksum")


def verify(text, is_partial, expected_last):
    """Returns the report and the exit code."""
    entries, latest = entries_oldest_first(text)
    expected_last = expected_last or latest
    chain = Chain(is_partial)
    for number, entry in enumerate(entries, 1):
        try:
            chain.add(entry)
        except InvalidEntry as error:
            name = entry.get("entryId", "?") if isinstance(entry, dict) else "?"
            return "invalid at entry %d (%s): %s" % (number, name, error), 1
    last = chain.previous["checksum"] if chain.previous else GENESIS
    if expected_last and last != expected_last:
        return "invalid: the chain ends with %s, expected %s; the end is missing" % (last, expected_last), 1
    return "valid: %d entries, last checksum %s" % (len(entries), last), 0


def verify_vectors(text):
    """Checks the golden vectors: the text and the checksum of each."""
    vectors = json.loads(text)["vectors"]
    for vector in vectors:
        entry = vector["entry"]
        caller = canonical(json.loads(vector["metadataText"]))
        for what, found, expected in (
            ("metadata", caller, vector["canonicalMetadata"]),
            ("text", checksum_text(entry), vector["text"]),
            ("checksum", checksum_of(entry), vector["checksum"]),
        ):
            if found != expected:
                return "vector %s: %s is %s, expected %s" % (vector["name"], what, found, expected), 1
    return "valid: %d vectors" % len(vectors), 0


def main():
    parser = argparse.ArgumentParser(description="Verify an account's chain offline.")
    parser.add_argument("file", nargs="?", help="input file; standard input when left out")
    parser.add_argument("--partial", action="store_true", help="the entries need not begin with the first")
    parser.add_argument("--last", metavar="CHECKSUM", help="the checksum that the chain must end with")
    parser.add_argument("--vectors", action="store_true", help="the input is a file of golden vectors")
    options = parser.parse_args()
    try:
        if options.file:
            with open(options.file, encoding="utf-8") as source:
                text = source.read()
        else:
            text = sys.stdin.buffer.read().decode("utf-8")
        report, code = verify_vectors(text) if options.vectors else verify(text, options.partial, options.last)
    except (Unreadable, OSError, UnicodeDecodeError) as error:
        report, code = "unreadable: %s" % error, 2
    print(report)
    return code


if __name__ == "__main__":
    sys.exit(main())
