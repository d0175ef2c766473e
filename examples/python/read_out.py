"""Reads one model's verdicts from an out/, by docs/out-format.md alone: python3 read_out.py OUT REPO_ID."""

import hashlib
import json
import os
import re
import sys


def prefix_of(text):
    return int(hashlib.sha256(text.encode()).hexdigest()[:4], 16)


def shard_name(prefix, bits):
    return format(prefix >> (16 - bits), "x").zfill(max(1, -(-bits // 4)))


def read(out, path):
    with open(os.path.join(out, path), encoding="utf-8") as file:
        return file.read()


def find_line(out, header, prefix, repo_id):
    shard = shard_name(prefix, header["shardBits"])
    try:
        lines = read(out, f"models/{shard}.jsonl").split("\n")
    except FileNotFoundError:
        return None
    start = f"[{json.dumps(repo_id)},"
    for number, line in enumerate(lines):
        if line.startswith(start):
            volatile = json.loads(read(out, f"volatile/{shard_name(prefix, header['volatileBits'])}.json"))
            return json.loads(line), volatile[shard][number]
    return None


def fill(text, shared):
    return re.sub(r"\{([tmcgfq])\}", lambda mark: shared.get(mark[1], mark[0]), text)


def context_warnings(own, verdict, limit):
    tokens = own.get("x")
    if not verdict["compatible"] or tokens is None or limit is None or tokens <= limit:
        return []
    return [f"The model's context of {tokens} tokens is longer than this worker's {limit}."]


def variants_of(verdict, own):
    if "set" not in verdict:
        return [], None
    ids = [variant[0] for variant in own["v"]] if "v" in own else own["V"]
    recommended, *running = own["r"][verdict["set"]]
    chosen = ids[recommended] if recommended >= 0 else None
    return ([ids[at] for at in running] if running else ids), chosen


def main(out, repo_id):
    header = json.loads(read(out, "manifest.json"))
    prefix = prefix_of(repo_id)
    found = find_line(out, header, prefix, repo_id)
    if found is None:
        return None
    (_, row_key, own), (downloads, likes, _) = found
    table = json.loads(read(out, "verdicts.json"))
    part = shard_name(prefix_of(row_key), header["rowBits"])
    list_number, shared = json.loads(read(out, f"rows/{part}.json"))[row_key]
    verdicts = {}
    numbers = table["lists"][list_number]
    for worker, limit, number in zip(table["workers"], table["maxContextLengths"], numbers):
        verdict = table["verdicts"][number]
        variants, recommended = variants_of(verdict, own)
        verdicts[worker] = {
            "status": verdict["status"],
            "confidence": verdict["confidence"],
            "reasons": [fill(reason, shared) for reason in verdict["reasons"]],
            "warnings": [fill(text, shared) for text in verdict["warnings"]]
            + context_warnings(own, verdict, limit),
            "variants": variants,
            "recommendedVariant": recommended,
        }
    return {"kind": shared.get("k"), "parameters": own.get("p"), "downloads": downloads, "verdicts": verdicts}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2])))
