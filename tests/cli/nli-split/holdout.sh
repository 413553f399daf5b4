# Held out: a topic with all that is grouped with it, and what is of a date on;
# the rest is shared out among the other parts.
cat >in.jsonl <<'EOS'
{"id":"1","premise":"A","meta":{"topic":"sport","date":"2024-10-01"}}
{"id":"2","premise":"A","meta":{"topic":"law","date":"2024-12-01"}}
{"id":"3","premise":"B","meta":{"topic":"law","date":"2023-01-01"}}
{"id":"4","premise":"C","meta":{"topic":"law","date":"2025-01-01"}}
{"id":"5","premise":"D","meta":{"topic":"art","date":"2024-11-28"}}
{"id":"6","premise":"E","meta":{"topic":"art","date":"2024-11-27"}}
EOS
show() { nli-split "$@" in.jsonl | jq -r '.id + " " + .split' | tr '\n' ' '; echo; }
show --holdout meta.topic=sport
show --holdout meta.topic=sport --holdout meta.topic=art --parts a=50%,b=50% --holdout-part a
show --by-date meta.date --cutoff 2024-11-28 --parts train=100%,test=0%
nli-split --by-date meta.when --cutoff 9 in.jsonl
echo "exit $?"
nli-split --holdout a=b --holdout-part c in.jsonl
echo "exit $?"
printf '{"id":"%d","premise":"%d","n":%d}\n' 1 1 9 2 2 10 3 3 11 | nli-split --by-date n --cutoff 10 --parts train=100%,test=0% | jq -r .split
