# What each option changes: kinds and clusters in short.
cat >in.jsonl <<'EOS'
{"id":"1","premise":"A","hypothesis":"A man is sleeping on the old sofa."}
{"id":"2","premise":"B","hypothesis":"a man is sleeping on the old sofa"}
{"id":"3","premise":"C","hypothesis":"A man is sleeping on the new sofa."}
{"id":"4","premise":"D","hypothesis":"Ａ man is sleeping on the old sofa."}
{"id":"5","premise":"E","hypothesis":"He ran."}
{"id":"6","premise":"F","hypothesis":"He sat."}
EOS
show() {
	printf '%s\n' "$*"
	nli-dedup --by hypothesis "$@" in.jsonl 2>/dev/null |
		jq -r '[.id, .dedup.of, .dedup.size, .dedup.kind, (.dedup.nearest | if . then .id + " " + (.sim | tostring) else "-" end)] | join(" ")'
}
show
show --exact
show --exact --keep-case
show --exact --keep-marks
show --exact --keep-width
show --jaccard 0.9
show --edits 1
show --drop --keep first
show --drop --keep longest
