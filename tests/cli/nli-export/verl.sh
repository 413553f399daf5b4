# The shape that verl loads: fixed members, strings, an index that counts rows alone.
{
	printf '%s\n' '{"id":"c/train/1","key":"aaaaaaaaaaaaaaaaaaaaaaaaaa","task":"nli","lang":"en","corpus":"c","split":"train","premise":"A \"man\".","hypothesis":"He\nsleeps.","label":"neutral","meta":{"genre":"x"}}'
	printf '%s\n' '{"id":"c/train/2","key":"baaaaaaaaaaaaaaaaaaaaaaaaa","task":"nli","lang":"en","corpus":"c","split":null,"premise":"A","hypothesis":"B","label":null}'
	printf '%s\n' '{"id":"c/train/3","key":"caaaaaaaaaaaaaaaaaaaaaaaaa","task":"nli2","lang":"xx","corpus":"c","split":null,"premise":"A","hypothesis":"B","label":"not_entailment","filter":{"keep":true}}'
	printf '%s\n' '{"id":"c/train/4","key":"daaaaaaaaaaaaaaaaaaaaaaaaa","task":"nli","lang":"en","corpus":"c","split":null,"premise":"A","hypothesis":"B","label":"neutral","filter":{"keep":false}}'
	printf '%s\n' '{"id":"c/train/5","key":"eaaaaaaaaaaaaaaaaaaaaaaaaa","task":"choice","lang":"en","corpus":"c","split":"dev","premise":"A","choices":["x","y","z"],"answer":2}'
} >in
nli-export -f verl -o curated.json --summary s in
cat curated.json
jq -c .results s
echo with all
nli-export -f verl --all in | jq -c '[.extra_info.index, .extra_info.id]'
