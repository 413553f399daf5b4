# Every export, given to what loads it: pandas, DuckDB (guessing types from the first row,
# as loaders do, then to Parquet), the types of the services' own SDKs, fastText and
# LIBLINEAR.  What is not here is named and not tried.  Python and these two are Debian's
# python3-pandas, fasttext, liblinear-tools; $CONSUMERS is a folder in which
#	npm install @duckdb/node-api typescript openai @anthropic-ai/sdk @google/genai
# was run.
set -eu
here=$SRC/tests/real
bad=0
tried() { command -v "$1" >/dev/null || { echo "$1 is not here: not tried"; return 1; }; }

nli-ingest -c indonli "$DATA/indonli/train.jsonl" 2>/dev/null | head -n 3000 >pairs
nli-ingest -c pmr "$DATA/pmr/val-ori.jsonl" 2>/dev/null | head -n 500 >choices
nli-ingest -c snli "$DATA"/snli/snli_1.0_*.jsonl 2>/dev/null >voted
# The second row differs from the first in all that may be missing.
jq -c 'if input_line_number == 1 then del(.meta, .src, .annotations) | .split = null | .group = null else . end' pairs >odd

formats=$(nli-export --list | awk '{ print $1 }')
for f in $formats; do
	case $f in
	glue-tsv) nli-export -f "$f" odd 2>/dev/null >"$f" ;;
	snli) nli-export -f "$f" voted 2>/dev/null >"$f" ;;
	fasttext | libsvm) nli-export -f "$f" pairs 2>/dev/null >"$f" ;;
	anthropic-batch) nli-export -f "$f" --model m odd choices 2>/dev/null >"$f" ;;
	*-batch) nli-export -f "$f" --model m --logprobs 5 odd choices 2>/dev/null >"$f" ;;
	*) nli-export -f "$f" odd choices 2>/dev/null >"$f" ;;
	esac
done
rows=$(cat odd choices | wc -l)

python=
for p in python3 /usr/bin/python3; do
	"$p" -c 'import pandas' 2>/dev/null && python=$p
done
if [ -n "$python" ]; then
	"$python" "$here/export_load.py" "$rows" $formats || bad=1
else
	echo "pandas is not here: not tried"
fi

if tried node && [ -d "${CONSUMERS:-}/node_modules" ]; then
	NODE_PATH=$CONSUMERS/node_modules node "$here/export_load.js" "$rows" $formats || bad=1
	ln -s "$CONSUMERS/node_modules" node_modules
	if "$CONSUMERS/node_modules/.bin/tsc" --noEmit --strict --skipLibCheck --target es2022 --module nodenext --moduleResolution nodenext batches.ts; then
		echo "types of openai, @anthropic-ai/sdk, @google/genai: expected to fit, and do"
	else
		bad=1
	fi
	# And they are able to say no.
	sed 's/"max_completion_tokens"/"max_completions"/' batches.ts >wrong.ts
	! "$CONSUMERS/node_modules/.bin/tsc" --noEmit --strict --skipLibCheck --target es2022 --module nodenext --moduleResolution nodenext wrong.ts >/dev/null || { echo "tsc takes anything"; bad=1; }
else
	echo "DuckDB and the SDKs are not in \$CONSUMERS: not tried"
fi

# A classifier that learns from the file beats the commonest label where it can.
over() { # NAME ACCURACY-IN-PERCENT FLOOR
	echo "$1: expected over $3 %, found $2"
	awk -v a="$2" -v f="$3" 'BEGIN { exit !(a > f) }' || bad=1
}
nli-export -f fasttext voted 2>/dev/null >ft
nli-export -f libsvm voted 2>/dev/null >svm
if tried fasttext; then
	awk 'NR % 5' ft >ft.train
	awk '!(NR % 5)' ft >ft.test
	fasttext supervised -input ft.train -output model -thread 1 -epoch 25 -verbose 0 >/dev/null 2>&1
	over fasttext "$(fasttext test model.bin ft.test | awk '$1 ~ /^P@1/ { print 100 * $2 }')" 45
fi
if tried liblinear-train; then
	awk 'NR % 5' svm >svm.train
	awk '!(NR % 5)' svm >svm.test
	liblinear-train -q -s 0 -c 0.1 svm.train svm.model
	over liblinear "$(liblinear-predict svm.test svm.model svm.out | awk '{ print $3 + 0 }')" 45
fi
exit $bad
