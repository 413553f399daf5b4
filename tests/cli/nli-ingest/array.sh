# A JSON array in a file called .jsonl, pretty-printed; elements are on one line each in the output.
cat >diagnostic.jsonl <<'END'
[
  {
    "pair_id": 1, "label": "e",
    "premise": "Dia [\"makan\"], {tidur}.",
    "hypothesis": "Dia makan.",
    "inference_phenomena": [
      "MORPH",
      "NEG"
    ]
  },
  { "pair_id": 2, "label": "c", "premise": "Dia makan.", "hypothesis": "Tidak.", "inference_phenomena": [] }
]
END
nli-ingest -c indonli diagnostic.jsonl
