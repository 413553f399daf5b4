# The rule methods of nli-adversarial on records of SNLI's shape in English and in Chinese,
# one thread, against jq -c . in the same minute, which only reads and writes them, and
# against one substitution by Python's re per record (what perturbation scripts do).  A
# method's cost is that of what it writes too: beside the input read stands the output
# written for each byte of it.  The words are made up or few: for real text, give
# BENCH_RECORDS and BENCH_RECORDS_ZH, files of records.
. "$SRC/tests/bench/lib.sh"
need python3
need jq
lines=${BENCH_LINES:-200000}
set -e
"$B/tests/bench/gen_snli" "$lines" lean >all.jsonl
nli-ingest -c snli -o made all.jsonl 2>/dev/null
rm all.jsonl
cat "${BENCH_RECORDS:-made}" >en
# Sentences by row number: subject, place, verb and object from lists, so that few are the same.
cat >zh.py <<'END'
import json, sys
who = "男人 女人 孩子 老师 学生 医生 老人 司机 工人 农民 厨师 警察".split()
where = "公园里 房间里 车站 学校 海边 山上 厨房里 街上 商店里 医院".split()
does = "正在跑步 是一名音乐家 喜欢唱歌 有一只黑色的狗 可以游泳 在看一本很旧的书 需要休息 很高兴".split()
adds = ["", "，因为今天天气很好", "，旁边有很多人", "，手里拿着一把红色的雨伞"]
for i in range(int(sys.argv[1])):
    x = i * 2654435761 % 2**32
    t = [who[x % 12] + "在" + where[x // 12 % 10] + does[x // 120 % 8] + adds[x // 960 % 4] + "。",
         "一个" + who[x // 7 % 12] + does[x // 77 % 8] + "。"]
    print(json.dumps({"id": "zh/%d" % i, "key": "a" * 26, "task": "nli", "lang": "zh",
        "corpus": "made", "split": None, "group": str(i), "premise": t[0], "hypothesis": t[1],
        "label": ["entailment", "neutral", "contradiction"][i % 3]}, ensure_ascii=False))
END
if [ "${BENCH_RECORDS_ZH:-}" ]; then cat "$BENCH_RECORDS_ZH" >zh; else python3 zh.py "$lines" >zh; fi
cat >sub.py <<'END'
import json, re, sys
aux = re.compile(r"\b(is|are|was|were)\b(?! not)|(?<!不)是")
for line in open(sys.argv[1], encoding="utf-8"):
    d = json.loads(line)
    h, n = aux.subn(lambda m: m[1] + " not" if m[1] else "不是", d["hypothesis"], count=1)
    if n:
        d["hypothesis"] = h
        print(json.dumps(d, ensure_ascii=False))
END
for lang in en zh; do
	mb=$(wc -c <$lang | awk '{ print $1 / 1e6 }')
	cost "$lang: python3, one substitution" python3 sub.py $lang
	python=$seconds
	for m in negate contrast invariant monotone judge; do
		cost "$lang: jq -c ." jq -c . $lang
		jq=$seconds
		cost "$lang: nli-adversarial -m $m" nli-adversarial -j 1 -m $m $lang
		made=$(nli-adversarial -j 2 -m "$m" $lang 2>/dev/null | wc -c)
		awk -v l="$lang" -v mb="$mb" -v s="$seconds" -v m="$m" -v made="$made" 'BEGIN {
			printf "%s: %s: %.0f MB/s of input, %.2f bytes written for each, %.0f MB/s of both\n",
				l, m, mb / s, made / mb / 1e6, (mb + made / 1e6) / s }'
		# A judge cuts both texts of every record into words; nothing is promised of it.
		[ $m = judge ] && want=0 || want=1
		case $lang-$m in
		*-judge | en-invariant) rate=0 ;;
		en-*) rate=200 ;;
		*) rate=50 ;;
		esac
		ratio "$lang: $m, MB/s of input" "$mb" "$seconds" $rate
		ratio "$lang: jq / $m" "$jq" "$seconds" $want
		[ $m != negate ] || ours=$seconds
	done
	ratio "$lang: python3 / negate" "$python" "$ours" 1
done
