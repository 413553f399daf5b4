# A download over real HTTP: whole, cut short and resumed, gone, with a wrong sum, from a mirror.
mkdir www www/cut mirror
awk 'BEGIN { for (i = 0; i < 2000; i++)
	printf "{\"n\":%d,\"p\":\"A cat sleeps on chair %d.\",\"h\":\"An animal sleeps.\",\"l\":\"e\"}\n", i, i }' >www/a.jsonl
cp www/a.jsonl www/cut/b.jsonl
cp www/a.jsonl mirror/gone.jsonl
mkfifo quit
"$B/tests/net/httpd" www 50000 <quit >port &
exec 9>quit
until [ -s port ]; do sleep 0.05; done
port=$(cat port)
bytes=$(wc -c <www/a.jsonl | tr -d ' ')
sum=$(sha256sum <www/a.jsonl | cut -d ' ' -f 1)

profile() { # NAME FILE SHA256
	cat >"$1.json" <<EOF
{"name":"$1","title":"Made up","languages":["en"],"task":"nli","licence":"CC0",
"files":[{"url":"http://127.0.0.1:$port/$2","bytes":$bytes,"sha256":"$3"}],
"dialect":"jsonl","fields":{"id":"n","premise":"p","hypothesis":"h","label":"l"}}
EOF
}
get() { # NAME: what it says, less the port and curl's own words
	echo "== $1"
	CACHE=cache WAIT=0 TRIES=3 sh "$SRC/corpora/fetch.sh" "./$1.json" 2>&1 |
		grep -v '^curl' | sed "s/:$port/:PORT/; s/$sum/SUM/; s/$bytes/BYTES/"
}

profile whole a.jsonl "$sum"
get whole
gzip -dc cache/whole/whole.jsonl.gz | wc -l
get whole | head -n 5
profile resumed cut/b.jsonl "$sum"
get resumed
cmp www/a.jsonl cache/resumed/source/b.jsonl && echo "resumed: the same bytes"
profile wrong a.jsonl "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
get wrong
ls cache/wrong/source
profile gone gone.jsonl "$sum"
get gone
MIRROR=mirror get gone
MIRROR="http://127.0.0.1:$port" profile whole2 nowhere/a.jsonl "$sum"
MIRROR="http://127.0.0.1:$port" get whole2
exec 9>&-
wait
