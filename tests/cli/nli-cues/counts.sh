# Counts that are none, damaged, or of another question are refused in words.
echo '{"id":"1","task":"nli","lang":"en","premise":"p","hypothesis":"A cat.","label":"neutral"}' >r
nli-cues --partial -o counts r
try() { nli-cues --merge "$@"; echo "exit $?"; }
try r
printf x | dd of=counts bs=1 seek=150 conv=notrunc 2>/dev/null
try counts
head -c 90 counts >short
try short
nli-cues --partial --by lang -o by r
try by
nli-cues --partial -o counts r
try counts
