# The summary for the terminal, of everything there is; no colour where there is no terminal.
R=$SRC/tests/data/report
nli-report --planted "$SRC/corpora/demo/planted.json" "$R"/*.jsonl
nli-report "$R"/*.jsonl | awk 'length($0) > 200'
nli-report "$R"/*.jsonl | grep -c "$(printf '\033')"
true
