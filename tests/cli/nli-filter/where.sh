# An expression that does not compile, fails on a record, puts out nothing, or several things.
printf '{"id":"a","task":"nli","label":"neutral","n":%s}\n' 1 2 null '"x"' >in
try() {
	echo "== $1"
	nli-filter -q --drop --where "$1" in 2>&1 | sed 's/"id":"a","task":"nli","label":"neutral",//' | head -4
}
try '.n =='
try '.n | tonumber > 1'
try '.n > 1'
try 'empty'
try '.n, false'
try 'null, true'
nli-filter -q --where '.n | tonumber' --max-bad 1 --reject rejected in | wc -l
jq -r .reason rejected
