# schema.jq - hold each input value against a JSON Schema ($schema): the keywords
# that this tree's schemas use, and an error for any other, so that none is
# passed over.  Prints "place: what" for what is wrong.
def known: ["$schema", "$id", "$defs", "$ref", "title", "description", "type", "enum",
	"const", "pattern", "minLength", "maxLength", "minimum", "maximum", "required",
	"properties", "additionalProperties", "minProperties", "items", "minItems", "maxItems",
	"uniqueItems", "allOf", "anyOf", "oneOf", "not", "if", "then", "else"];

def kind: if type == "number" then (if . == floor then "integer" else "number" end) else type end;
def is($t): kind == $t or ($t == "number" and type == "number");

def faults($s; $at):
	. as $v |
	if ($s | type) == "boolean" then (if $s then empty else "\($at): not allowed" end)
	else
	($s | keys_unsorted[] | select(. as $k | known | index($k) | not) | "\($at): unknown keyword \(.)"),
	(if $s["$ref"] then ($s["$ref"] | ltrimstr("#/") | split("/")) as $p |
		faults($schema | getpath($p); $at) else empty end),
	(if $s.type and ([$s.type] | flatten | any(. as $t | $v | is($t)) | not)
		then "\($at): is \(kind), wanted \($s.type)" else empty end),
	(if $s.enum and ($s.enum | index([$v]) | not) and ($s.enum | any(. == $v) | not)
		then "\($at): \(tojson) is not one of \($s.enum | tojson)" else empty end),
	(if ($s | has("const")) and $v != $s.const then "\($at): wanted \($s.const)" else empty end),
	(if type == "string" then
		(if $s.pattern and (test($s.pattern) | not) then "\($at): \(tojson) does not match \($s.pattern)" else empty end),
		(if length < ($s.minLength // 0) then "\($at): too short" else empty end),
		(if $s.maxLength and length > $s.maxLength then "\($at): too long" else empty end)
	elif type == "number" then
		(if $s | has("minimum") then (if $v < $s.minimum then "\($at): \($v) is below \($s.minimum)" else empty end) else empty end),
		(if $s | has("maximum") then (if $v > $s.maximum then "\($at): \($v) is above \($s.maximum)" else empty end) else empty end)
	elif type == "array" then
		(if length < ($s.minItems // 0) then "\($at): too few" else empty end),
		(if $s.maxItems and length > $s.maxItems then "\($at): too many" else empty end),
		(if $s.uniqueItems and (unique | length) != length then "\($at): not unique" else empty end),
		(if $s | has("items") then range(length) as $i | .[$i] | faults($s.items; "\($at)[\($i)]") else empty end)
	elif type == "object" then
		($s.required // [] | .[] | select(. as $k | $v | has($k) | not) | "\($at): no \(.)"),
		(if length < ($s.minProperties // 0) then "\($at): too few members" else empty end),
		(keys_unsorted[] as $k | .[$k] |
			if $s.properties // {} | has($k) then faults($s.properties[$k]; "\($at).\($k)")
			elif $s | has("additionalProperties") then faults($s.additionalProperties; "\($at).\($k)")
			else empty end)
	else empty end),
	($s.allOf // [] | .[] as $sub | $v | faults($sub; $at)),
	(if $s.anyOf and ([$s.anyOf[] as $sub | $v | select([faults($sub; "")] == [])] == []) then "\($at): none of anyOf" else empty end),
	(if $s.oneOf and ([$s.oneOf[] as $sub | $v | select([faults($sub; "")] == [])] | length) != 1 then "\($at): not one of oneOf" else empty end),
	(if ($s | has("not")) and ([faults($s.not; "")] == []) then "\($at): is what it must not be" else empty end),
	(if $s | has("if") then
		(if [faults($s["if"]; "")] == [] then $s["then"] else $s["else"] end) as $sub |
		if $sub == null then empty else faults($sub; $at) end
	else empty end)
	end;

(input_line_number | tostring) as $line | faults($schema; "line " + $line)
