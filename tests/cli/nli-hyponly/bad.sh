# What cannot be: each with its reason.
try() {
	nli-hyponly -q "$@" 2>&1 >out | head -1
}
echo '{"id":"a","task":"nli","premise":"p","hypothesis":"h","label":"neutral"}' >one
try --input nothing one
try -i length -i length one
try --chars 5-3 one
try --words 0 --chars 0 one
try --permute by one
try one
try --input choices one
try --group meta.x one
try --fold meta.f one
try missing
try -k 1 one
try --easy 2 one
sed 's/"p"/"q"/; s/"a"/"b"/' one | cat one - >two
try two
echo '{"id":"c","task":"nli","premise":"r","hypothesis":"h","label":"entailment","f":64}' | cat one - >three
try --fold f three
: | nli-hyponly -q && echo empty
