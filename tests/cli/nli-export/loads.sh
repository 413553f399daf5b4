# Every format on the whole demo corpus, held against what its reader wants: members and
# their types, the same in every row, as in the readers' own loaders.
nli-ingest -c demo -o pairs "$SRC/corpora/demo/train.jsonl"
nli-ingest -c demo -o choices "$SRC/corpora/demo/choices.jsonl"
jq -c 'if .id == "demo/train/en-001n" then .hypothesis = "a \"quoted\",\ttabbed\nand broken line \u0001 \\" | .group = null | .split = null else . end' \
	pairs >odd
cat >check.py <<'END'
import json, subprocess, sys
MESSAGES = [{"role": str, "content": str}]
EXTRA = {"split": str, "index": int, "id": str, "key": str, "lang": str, "metadata": str}
ORIGIN = {"id": str, "key": str, "lang": str, "metadata": str}
VERIFIERS = {"prompt": MESSAGES, "answer": str, "info": str, "example_id": int}
SHAPE = {
    "verl": {"data_source": str, "prompt": MESSAGES, "ability": str,
             "reward_model": {"style": str, "ground_truth": str}, "extra_info": EXTRA},
    "skyrl": {"data_source": str, "prompt": MESSAGES, "env_class": str,
              "reward_spec": {"method": str, "ground_truth": str}, "extra_info": EXTRA},
    "trl-grpo": dict({"prompt": MESSAGES, "ground_truth": str, "task": str}, **ORIGIN),
    "trl-sft": {"prompt": MESSAGES, "completion": MESSAGES, "id": str, "key": str},
    "trl-dpo": {"prompt": MESSAGES, "chosen": MESSAGES, "rejected": MESSAGES, "id": str, "key": str},
    "trl-kto": {"prompt": MESSAGES, "completion": MESSAGES, "label": bool, "id": str, "key": str},
    "openrlhf": dict({"input": str, "label": str, "datasource": str}, **ORIGIN),
    "verifiers": VERIFIERS,
    "verifiers-v1": dict({"idx": int, "name": str, "prompt": str, "system_prompt": str, "answer": str}, **ORIGIN),
    "prime-rl": dict(VERIFIERS, env_name=str),
    "genesys": {"problem_id": str, "source": str, "task_type": str, "in_source_id": str, "prompt": str,
                "gold_standard_solution": str, "verification_info": str, "metadata": str},
    "nemo-rl": dict({"input": str, "output": str, "task_name": str}, **ORIGIN),
    "open-instruct": dict({"messages": MESSAGES, "ground_truth": str, "dataset": str}, **ORIGIN),
    "openai-batch": {"custom_id": str, "method": str, "url": str, "body": {
        "model": str, "messages": MESSAGES, "max_completion_tokens": int, "temperature": int}},
    "gemini-batch": {"key": str, "request": {"contents": [{"role": str, "parts": [{"text": str}]}],
                     "generationConfig": {"maxOutputTokens": int, "temperature": int}}},
    "anthropic-batch": {"custom_id": str, "params": {
        "model": str, "max_tokens": int, "temperature": int, "messages": MESSAGES}},
}
SHAPE["vllm-batch"] = SHAPE["openai-batch"]

def is_like(v, shape):
    if isinstance(shape, dict):
        return isinstance(v, dict) and list(v) == list(shape) and all(is_like(v[k], shape[k]) for k in shape)
    if isinstance(shape, list):
        return isinstance(v, list) and v and all(is_like(x, shape[0]) for x in v)
    return type(v) is shape

for name, shape in SHAPE.items():
    out = subprocess.run(["nli-export", "-f", name, "--model", "m", "--temperature", "0", "odd", "choices"],
                         capture_output=True, check=True, text=True).stdout
    if name == "anthropic-batch":
        rows = json.loads(out)["requests"]
    else:
        rows = [json.loads(line) for line in out.split("\n")[:-1]]
    bad = [r for r in rows if not is_like(r, shape)]
    ids = [r.get("custom_id") or r.get("key") for r in rows]
    if name.endswith("-batch"):
        bad += [i for i in ids if not i.isalnum() or len(i) > 64]
        if len(set(ids)) != len(ids):
            bad.append("an id twice")
    for counter in ("idx", "example_id"):
        if counter in shape and [r[counter] for r in rows] != list(range(len(rows))):
            bad.append(counter)
    if "extra_info" in shape and [r["extra_info"]["index"] for r in rows] != list(range(len(rows))):
        bad.append("index")
    for member in ("metadata", "info", "verification_info"):
        if member in shape:
            for r in rows:
                json.loads(r[member])
    print(name, len(rows), "rows,", len(bad), "bad", bad[:1] or "")
END
python3 check.py
