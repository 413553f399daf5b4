# Published tables of truth inference, on the sets that are here.
#
# name  set  method  published  tolerance  where
#   vldb   Zheng et al.'s repository, exp-3, 0 % golden tasks, and what crowd-kit's
#          settings give (facts: papers.md, 5)
#   li     Li, Rubinstein, Cohn's notebooks (facts: yardsticks.md, 3)
# A tolerance of .00005 is "to the last printed digit".  Wider ones, and why:
#   ties   PM, CATD and Wawa draw ties at random there: ties.py does so 30 times,
#          and both figures must lie between the lowest and the highest of them;
#   minimax is solved by Newton here, by 25 steps of L-BFGS there;
#   GLAD   by its own conjugate gradients, to the end of them;
#   EBCC   takes the best of 40 random starts.  On face that is a lottery: the
#          authors' steps in NumPy, five times 40 starts, end at .6182, .6199, .6336,
#          .6438 and .6490, the higher ELBOs at the higher accuracies; the
#          notebook's .6353 has -10186.9, ours -10183.8 in its convention, the best
#          of NumPy's 200 too.  On the other sets all is the same.
set -eu
cat >table <<'END'
duck_vldb mv .7593 .00005
duck_vldb wawa .7593 .00005
duck_vldb zbs .7593 .00005
duck_vldb zencrowd .7222 .00005
duck_vldb em .8796 .00005
duck_vldb ds-ck .8981 .00005
duck_vldb pm .7870 .00005
duck_vldb catd .7778 .00005
duck_vldb lfc .8981 .00005
duck_vldb minimax .9167 .00005
duck_vldb mace .8611 .00005
product_vldb mv .8966 .00005
product_vldb wawa .8966 .00005
product_vldb zbs .8966 .00005
product_vldb zencrowd .9280 .00005
product_vldb em .9366 .00005
product_vldb ds-ck .9397 .00015
product_vldb onecoin .9084 .00005
product_vldb pm .8981 ties
product_vldb catd .9266 .00005
product_vldb lfc .9373 .00005
product_vldb minimax .8409 .0005
product_vldb glad .9286 .0005
product_vldb kos .895 .001
dog mv .8222 .00005
dog wawa .8290 ties
dog zbs .8302 .00005
dog zencrowd .8302 .00005
dog em .8426 .00005
dog ds-ck .8426 .00005
dog pm .8191 ties
dog catd .8211 ties
dog lfc .8426 .00005
dog minimax .8377 .00005
dog mace .8302 .00005
face mv .6367 .00005
face wawa .6301 .00005
face zbs .6301 .00005
face zencrowd .6284 .00005
face em .6404 .00005
face ds-ck .6404 .00005
face pm .5973 ties
face catd .6166 ties
face lfc .6404 .00005
face minimax .6524 .00005
face mace .6438 .00005
rte mv .8969 .00005
rte zc .9237 .00005
rte ds .9275 .00005
rte ibcc .9275 .00005
rte bwa .9275 .00005
rte ebcc .9313 .002
duck mv .7593 .00005
duck zc .7222 .00005
duck ds .8981 .00005
duck ibcc .8889 .00005
duck bwa .7593 .00005
duck ebcc .8611 .002
trec mv .6514 .00005
trec zc .5719 .00005
trec ds .7024 .00005
trec ibcc .7055 .00005
trec bwa .6044 .00005
trec ebcc .7037 .002
product mv .8966 .00005
product zc .9274 .00005
product ds .9396 .00005
product ibcc .9383 .00005
product bwa .9194 .00005
product ebcc .9349 .002
sentiment mv .9335 .00005
sentiment zc .9510 .00005
sentiment ds .9600 .00005
sentiment ibcc .9600 .00005
sentiment bwa .9560 .00005
sentiment ebcc .9610 .002
sentiment kos .933 .0005
face zc .6284 .00005
face ds .6404 .00005
face ibcc .6404 .00005
face bwa .6182 .00005
face ebcc .6353 .0125
dog zc .8315 .00005
dog ds .8426 .00005
dog ibcc .8389 .00005
dog bwa .8315 .00005
dog ebcc .8401 .002
END

labels() { # SET
	for f in label answer; do
		[ ! -e "$DATA/truth/$1/$f.csv" ] || echo "$DATA/truth/$1/$f.csv"
	done
}
score() { # SET METHOD
	nli-truth -n -m "$2" $3 --truth "$DATA/truth/$1/truth.csv" "$(labels "$1")" |
		jq .score.accuracy
}
bad=0
while read -r set method want tol; do
	# Trec's 40 starts agree to the last digit; two of them keep this short.
	[ "$set.$method" = trec.ebcc ] && few="--restarts 2" || few=
	got=$(score "$set" "$method" "$few")
	if [ "$tol" = ties ]; then
		drawn=$(python3 "$SRC/tests/real/ties.py" "$method" 30 "$(labels "$set")" "$DATA/truth/$set/truth.csv")
		echo "$drawn" | awk -v s="$set" -v m="$method" -v g="$got" -v w="$want" '{
			ok = w > $1 - .00005 && w < $2 + .00005 && g > $1 - 1e-6 && g < $2 + 1e-6
			printf "%-12s %-9s expected %.4f, by ties %.4f to %.4f, found %.4f%s\n", s, m, w, $1, $2, g, ok ? "" : "  <<<"
			exit !ok }' || bad=1
		continue
	fi
	awk -v s="$set" -v m="$method" -v g="$got" -v w="$want" -v t="$tol" 'BEGIN {
		d = g - w; d = d < 0 ? -d : d; ok = d <= t + 1e-9
		printf "%-12s %-9s expected %.4f +- %.5f found %.4f%s\n", s, m, w, t, g, ok ? "" : "  <<<"
		exit !ok }' || bad=1
done <table

# Krippendorff's alpha (papers.md, 5).
for x in duck_vldb:.1255 product_vldb:.1575 dog:.5194 face:.4949; do
	got=$(nli-truth -n -m mv "$(labels "${x%:*}")" | jq .agreement.alpha)
	printf 'alpha %-12s expected %s found %s\n' "${x%:*}" "${x#*:}" "$got"
	[ "$(printf %.4f "$got" | sed 's/^0//')" = "${x#*:}" ] || bad=1
done

# Snow et al.'s RTE as published: 685 right, 65 ties of 800.
set -- "$DATA/snow2008/rte.standardized.tsv"
right=$(nli-truth -n -m mv "$1" | jq '.score.accuracy * 800')
ties=$(nli-truth -m mv "$1" | jq -c 'select(.truth.tie)' | wc -l)
echo "snow rte majority: expected 685 right, 65 ties: found $(awk -v r="$right" -v t="$ties" 'BEGIN { print r - t / 2 " right, " t " ties" }')"
[ "$ties" = 65 ] && awk -v r="$right" 'BEGIN { exit r != 685 + 65 / 2 }' || bad=1
got=$(nli-truth -n -m ebcc "$1" | jq .score.accuracy)
echo "snow rte ebcc: expected at least .9313, found $got"
awk -v g="$got" 'BEGIN { exit g + 1e-9 < .93125 }' || bad=1

# auto against the published EBCC, over the sets that are here.
sum=0 pub=0 n=0
for x in rte:.9313 trec:.7037 sentiment:.9610 product:.9349 duck:.8611 dog:.8401 face:.6353; do
	[ "${x%:*}" = trec ] && few="--restarts 2" || few=
	got=$(score "${x%:*}" auto "$few")
	echo "auto ${x%:*}: published EBCC ${x#*:}, found $got"
	sum=$(echo "$sum $got" | awk '{ print $1 + $2 }')
	pub=$(echo "$pub ${x#*:}" | awk '{ print $1 + $2 }')
	n=$((n + 1))
done
awk -v s="$sum" -v p="$pub" -v n=$n 'BEGIN { printf "auto mean of %d: expected at least %.4f, found %.4f\n", n, p / n, s / n; exit s < p }' || bad=1

# One pass against the figures of yardsticks.md (one-pass SBIC-K).
for x in rte:.9246 product:.9221; do
	tail -n +2 "$DATA/truth/${x%:*}/truth.csv" | tr -d '\r' | sort >t
	got=$(nli-truth --online --threshold 1 --least 1 "$(labels "${x%:*}")" |
		jq -r '.id + "," + .truth.label' | sort | join -t , - t |
		awk -F , '{ n++; r += $2 == $3 } END { printf "%.4f", r / n }')
	echo "online ${x%:*}: expected about ${x#*:}, found $got"
	awk -v g="$got" -v w="${x#*:}" 'BEGIN { exit g < w - .002 }' || bad=1
done
exit $bad
