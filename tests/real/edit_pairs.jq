# Of records in the order of their corpus, each two near each other (at most three apart)
# that share one text and differ in the other: what the second became, with the first as "was",
# and the other way round.  For corpora of human edits (CAD, InferES Rewrite).
def was($a; $b): $b + { id: "\($a.id)>\($b.id)",
	was: ($a | { premise, hypothesis, "label": .label }) };
foreach inputs as $r ({ last: [], out: [] };
	.out = [.last[] | select($r.label and .label and
			((.premise == $r.premise) != (.hypothesis == $r.hypothesis))) |
		was(.; $r), was($r; .)] | .last = (.last + [$r])[-3:];
	.out[])
