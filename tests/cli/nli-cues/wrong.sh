# One label, a pack that is not right, too many labels, misuse.
try() { "$@"; echo "exit $?"; }
r() { printf '{"id":"%s","task":"nli","lang":"%s","premise":"p","hypothesis":"A cat.","label":"%s"}\n' "$@"; }
r 1 en neutral >one
try nli-cues one
mkdir packs
cp "$SRC/langs/langpack.rng" packs
echo '<langpack lang="en"/>' >packs/en.xml
try nli-cues --langs packs one
{ r 1 en neutral; r 2 en contradiction; } >two
try nli-cues --langs none two
i=0
while [ $i -lt 70 ]; do r $i en "l$i"; i=$((i + 1)); done >many
try nli-cues many
try nli-cues --top x 2>&1 | head -n 2
