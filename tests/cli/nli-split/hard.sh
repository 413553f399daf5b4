# Hard cases, held against brute force: no value is in two parts, what moved is the least
# (an exact solver tries every split of 60 small cases), what does not leak stays.
cat >lib.awk <<'END'
function draw(n) { seed = (seed * 69069 + 1) % 4294967296; return int(seed / 65536) % n }
function record(id, premise, topic, workers, label, part,  n, w, word) {
	printf "{\"id\":\"%s\",\"premise\":\"%s\",\"hypothesis\":\"h %s\",\"meta\":{\"topic\":\"%s\",\"date\":\"20%02d-01\"},\"annotations\":[", id, premise, id, topic, draw(30)
	n = split(workers, word, " ")
	for (w = 1; w <= n; w++) printf "%s{\"worker\":\"%s\",\"label\":\"x\"}", (w > 1 ? "," : ""), word[w]
	printf "],\"label\":\"%s\",\"split\":%s}\n", label, part
}
END
values='[(.id | split("/")[0]), .split, .source_split, "p " + .premise, "t " + .meta.topic, (.annotations[] | "w " + .worker)] | @tsv'
groups='--group premise --group meta.topic --annotator-disjoint'
whole() { # NAME KINDS: no value of these kinds (p, t, w) in two parts
	jq -r "$values" "$1" | awk -F '\t' -v name="$1" -v kinds="$2" '{ for (i = 4; i <= NF; i++) {
		if (!index(kinds, substr($i, 1, 1))) continue
		if (($i in part) && part[$i] != $2) leaks++
		part[$i] = $2 } } END { print name ": " NR " records, " leaks + 0 " leaks" }'
}

# 60 cases of 7 records and 3 parts, each of 3^7 = 2187 splits.
cat lib.awk - >small.awk <<'END'
BEGIN { seed = 5; part[0] = "train"; part[1] = "dev"; part[2] = "test"
	for (c = 0; c < 60; c++) for (i = 0; i < 7; i++) {
		k = 2 + c % 5 + c % 3 * 9
		record(c "/" i, "p" c "." draw(k), "t" c "." draw(k + 2), "w" c "." draw(3 * k) " w" c "." draw(5 * k), "x", "\"" part[draw(3)] "\"") } }
END
awk -f small.awk >small
nli-split --fix $groups -o fixed small
whole fixed ptw
jq -r "$values" fixed | awk -F '\t' '
function solve(n,  i, j, k, a, b, code, moved, least, ok) {
	for (i = 0; i < n; i++) for (j = i + 1; j < n; j++) {
		tied[i, j] = 0
		for (a = 4; a <= nf[i]; a++) for (b = 4; b <= nf[j]; b++) tied[i, j] += v[i, a] == v[j, b] }
	least = n + 1
	for (code = 0; code < 3 ^ n; code++) {
		k = code; moved = 0; ok = 1
		for (i = 0; i < n; i++) { to[i] = k % 3; k = int(k / 3); moved += to[i] != was[i] }
		if (moved >= least) continue
		for (i = 0; i < n && ok; i++) for (j = i + 1; j < n && ok; j++) if (tied[i, j] && to[i] != to[j]) ok = 0
		if (ok) least = moved }
	return least
}
function end() { if (n) { want = solve(n); cases++; all += want; if (want != have) { print "case " name ": moved " have ", the least is " want } } n = have = 0 }
BEGIN { number["train"] = 0; number["dev"] = 1; number["test"] = 2 }
$1 != name { end(); name = $1 }
{ nf[n] = NF; for (i = 4; i <= NF; i++) v[n, i] = $i; was[n] = number[$3]; have += $2 != $3; n++ }
END { end(); print cases " cases, " all " records to move" }'

# What is connected, by relabelling until nothing changes: of --respect, components that
# are in one part stay there.
nli-split --respect $groups -o kept small 2>/dev/null
whole kept ptw
jq -r "$values" kept | awk -F '\t' '{ line[NR] = $0; root[NR] = NR }
END { do { again = 0
	for (i = 1; i <= NR; i++) { n = split(line[i], f, "\t")
		for (k = 4; k <= n; k++) { if (!(f[k] in least) || root[i] < least[f[k]]) least[f[k]] = root[i]
			if (least[f[k]] < root[i]) { root[i] = least[f[k]]; again = 1 } } } } while (again)
	for (i = 1; i <= NR; i++) { split(line[i], f, "\t"); r = root[i]
		if ((r in was) && was[r] != f[3]) cut[r] = 1
		was[r] = f[3]; moved[r] += f[2] != f[3] }
	for (r in was) { all++; if (r in cut) n_cut++; else if (moved[r]) print "component " r " did not leak and moved" }
	print all " components, " n_cut " cut" }'

# A chain through all parts that is half of all, loose pairs, two kinds of ties at once.
cat lib.awk - >large.awk <<'END'
BEGIN { seed = 7; part[0] = "\"train\""; part[1] = "\"dev\""; part[2] = "\"test\""; part[3] = "null"
	for (i = 0; i < 3000; i++) if (i % 2)
		record("c/" i, "chain_" int((i + 2) / 4), "link_" int(i / 4), "w" i, i % 3, part[int(i / 2) % 4])
	else
		record("l/" i, "loose_" int(i / 6), "topic_" i, "v" int(i / 4) " v" int(i / 4 + 1) % 2000000, i % 3, part[draw(4)]) }
END
awk -f large.awk >large
for how in --fix --respect "--respect --balance" "" "--balance" "--stratify label" \
	"--holdout meta.topic=link_7" "--by-date meta.date --cutoff 2029"; do
	# shellcheck disable=SC2086
	nli-split $how --group premise --group meta.topic large >out 2>err
	cat err
	whole out pt
done
nli-split --fix $groups large 2>&1 >out | tail -n 3
whole out ptw
# The group of half of all records fits no part of these.
nli-split --group premise --group meta.topic --parts a=40%,b=40%,c=20% --balance large
nli-split --group premise --group meta.topic --parts a=rest,b=400 large | jq -r .split | sort | uniq -c
nli-split --group premise --parts a=rest,b=3001 large
nli-split --kfold 5 --group premise --stratify label large | jq -r '[.fold, .premise] | @tsv' | sort -u | cut -f 2 | uniq -d | wc -l
nli-split --kfold 5 --group premise --stratify label large | jq -r '[.fold, .label] | @tsv' | sort | uniq -c

# Hash mode: no record moves when others come, in whatever order they are.
head -n 1500 large | nli-split --group premise | jq -r '[.id, .split] | @tsv' | sort >half
sort -R --random-source=lib.awk large | nli-split --group premise | jq -r '[.id, .split] | @tsv' | sort >all
comm -23 half all
nli-split --kfold 7 --group premise large | jq -r '[.id, .fold] | @tsv' | sort >folds
head -n 1500 large | nli-split --kfold 7 --group premise | jq -r '[.id, .fold] | @tsv' | sort | comm -23 - folds

# What cannot be is told.
nli-split --fix --parts train=rest,dev=10,test=10 large || echo "exit $?"
sed 's/"dev"/"validation"/' small | nli-split --fix || echo "exit $?"
sed 's/"dev"/"validation"/' small | nli-split --fix --parts train=80%,validation=10%,test=10% | jq -r .split | sort | uniq -c
nli-split --respect --holdout meta.topic=nowhere --parts train=80%,dev=10%,test=10% large 2>/dev/null | jq -r .split | sort -u
