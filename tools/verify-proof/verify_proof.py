#!/usr/bin/env python3
"""Verifies entry proofs, statements and checkpoints, offline, with nothing but the Python standard library.

Written from docs/reference/proofs.md and docs/reference/chain.md alone and sharing no code with the platform, so that
the two check each other.

Input (a file, or standard input): one document as the API returns it, an entry proof, a statement or a consistency
proof.

Exit code: 0 everything agrees, 1 the first fault is named, 2 the input cannot be read.
"""

import argparse
import base64
import binascii
import hashlib
import json
import os
import re
import sys

GENESIS = "GENESIS"
INTEGER_MAX = 2**53 - 1
ENTRY_MEMBERS = (
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
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
HASH = re.compile(r"[0-9a-f]{64}")
KEY_NAME = re.compile(r"[!-*,-~]{1,255}")
VERIFIER_KEY = re.compile(r"([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})")
SIGNATURE_LINE = re.compile(r"\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
SIGNATURES_MAX = 100
ED25519 = b"\x01"
SPKI_PREFIX = bytes.fromhex("302a300506032b6570032100")
SHORT_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


class Invalid(Exception):
    """What does not agree."""


class Unreadable(Exception):
    """Input that is no document, or a key that is none."""


# Canonical JSON: chain.md. The same as in verify_chain.py: each of the two is one file, to be copied and read alone.


def number_text(value):
    """A JSON number as ECMAScript writes it (RFC 8785, section 3.2.2.3)."""
    if isinstance(value, int) and abs(value) <= INTEGER_MAX:
        return str(value)
    try:
        value = float(value)
    except OverflowError:
        raise Invalid("metadata holds a number that no double can hold") from None
    if value != value or value in (float("inf"), float("-inf")):
        raise Invalid("metadata holds a number that no double can hold")
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
    count = len(digits)
    if count <= point <= 21:
        return sign + digits + "0" * (point - count)
    if 0 < point <= 21:
        return sign + digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return sign + "0." + "0" * -point + digits
    mantissa = digits if count == 1 else digits[0] + "." + digits[1:]
    return "%s%se%+d" % (sign, mantissa, point - 1)


def string_text(value):
    """A JSON string as ECMAScript writes it."""
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


def in_order(members):
    """Compact JSON of members in the given order."""
    return "{" + ",".join(string_text(name) + ":" + canonical(value) for name, value in members) + "}"


def canonical(value):
    """The one text of a JSON value: names sorted by their UTF-16 code units."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (int, float)):
        return number_text(value)
    if isinstance(value, str):
        return string_text(value)
    if isinstance(value, list):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    return in_order(sorted(value.items(), key=lambda member: member[0].encode("utf-16-be", "surrogatepass")))


# Forms


def read_object(value, path, names):
    if not isinstance(value, dict):
        raise Invalid("%s is not an object" % path)
    for name in names:
        if name not in value:
            raise Invalid("%s has no member %s" % (path, name))
    for name in value:
        if name not in names:
            raise Invalid("%s has a member %s that is not known" % (path, name))
    return value


def require(condition, fault):
    if not condition:
        raise Invalid(fault)


def is_whole(value):
    return type(value) is int and 0 <= value <= INTEGER_MAX


def is_amount(value):
    return type(value) is int and abs(value) <= INTEGER_MAX


def is_time(value):
    return isinstance(value, str) and TIME.fullmatch(value) is not None


def is_hash(value):
    return isinstance(value, str) and HASH.fullmatch(value) is not None


def is_previous(value):
    return value == GENESIS or is_hash(value)


def unique_members(pairs):
    """Refuses a member that is there twice: readers would disagree about which one counts."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Unreadable("an object has the same member twice")
    return members


def read_json(text):
    try:
        return json.loads(text, object_pairs_hook=unique_members)
    except (json.JSONDecodeError, RecursionError) as error:
        raise Unreadable("the input is no JSON: %s" % error) from None


# Trees: RFC 6962 and RFC 9162


def leaf_hash(text):
    try:
        return hashlib.sha256(b"\x00" + text.encode("utf-8")).digest()
    except UnicodeEncodeError:
        raise Invalid("a text under a hash holds half a character") from None


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_from_path(leaf, path):
    """The root that a path leads to; None when it has more or fewer hashes than a path in such a tree."""
    fn, sn, root = path["leafIndex"], path["treeSize"] - 1, leaf
    if fn > sn:
        return None
    for sibling in map(bytes.fromhex, path["hashes"]):
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            root = node_hash(sibling, root)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            root = node_hash(root, sibling)
        fn, sn = fn >> 1, sn >> 1
    return root if sn == 0 else None


def is_consistent(first, second, hashes):
    """Whether the log (size, root) `second` begins with all leaves of `first`."""
    (first_size, first_root), (second_size, second_root) = first, second
    if first_size < 1 or first_size > second_size:
        return False
    if first_size == second_size:
        return not hashes and first_root == second_root
    path = list(hashes)
    if first_size & (first_size - 1) == 0:
        path.insert(0, first_root)
    if not path:
        return False
    fn, sn = first_size - 1, second_size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for sibling in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node_hash(sibling, fr), node_hash(sibling, sr)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, sibling)
        fn, sn = fn >> 1, sn >> 1
    return fr == first_root and sr == second_root and sn == 0


# Ed25519: RFC 8032, section 5.1; points in extended coordinates (X, Y, Z, T)

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def add(a, b):
    x = (a[1] - a[0]) * (b[1] - b[0]) % P
    y = (a[1] + a[0]) * (b[1] + b[0]) % P
    t = 2 * a[3] * b[3] * D % P
    z = 2 * a[2] * b[2] % P
    e, f, g, h = y - x, z - t, z + t, y + x
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar > 0:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def recover_x(y, sign):
    """The x of a point, or None when there is none with this y."""
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P != 0:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P != 0:
        return None
    return P - x if x & 1 != sign else x


def decompress(encoded):
    number = int.from_bytes(encoded, "little")
    y, sign = number & ((1 << 255) - 1), number >> 255
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = recover_x(BASE_Y, 0)
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def is_signed(public, message, signature):
    """Whether the signature over the message is one of this key."""
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r = decompress(public), decompress(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    left, right = multiply(s, BASE), add(r, multiply(h, a))
    # Equal points, whatever their Z.
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# Keys and notes: C2SP


def decode_base64(text):
    """The bytes, or None when the text is not how they are written."""
    try:
        value = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None
    return value if base64.b64encode(value).decode("ascii") == text else None


def key_id(name, public):
    return hashlib.sha256(name.encode("ascii") + b"\n" + ED25519 + public).digest()[:4]


class Keys:
    """The known keys: verifier keys bear a name, those in PEM take the name of whatever log they are used on."""

    def __init__(self, texts):
        self.named, self.unnamed = {}, []
        for text in texts:
            match = VERIFIER_KEY.fullmatch(text)
            if match:
                self._add_verifier_key(*match.groups())
            else:
                self.unnamed.append(self._read_pem(text))

    def _add_verifier_key(self, name, identity, encoded):
        typed = decode_base64(encoded)
        if not KEY_NAME.fullmatch(name) or typed is None or len(typed) != 33 or typed[:1] != ED25519:
            raise Unreadable("a verifier key is name+hash+base64 of an Ed25519 public key")
        if key_id(name, typed[1:]).hex() != identity:
            raise Unreadable("the hash of the verifier key of %s is not its own" % name)
        self.named[name, bytes.fromhex(identity)] = typed[1:]

    @staticmethod
    def _read_pem(path):
        if not os.path.exists(path):
            raise Unreadable("%s is neither a verifier key nor a file with a public key in PEM" % path)
        with open(path, encoding="ascii") as source:
            match = re.search(r"-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----", source.read())
        der = decode_base64("".join(match.group(1).split())) if match else None
        if der is None or len(der) != 44 or not der.startswith(SPKI_PREFIX):
            raise Unreadable("%s holds no Ed25519 public key in PEM" % path)
        return der[len(SPKI_PREFIX) :]

    def of_log(self, origin):
        """The known keys by name and id, as far as they can have signed for this log."""
        known = dict(self.named)
        for public in self.unnamed:
            known[origin, key_id(origin, public)] = public
        return known


def divide_note(note):
    """The text that is signed and the signature lines."""
    at = note.rfind("\n\n")
    if at < 0 or not note.endswith("\n") or any(ord(c) < 0x20 and c != "\n" for c in note):
        raise Invalid("this is no signed note")
    lines = note[at + 2 : -1].split("\n")
    if len(lines) > SIGNATURES_MAX:
        raise Invalid("the note has more than %d signatures" % SIGNATURES_MAX)
    if not all(line.startswith("\u2014 ") for line in lines):
        raise Invalid("this is no signed note")
    return note[: at + 1], lines


def read_checkpoint_text(text):
    """Origin, size, root in hex and time."""
    lines = text.split("\n")
    if len(lines) != 5 or lines[4] != "":
        raise Invalid("the note of the checkpoint has no text of the documented form")
    origin, size, root_text, time = lines[:4]
    root = decode_base64(root_text)
    is_formed = (
        KEY_NAME.fullmatch(origin)
        and re.fullmatch(r"0|[1-9][0-9]{0,15}", size)
        and root is not None
        and len(root) == 32
        and time.startswith("sealedAt ")
        and is_time(time[len("sealedAt ") :])
    )
    require(is_formed, "the note of the checkpoint has no text of the documented form")
    return origin, int(size), root.hex(), time[len("sealedAt ") :]


def open_checkpoint(note, keys):
    """Verifies the signatures of a checkpoint's note; returns origin, size, root and time."""
    text, lines = divide_note(note)
    body = read_checkpoint_text(text)
    known, signed_by = keys.of_log(body[0]), set()
    for line in lines:
        match = SIGNATURE_LINE.fullmatch(line)
        blob = decode_base64(match.group(2)) if match else None
        if blob is None or len(blob) <= 4:
            raise Invalid("a signature line of the note is malformed")
        name, identity = match.group(1), blob[:4]
        if (name, identity) not in known:
            continue
        if not is_signed(known[name, identity], text.encode("utf-8"), blob[4:]):
            raise Invalid("the signature of %s+%s does not match the note" % (name, identity.hex()))
        signed_by.add(name)
    require(signed_by, "no known key has signed the note")
    require(body[0] in signed_by, "the checkpoint is of the log %s, but no known key of that name has signed it" % body[0])
    return body


# Documents


def check_checkpoint_form(value, path):
    read_object(value, path, ("treeSize", "sealedAt", "rootHash", "note"))
    require(is_whole(value["treeSize"]), "%s.treeSize is not a whole number" % path)
    for name in ("sealedAt", "rootHash", "note"):
        require(isinstance(value[name], str), "%s.%s is not a string" % (path, name))


def check_hashes(value, path):
    require(isinstance(value, list), "%s is not a list" % path)
    require(all(is_hash(item) for item in value), "%s holds something else than 64 lower-case hex digits" % path)


def verify_checkpoint(checkpoint, keys):
    origin, size, root, sealed_at = open_checkpoint(checkpoint["note"], keys)
    require(size == checkpoint["treeSize"], "the checkpoint's treeSize is not the one in its note")
    require(root == checkpoint["rootHash"], "the checkpoint's rootHash is not the one in its note")
    require(sealed_at == checkpoint["sealedAt"], "the checkpoint's sealedAt is not the one in its note")
    return origin, size, root, sealed_at


def read_leaf(text, path, names):
    """The members of a leaf's text, which must be the only way to write them."""
    fault = "the text of the %s leaf is not of the documented form" % path
    try:
        value = read_json(text)
    except Unreadable:
        raise Invalid(fault) from None
    require(isinstance(value, dict) and tuple(value) == names and in_order(value.items()) == text, fault)
    return value, fault


def read_entry_leaf(text):
    leaf, fault = read_leaf(text, "entry", ("entry", "sequence", "currency"))
    require(is_hash(leaf["entry"]) and is_whole(leaf["sequence"]) and leaf["sequence"] >= 1, fault)
    require(isinstance(leaf["currency"], str), fault)
    return leaf


def read_bucket_leaf(text):
    numbers = ("bucket", "after", "through", "facts", "entries", "auditSequence")
    names = ("bucket", "after", "through", "facts", "entries", "root", "auditSequence", "auditChecksum")
    leaf, fault = read_leaf(text, "bucket", names)
    require(all(is_whole(leaf[name]) for name in numbers), fault)
    require(is_hash(leaf["root"]) and is_previous(leaf["auditChecksum"]), fault)
    require(leaf["facts"] >= 1 and leaf["after"] + leaf["facts"] == leaf["through"], fault)
    require((leaf["auditSequence"] == 0) == (leaf["auditChecksum"] == GENESIS), fault)
    return leaf


def read_seal_leaf(text):
    names = ("seal", "sealedAt", "buckets", "facts", "entries", "previous", "root")
    leaf, fault = read_leaf(text, "seal", names)
    require(all(is_whole(leaf[name]) for name in ("seal", "buckets", "facts", "entries")), fault)
    require(leaf["seal"] >= 1 and leaf["buckets"] >= 1 and leaf["facts"] >= leaf["buckets"], fault)
    require(is_time(leaf["sealedAt"]) and is_previous(leaf["previous"]) and is_hash(leaf["root"]), fault)
    require((leaf["seal"] == 1) == (leaf["previous"] == GENESIS), fault)
    return leaf


def checksum_of(entry):
    text = in_order([(name, entry[name]) for name in ENTRY_MEMBERS])
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def check_entry(entry, path):
    """The form of an entry, and that it agrees with its own checksum."""
    read_object(entry, path, ENTRY_MEMBERS + ("checksum",))
    for name in entry:
        if name in AMOUNTS:
            require(is_amount(entry[name]), "%s is not an integer of minor units" % name)
        elif name == "metadata":
            require(isinstance(entry[name], dict), "metadata is not an object")
        else:
            require(isinstance(entry[name], str), "%s is not a string" % name)
    require(entry["amount"] != 0, "an amount of the entry is not one that can be posted")
    require(is_time(entry["timestamp"]), "the timestamp is not ISO 8601 in UTC with milliseconds")
    is_sum = entry["balanceBefore"] + entry["amount"] == entry["balanceAfter"]
    require(is_sum, "balanceAfter is not balanceBefore plus amount")
    require(checksum_of(entry) == entry["checksum"], "the checksum does not match the entry")


def check_path(text, path, expected, fault):
    root = root_from_path(leaf_hash(text), path)
    require(root is not None and root.hex() == expected, fault)


def verify_proof(entry, proof, keys):
    """Steps 2 to 5; returns the checkpoint and the entry's leaf."""
    names = ("entryLeaf", "inBucket", "bucketLeaf", "inSeal", "sealLeaf", "inLog", "checkpoint")
    read_object(proof, "proof", names)
    for name in ("inBucket", "inSeal", "inLog"):
        path = read_object(proof[name], "proof.%s" % name, ("leafIndex", "treeSize", "hashes"))
        for member in ("leafIndex", "treeSize"):
            require(is_whole(path[member]), "proof.%s.%s is not a whole number" % (name, member))
        check_hashes(path["hashes"], "proof.%s.hashes" % name)
    for name in ("entryLeaf", "bucketLeaf", "sealLeaf"):
        require(isinstance(proof[name], str), "proof.%s is not a string" % name)
    checkpoint = proof["checkpoint"]
    check_checkpoint_form(checkpoint, "proof.checkpoint")
    leaf = read_entry_leaf(proof["entryLeaf"])
    require(leaf["entry"] == entry["checksum"], "the entry leaf is that of another entry")
    bucket, seal = read_bucket_leaf(proof["bucketLeaf"]), read_seal_leaf(proof["sealLeaf"])
    check_path(
        proof["entryLeaf"],
        proof["inBucket"],
        bucket["root"],
        "the path in the bucket's tree does not lead from the entry leaf to the root in the bucket leaf",
    )
    check_path(
        proof["bucketLeaf"],
        proof["inSeal"],
        seal["root"],
        "the path in the seal's tree does not lead from the bucket leaf to the root in the seal leaf",
    )
    check_path(
        proof["sealLeaf"],
        proof["inLog"],
        checkpoint["rootHash"],
        "the path in the log does not lead from the seal leaf to the checkpoint's root",
    )
    require(
        proof["inBucket"]["treeSize"] == bucket["facts"] + bucket["entries"],
        "the size of the bucket's tree is not the number of facts and entries in the bucket leaf",
    )
    require(
        proof["inSeal"]["treeSize"] == seal["buckets"],
        "the size of the seal's tree is not the number of buckets in the seal leaf",
    )
    require(
        bucket["facts"] <= seal["facts"] and bucket["entries"] <= seal["entries"],
        "the bucket leaf counts more facts or entries than the seal leaf",
    )
    require(proof["inLog"]["leafIndex"] == seal["seal"] - 1, "the index in the log is not the one of the seal")
    require(
        proof["inLog"]["treeSize"] == checkpoint["treeSize"],
        "the size of the log is not the checkpoint's treeSize",
    )
    require(seal["sealedAt"] <= checkpoint["sealedAt"], "the seal is later than the checkpoint over it")
    return verify_checkpoint(checkpoint, keys), leaf


def verify_entry_proof(document, keys):
    read_object(document, "the document", ("format", "entry", "proof"))
    check_entry(document["entry"], "entry")
    checkpoint, leaf = verify_proof(document["entry"], document["proof"], keys)
    names = document["entry"]["entryId"], leaf["sequence"], document["entry"]["accountId"], leaf["currency"]
    return "entry %s, entry %d of account %s in %s" % names, checkpoint


def check_end(end, name):
    read_object(end, name, ("balance", "sequence", "checksum"))
    is_formed = is_amount(end["balance"]) and is_whole(end["sequence"]) and is_previous(end["checksum"])
    require(is_formed, "the %s is not of the documented form" % name)
    is_first = end["sequence"] == 0
    fault = "the %s has checksum %s if and only if no entry is before it" % (name, GENESIS)
    require(is_first == (end["checksum"] == GENESIS), fault)
    require(not is_first or end["balance"] == 0, "the %s has a balance that no entry made" % name)


STATEMENT_MEMBERS = (
    "format",
    "accountId",
    "currency",
    "from",
    "to",
    "opening",
    "closing",
    "entries",
    "provenEntryId",
    "proof",
)


def verify_statement(document, keys):
    read_object(document, "the document", STATEMENT_MEMBERS)
    for name in ("accountId", "currency"):
        require(isinstance(document[name], str), "%s is not a string" % name)
    require(
        is_time(document["from"]) and is_time(document["to"]),
        "from and to are not ISO 8601 in UTC with milliseconds",
    )
    require(document["from"] <= document["to"], "the period ends before it begins")
    check_end(document["opening"], "opening")
    check_end(document["closing"], "closing")
    verify_chain(document)
    entry_id, proof, entries = document["provenEntryId"], document["proof"], document["entries"]
    what = "statement of account %s, %d entries" % (document["accountId"], len(entries))
    require((entry_id is None) == (proof is None), "provenEntryId and proof are not given together")
    if proof is None:
        return what + ", none of them proved", None
    for number, entry in enumerate(entries, 1):
        if entry["entryId"] == entry_id:
            checkpoint, leaf = verify_proof(entry, proof, keys)
            sequence = document["opening"]["sequence"] + number
            fault = "the proven entry is entry %d, not %d" % (leaf["sequence"], sequence)
            require(leaf["sequence"] == sequence, fault)
            require(leaf["currency"] == document["currency"], "the proven entry is in another currency")
            return "%s, %d of them proved" % (what, number), checkpoint
    raise Invalid("the proven entry is not one of the statement")


def verify_chain(document):
    opening, closing, entries = document["opening"], document["closing"], document["entries"]
    require(isinstance(entries, list), "entries is not a list")
    balance, sequence, checksum = opening["balance"], opening["sequence"], opening["checksum"]
    timestamp = ""
    for entry in entries:
        sequence += 1
        try:
            read_object(entry, "the entry", ENTRY_MEMBERS + ("checksum",))
            require(entry["previousChecksum"] == checksum, "previousChecksum is not the checksum before it")
            require(entry["balanceBefore"] == balance, "balanceBefore is not the balance before it")
            check_entry(entry, "the entry")
            is_own = entry["accountId"] == document["accountId"]
            require(is_own, "it is of another account than the statement")
            is_within = document["from"] <= entry["timestamp"] < document["to"]
            require(is_within, "it is not of the period of the statement")
            require(entry["timestamp"] >= timestamp, "it is earlier than the entry before it")
        except Invalid as error:
            name = entry.get("entryId", "?") if isinstance(entry, dict) else "?"
            raise Invalid("entry %d (%s): %s" % (sequence, name, error)) from None
        balance, checksum, timestamp = entry["balanceAfter"], entry["checksum"], entry["timestamp"]
    require(
        closing["sequence"] == sequence,
        "the closing is after entry %d, not %d" % (closing["sequence"], sequence),
    )
    require(closing["checksum"] == checksum, "the closing has another checksum than the last entry")
    require(closing["balance"] == balance, "the closing has another balance than the last entry")


def verify_consistency(document, keys):
    """Returns both ends as they were verified, too."""
    read_object(document, "the document", ("format", "from", "to", "hashes"))
    for name in ("from", "to"):
        check_checkpoint_form(document[name], name)
    check_hashes(document["hashes"], "hashes")
    first, second = (verify_checkpoint(document[name], keys) for name in ("from", "to"))
    require(first[0] == second[0], "the two checkpoints are of different logs")
    hashes = [bytes.fromhex(text) for text in document["hashes"]]
    ends = [(size, bytes.fromhex(root)) for _, size, root, _ in (first, second)]
    fault = "the log of %d seals does not continue the log of %d seals" % (second[1], first[1])
    require(is_consistent(ends[0], ends[1], hashes), fault)
    return first, second


def verify_document(document, keys):
    """What was verified, and the checkpoint that it rests on."""
    document_format = document.get("format") if isinstance(document, dict) else None
    if document_format == "steelyard.entry-proof.1":
        return verify_entry_proof(document, keys)
    if document_format == "steelyard.statement.1":
        return verify_statement(document, keys)
    if document_format == "steelyard.consistency.1":
        first, second = verify_consistency(document, keys)
        return "checkpoint %d continues checkpoint %d" % (second[1], first[1]), second
    raise Invalid("the document has no format that is known")


def verify_with_kept(checkpoint, kept, consistency, keys):
    """That the checkpoint under a document and one that was kept earlier are of one log."""
    require(checkpoint is not None, "the document rests on no checkpoint that could be compared with the kept one")
    require(checkpoint[0] == kept[0], "the kept checkpoint is of another log")
    if checkpoint[1] == kept[1]:
        require(checkpoint[2] == kept[2], "the kept checkpoint of the same size has another root")
        return
    require(consistency is not None, "the kept checkpoint has another size: a consistency proof is needed")
    ends = verify_consistency(consistency, keys)
    earlier, later = sorted((checkpoint, kept), key=lambda one: one[1])
    fault = "the consistency proof is not between the kept checkpoint and the one of the document"
    require([end[:3] for end in ends] == [earlier[:3], later[:3]], fault)


def verify_vectors(text):
    """Checks golden vectors: what must be accepted and what must be refused."""
    vectors = read_json(text)
    for vector in vectors["leaves"]:
        if leaf_hash(vector["text"]).hex() != vector["hash"]:
            return "vector %s: another hash" % vector["name"], 1
        value = read_json(vector["text"])
        if "fact" in value and write_fact(value["fact"]) != vector["text"]:
            return "vector %s: another text" % vector["name"], 1
    judged = [(vector, lambda v, k: verify_document(v["document"], k)) for vector in vectors["documents"]]
    judged += [(vector, lambda v, k: open_checkpoint(v["note"], k)) for vector in vectors["notes"]]
    for vector, judge in judged:
        try:
            judge(vector, Keys(vector["keys"]))
            fault = None
        except Invalid as error:
            fault = str(error)
        if vector["valid"] and fault is not None:
            return "vector %s: %s" % (vector["name"], fault), 1
        if not vector["valid"] and fault is None:
            return "vector %s must be refused" % vector["name"], 1
    return "valid: %d vectors" % (len(judged) + len(vectors["leaves"])), 0


def write_fact(fact):
    """The text of a fact's leaf."""
    names = ("bucket", "sequence", "kind", "committedAt", "idempotencyKey", "home", "legs", "data")
    parts = []
    for name in names:
        value = fact[name]
        if name == "home":
            text = "null" if value is None else write_position(value)
        elif name == "legs":
            text = "[" + ",".join(map(write_position, value)) + "]"
        else:
            text = canonical(value)
        parts.append('"%s":%s' % (name, text))
    return '{"fact":{' + ",".join(parts) + "}}"


def write_position(value):
    return '{"bucket":%d,"sequence":%d}' % (value["bucket"], value["sequence"])


def verify(text, options):
    """Returns the report and the exit code."""
    keys = Keys(options.key)
    document = read_json(text)
    kept = read_file(options.checkpoint) if options.checkpoint else None
    consistency = read_json(read_file(options.consistency)) if options.consistency else None
    try:
        what, checkpoint = verify_document(document, keys)
        if kept is not None:
            verify_with_kept(checkpoint, open_checkpoint(kept, keys), consistency, keys)
    except Invalid as error:
        return "invalid: %s" % error, 1
    if checkpoint is None:
        return "valid: %s" % what, 0
    under = "valid: %s, under checkpoint %d of %s, sealed at %s" % (what, checkpoint[1], checkpoint[0], checkpoint[3])
    return under + (", consistent with the kept one" if kept is not None else ""), 0


def read_file(path):
    with open(path, encoding="utf-8", newline="") as source:
        return source.read()


def main():
    parser = argparse.ArgumentParser(description="Verify proofs of the ledger offline.")
    parser.add_argument("file", nargs="?", help="the document; standard input when left out")
    parser.add_argument("--key", action="append", default=[], help="a verifier key, or a public key in PEM (a file)")
    parser.add_argument("--checkpoint", metavar="NOTE", help="a checkpoint that was kept earlier (a file)")
    parser.add_argument("--consistency", metavar="JSON", help="the consistency proof between the two (a file)")
    parser.add_argument("--vectors", action="store_true", help="the input is a file of golden vectors")
    options = parser.parse_args()
    if not options.vectors and not options.key:
        parser.error("--key is needed: without a key nothing is proved")
    if options.consistency and not options.checkpoint:
        parser.error("--consistency goes with --checkpoint")
    try:
        text = read_file(options.file) if options.file else sys.stdin.buffer.read().decode("utf-8")
        report, code = verify_vectors(text) if options.vectors else verify(text, options)
    except (Unreadable, OSError, UnicodeDecodeError, RecursionError) as error:
        report, code = "unreadable: %s" % error, 2
    # Ids come from the document: whatever they hold, the answer stays one line.
    print("".join(c if " " <= c <= "~" else "\\u%04x" % ord(c) for c in report))
    return code


if __name__ == "__main__":
    sys.exit(main())
