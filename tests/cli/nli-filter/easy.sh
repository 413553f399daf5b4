# Above the threshold goes, at it and below stays, unscored and unlabelled are unknown.
rec() { # ID LABEL P-OF-LABEL
	printf '{"id":"%s","task":"nli","lang":"en","label":"%s","hyponly":{"p":{"%s":%s},"correct":true}}\n' \
		"$1" "$2" "$2" "$3"
}
{
	rec a entailment 0.91
	rec b entailment 0.9
	rec c neutral 0.2
	echo '{"id":"d","task":"nli","lang":"en","label":"neutral"}'
	echo '{"id":"e","task":"nli","lang":"en","label":null,"hyponly":{"p":{"neutral":1}}}'
	echo '{"id":"f","task":"choice","lang":"en","choices":["x","y"],"answer":1,"hyponly":{"p":{"0":0.05,"1":0.95}}}'
} >in
echo marked
nli-filter -q --easy 0.9 in | jq -c '[.id, .filter]'
echo dropped
nli-filter --drop-easy 0.9 --dropped gone --decisions said in | jq -r .id
jq -r .id gone
cat said
echo marked again
nli-filter -q --drop-easy 0.9 --mark in | jq -r .id | tr '\n' ' '
