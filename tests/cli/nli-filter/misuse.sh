# Misuse, and a rule that nothing can be said by.
try() {
	nli-filter "$@" 2>&1 </dev/null | head -1
}
try
try --easy
try --easy 2
try --easy half
try --easy .5 --dropped x
echo '{"id":"a","task":"nli","label":"neutral"}' | nli-filter -q --easy 0.5 -o out
echo $?
ls
