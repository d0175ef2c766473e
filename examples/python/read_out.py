"""Reads one model's verdicts and memory from an out/, by docs/out-format.md alone: python3 read_out.py OUT REPO_ID."""

import hashlib
import json
import math
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
    return [f"The model has a context of {tokens} tokens; this worker supports at most {limit}."]


def variants_of(verdict, own):
    if "set" not in verdict:
        return [], None
    ids = [variant[0] for variant in own["v"]] if "v" in own else own["V"]
    recommended, *running = own["r"][verdict["set"]]
    chosen = ids[recommended] if recommended >= 0 else None
    return ([ids[at] for at in running] if running else ids), chosen


USUAL_CONTEXT = 8192
WIDTHS = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2}
WITHOUT_CACHE = ("diffusion-pipeline", "component", "embedding", "reranker", "classifier", "reward")


def find_exception(rules, field, name):
    return next((rule for rule in rules if name is not None and name in rule[field]), {})


def weights_of(model, variant_id, memory, bits_per_weight):
    """(bytes or None, whether they are exact, whether there may be more)"""
    form, label = re.sub(r"#\d+$", "", variant_id).split(":")
    listed = [(one[0], one[3]) for one in model.get("v", [])]
    size = dict(listed or zip(model.get("V", []), model.get("z", []))).get(variant_id, -1)
    total, stored = model.get("p"), WIDTHS.get(label)
    kept = stored
    if form != "gguf":
        if "bytesPerParameter" in memory:
            kept = memory["bytesPerParameter"]
        elif stored is not None:
            kept = min(stored, memory.get("mostBytesPerParameter", stored))
    if kept is not None and kept != stored:
        if total is not None:
            return total * kept, True, False
        if size < 0:
            return None, False, False
        bytes_kept = size if stored is None else math.floor(size * kept / stored + 0.5)
        return bytes_kept, False, stored is None and kept > 2
    if size >= 0:
        return size, True, False
    if total is not None and stored is not None:
        return total * stored, True, False
    bits = bits_per_weight.get(label.removeprefix("UD-"))
    if total is None or bits is None:
        return None, False, False
    return math.floor(total * bits / 8 + 0.5), False, False


def cached_elements(group, context, rule):
    layers, cache, elements, more = [*group, None][:4]
    if cache == "n":
        return 0
    if cache == "l":
        return layers * context * (more if rule["latent"] == "expanded" and more is not None else elements)
    if cache == "w" and rule["window"] == "window":
        kept = math.ceil((more + rule["batchTokens"]) / 256) * 256
        return layers * elements * min(context, kept)
    return layers * elements * context


def cache_of(model, key, memory, context):
    """(bytes or None, whether they are exact)"""
    if model.get("k") in WITHOUT_CACHE:
        return 0, True
    if "A" not in model:
        return None, False
    cache = memory.get("cache", {"window": "full", "latent": "expanded", "batchTokens": 0, "exceptions": []})
    rule = {**cache, **find_exception(cache["exceptions"], "architectures", key)}
    source, *groups = model["A"]
    numbers = sum(cached_elements(group, context, rule) for group in groups)
    return numbers * memory.get("bytesPerCachedNumber", 2), source in ("c", "g")


def overhead_of(model, key, memory):
    """(bytes, None or whether what a pipeline takes beside is among them)"""
    if model.get("k") == "component":
        return memory["overheadBytes"], False
    if model.get("k") == "diffusion-pipeline":
        rule = find_exception(memory.get("pipelines", []), "classes", model.get("c"))
        return memory["overheadBytes"] + rule.get("bytes", 0), rule != {}
    rule = find_exception(memory.get("perLayer", []), "architectures", key)
    layers = sum(group[0] for group in model.get("A", [""])[1:])
    return memory["overheadBytes"] + rule.get("bytes", 0) * layers, None


def estimate_memory(model, worker, variant_id, bits_per_weight):
    memory = worker["memory"]
    key = model.get("g" if variant_id.startswith("gguf:") else "m")
    context = min(USUAL_CONTEXT, model.get("x", USUAL_CONTEXT))
    weights, weights_exact, more = weights_of(model, variant_id, memory, bits_per_weight)
    cache, cache_exact = cache_of(model, key, memory, context)
    overhead, working = overhead_of(model, key, memory)
    if weights is None:
        grade = "unknown"
    elif more or cache is None or working is False:
        grade = "at least"
    else:
        grade = "exact" if weights_exact and cache_exact and working is None else "estimate"
    total = "unknown" if weights is None else weights + (cache or 0) + overhead
    return {
        "contextLength": context,
        "weightBytes": "unknown" if weights is None else weights,
        "cacheBytes": "unknown" if cache is None else cache,
        "overheadBytes": overhead,
        "totalBytes": total,
        "grade": grade,
        "fits": [gb for gb in (8, 12, 16, 24, 32, 48, 64, 80, 96, 128, 192) if fits(total, gb, worker)],
    }


def fits(total, gb, worker):
    share = worker["memory"].get("usableShare", 1)
    if worker["backend"] == "metal":
        share = min(share, 2 / 3 if gb < 64 else 3 / 4)
    return total != "unknown" and total <= min((gb - 1) * 10**9, math.floor(gb * 10**9 * share))


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
    memory = {}
    model = {**shared, **own}
    workers = {worker["id"]: worker for worker in json.loads(read(out, "workers.json"))}
    bits_per_weight = json.loads(read(out, "quantizations.json"))
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
        memory[worker] = {
            variant: estimate_memory(model, workers[worker], variant, bits_per_weight) for variant in variants
        }
    return {
        "kind": shared.get("k"),
        "parameters": own.get("p"),
        "downloads": downloads,
        "verdicts": verdicts,
        "memory": memory,
    }


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2])))
