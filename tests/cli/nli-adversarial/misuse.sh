# Each wrong request is refused in words, with exit 2.
try() {
	nli-adversarial "$@" </dev/null 2>&1 | head -n 1
	nli-adversarial "$@" </dev/null >/dev/null 2>&1 || echo "exit $?"
}
try
try -m nothing
try -m to-nli,to-nli
try -m to-nli -m to-choice
try -m to-nli,
try -m to-nli --task 3
try -m balance --cues word,feelings
try -m match --lambda -1
