# The whole member, once: exact with another label, near, a self-pair, choices
# in another order, a text that is nothing but punctuation, nothing at all.
cat >in.jsonl <<'EOS'
{"id":"1","task":"nli","premise":"A dog runs in the park.","hypothesis":"A dog is outside.","label":"entailment"}
{"id":"2","task":"nli","premise":"a dog runs -- in the park","hypothesis":"A DOG is outside!","label":"neutral","annotations":[{"label":"neutral"},{"label":"entailment"},{"label":"neutral"},{"label":null}]}
{"id":"3","task":"nli","premise":"A dog runs in the big park.","hypothesis":"A dog is outside today.","label":"entailment"}
{"id":"4","task":"nli","premise":"Cats.","hypothesis":"cats","label":"entailment","dedup":"old","x":1}
{"id":"5","task":"choice","premise":"Cats sleep on the mat.","choices":["a b","c d"],"answer":0}
{"id":"6","task":"choice","premise":"Cats sleep on the mat.","choices":["C D","A b"],"answer":1}
{"id":"7","task":"choice","premise":"Cats sleep on the mat.","choices":["C D","A b"],"answer":0}
{"id":"8","task":"nli","premise":"?","hypothesis":"!","label":null}
{"id":"9"}
EOS
nli-dedup in.jsonl
