# What a filter file may not say, and how that is told.
try() {
	printf '%s' "$1" >f.json
	nli-filter -f f.json -q /dev/null
	echo $?
}
try '{'
try '[]'
try '{"nli_filter":1}'
try '{"nli_filter":2,"rules":[]}'
try '{"nli_filter":1,"rules":[{"rule":"esay","above":1}]}'
try '{"nli_filter":1,"rules":[{"rule":"easy","over":1}]}'
try '{"nli_filter":1,"rules":[{"rule":"easy","above":"1"}]}'
try '{"nli_filter":1,"rules":[{"rule":"easy","above":1.5}]}'
try '{"nli_filter":1,"rules":[{"rule":"lang","keep":["en",1]}]}'
try '{"nli_filter":1,"rules":[{"above":0.5}]}'
try '{"nli_filter":1,"rule":[]}'
try '{"nli_filter":1,"seed":-1,"rules":[]}'
try '{"nli_filter":1,"rules":[{"rule":"easy"}]}' 2>&1 | head -1
nli-filter -f missing.json
echo $?
