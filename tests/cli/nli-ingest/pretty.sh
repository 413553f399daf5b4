# A pretty-printed array: every record is one line, also where several of its members go to src.
cat >mine.json <<'EOF'
{"name":"mine","title":"Made up","languages":["en"],"task":"nli","licence":"CC0",
"dialect":"json","fields":{"id":"id","premise":"p","hypothesis":"h","label":"l"}}
EOF
cat >pretty.json <<'EOF'
[
  {
    "id": 7,
    "a": 1.50,
    "b": {
      "c": [
        1, 2
      ]
    },
    "p": "A cat sleeps.", "x" :
      "y",
    "h": "An animal sleeps.",
    "l": "e"
  }
]
EOF
nli-ingest -c ./mine.json pretty.json
