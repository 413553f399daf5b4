# One word of several characters is one edit where words have no spaces between: replaced,
# put in, left out, swapped; two are two.  In memory and on disk, premises beside it or not.
row() { printf '{"id":"%s","premise":"%s","hypothesis":"%s","label":null}\n' "$1" "$3" "$2"; }
{
	row zh 我们被告知不要向外看。 p
	row zh-place 孩子在公园里玩。 p
	row zh-replaced 孩子在学校里玩。 p
	row zh-left-out 我们被不要向外看。 p
	row zh-swapped 我们告知被不要向外看。 p
	row zh-two 他们的老师知道不要向外看。 p
	row th เขากินข้าวที่บ้าน p
	row th-replaced เขากินข้าวที่โรงเรียน p
	row th-put-in เขากินข้าวผัดที่บ้าน p
	row th-two เขาเดินทางไปที่โรงเรียน p
	row ja 私は学校に行きます。 p
	row ja-replaced 私は病院に行きます。 p
} >in
told() { jq -r '"\(.a) \(.b) \(.edits) \(.kind)"' pairs | sort; }
nli-dedup --by hypothesis --jaccard 1 --pairs pairs -o /dev/null in
told | tee one
nli-dedup --by hypothesis --jaccard 1 --memory 16M -j 2 --pairs pairs -o /dev/null in
told | cmp - one
# Pairs of texts: the edit may be in either, and an English text may stand beside it.
{ row a 他喜欢音乐。 'He is here.'; row b 他喜欢运动。 'He is here.'; row c 他喜欢运动。 'He was here.'; } |
	nli-dedup --jaccard 1 --pairs pairs -o /dev/null
told
