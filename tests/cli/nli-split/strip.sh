# What goes in comes out byte for byte when the tool's own members are cut off.
printf '%s\n' '{"id":"1","premise":"p","n":9007199254740993,"e":"\u00e9\/","o":{"b":1,"a":[1.0,2e5]}}' \
	'{ "id" : "2" , "premise" : "p" }' >in.jsonl
nli-split in.jsonl | sed 's/,"split":"[a-z]*","source_split":null//' | cmp - in.jsonl
