"""Check an evidence pack of Deskbell. Needs Python 3.9 or later and nothing else:

    python3 verify.py PACK.zip [SHA256 of its manifest] ["deskbell-checkpoint/1 …", any that you kept]

Give what you were told by another way than with the pack: whoever can write a whole pack anew can make it fit itself.
Exit code 0: it is as it was written. 1: it is not, or it cannot be read.
"""

# mypy: ignore-errors
import hashlib
import json
import pathlib
import re
import struct
import sys
import zlib

HEAD, SEAL, SIGNATURE = "manifest.json", "manifest.sha256", "manifest.sig"
NAME = re.compile(r"(?:[\w-][\w.-]*/)*[\w-][\w.-]*", re.ASCII)
POINT = re.compile(r"deskbell-checkpoint/1 size=([0-9]+) root=([0-9a-f]{64}) at=.+")
quoted = json.JSONEncoder(ensure_ascii=False).encode


def sha(data):
    return hashlib.sha256(data).hexdigest()


def entries(data, faults):
    """Names and contents; every byte of the container's own is rebuilt and compared."""
    count, size, start = struct.unpack("<10xHII2x", data[-22:])
    at, offset, found, whole = start, 0, [], len(data) >= 22
    for _ in range(count):
        crc, packed, length = struct.unpack("<16xII4xH16x", data[at : at + 46])
        name = data[at + 46 : at + 46 + length]
        local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 0, 0, 33, crc, packed, packed, length, 0) + name
        central = struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 788, 20, 0, 0, 0, 33, crc, packed, packed, length,
                              0, 0, 0, 0, 0o100644 << 16, offset) + name  # fmt: skip
        body = data[offset + len(local) : offset + len(local) + packed]
        whole = whole and data[offset : offset + len(local)] == local and data[at : at + len(central)] == central
        if zlib.crc32(body) != crc:
            faults.append(f"{name.decode(errors='replace')} is not as it was packed.")
        found.append((name.decode(errors="replace"), body))
        offset, at = offset + len(local) + packed, at + len(central)
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, at - start, offset, 0)
    if not whole or offset != start or size != at - start or data[at:] != end:
        faults.append("The container has other bytes than those that it was written with.")
    return found


def leaf(f):
    """The hash of a fact: link of the chain and leaf of the tree."""
    words = "null" if f["words_commitment"] is None else quoted(f["words_commitment"])
    told = (f'\0[{f["seq"]},"{f["prev_hash"]}",{f["id"]},{quoted(f["subject"])},{quoted(f["kind"])},{f["at_micros"]},'
            f'{quoted(f["by"])},{quoted(f["data"])},{words},{f["policy_version"]}]')  # fmt: skip
    return hashlib.sha256(told.encode()).digest()


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def roots(leaves, sizes):
    """The root of the tree over the first leaves, for each size (RFC 9162, 2.1)."""
    peaks, found = [], {}
    for number, one in enumerate(leaves, start=1):
        peaks.append(one)
        carry = number
        while not carry & 1:
            right = peaks.pop()
            peaks.append(node(peaks.pop(), right))
            carry >>= 1
        if number in sizes:
            root = peaks[-1]
            for peak in reversed(peaks[:-1]):
                root = node(peak, root)
            found[number] = root.hex()
    return found


def climbed(one, index, size, proof):
    """The root that a leaf and its path come to (RFC 9162, 2.1.3.2)."""
    last, root = size - 1, one
    for step in proof:
        if index & 1 or index == last:
            root = node(bytes.fromhex(step), root)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            root = node(root, bytes.fromhex(step))
        index, last = index >> 1, last >> 1
    return root.hex()


def judge(data, told):
    """What is wrong, and what was checked."""
    faults = []
    found = entries(data, faults)
    files = dict(found)
    manifest = json.loads(files[HEAD])
    listed = {one["path"]: one for one in manifest["files"]}
    if [name for name, _ in found] != [*listed, HEAD, SEAL, *([SIGNATURE] if SIGNATURE in files else [])]:
        faults.append(
            "Files were added, taken out, doubled or moved: " + ", ".join(sorted({*files} ^ {HEAD, SEAL, *listed}))
        )
    if not all(NAME.fullmatch(name) for name, _ in found) or len({name.lower() for name in files}) < len(found):
        faults.append("A name leads out of the folder, or stands for two files.")
    if files[SEAL] != "".join(f"{sha(files[one])}  {one}\n" for one in (HEAD, SIGNATURE) if one in files).encode():
        faults.append("The manifest is not the one that was sealed.")
    for name, one in listed.items():
        if (sha(files.get(name, b"")), len(files.get(name, b""))) != (one["sha256"], one["bytes"]):
            faults.append(f"{name} is not as the manifest has it.")
    leaves = [bytes.fromhex(line) for line in files["journal/leaves.txt"].decode().split()]
    lines = files["journal/checkpoints.txt"].decode().splitlines()
    points = [POINT.fullmatch(line) for line in [*lines, *(one for one in told if "size=" in one)]]
    tops = roots(leaves, {int(one[1]) for one in points})
    faults += [f"The journal is not that of: {one[0]}" for one in points if tops.get(int(one[1])) != one[2]]
    if lines[-1] != manifest["checkpoint"] or int(POINT.fullmatch(lines[-1])[1]) != len(leaves):
        faults.append("The newest checkpoint is not the one that the manifest names.")
    if digests := [one for one in told if "size=" not in one and one.lower() != sha(files[HEAD])]:
        faults.append(f"The manifest is not the one with the digest {digests[0]}.")
    count = 0
    for name in listed:
        for line in files.get(name, b"").splitlines() if name.endswith(".jsonl") or name.startswith("samples/") else ():
            record = json.loads(line)
            for fact in record["facts"]:
                whole = leaf(fact) == leaves[fact["seq"] - 1]
                if "proof" in fact:
                    whole = (
                        whole and climbed(leaf(fact), fact["seq"] - 1, len(leaves), fact["proof"]) == tops[len(leaves)]
                    )
                if not whole:
                    faults.append(f"{name}: fact {fact['seq']} is not in the journal like this.")
                count += 1
            if "seed" in record:
                seed = sha(f"{tops[len(leaves)]}\n{record['word']}".encode())
                ranked = sorted(record["population"], key=lambda ref, seed=seed: sha(f"{seed}\n{ref}".encode()))
                whole = sha("".join(f"{ref}\n" for ref in record["population"]).encode()) == record["population_hash"]
                if not whole or seed != record["seed"] or ranked[: len(record["sample"])] != record["sample"]:
                    faults.append(f"{name} was not drawn by its word.")
    return faults, f"{len(listed)} files and {count} facts, of a journal of {len(leaves)}. Manifest: {sha(files[HEAD])}"


if __name__ == "__main__":
    try:
        wrong, checked = judge(pathlib.Path(sys.argv[1]).read_bytes(), sys.argv[2:])
    except (OSError, LookupError, TypeError, AttributeError, ValueError, RecursionError, struct.error) as fault:
        sys.exit(f"NOT as it was written, or no evidence pack: {fault!r}" if len(sys.argv) > 1 else __doc__)
    print("\n".join([*wrong, "NOT as it was written."] if wrong else [f"As it was written: {checked}"]))
    sys.exit(1 if wrong else 0)
