#!/bin/sh
# hostile.sh - write records, summaries, cues and workers that hold in every field what
# breaks pages, drawings, Markdown and terminals.
texts() {
	cat <<'END'
<script>alert(1)</script>
</script><script>alert(2)</script>
\"><img src=x onerror=alert(3)>
'><svg onload=alert(4)>
]]><b>cdata</b><![CDATA[
--><img src=x onerror=alert(5)><!--
</title><script>alert(6)</script>
</style><script>alert(7)</script>
&lt;b&gt; &amp; &#60;script&#62;
javascript:alert(8)
\u001b[31mred\u001b[0m \u001b]0;title\u0007 \u009b31m
\u0000\u0001\u0008\u000b\u000c\u001f\u007f\u0085\u009f
\u202eevil\u202c \u2066isolate\u2069 \u200fmark
\u2028line\u2029paragraph \ufeff \ufffe \uffff
| a | b |\n|---|\n# head\n- list\n> quote
[link](javascript:alert(9)) ![x](http://example.org/x.png) `code` *b* _i_ ~~s~~ <http://example.org>
{{constructor.constructor('alert(10)')()}} ${alert(11)} %s %n %99999d
\ud83d\ude00\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67 \u0e01\u0e33 \u0905\u0928\u0941 \u0627\u0644\u0639\u0631\u0628\u064a\u0629 \u4e2d\u6587
e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301
../../../etc/passwd
label_x\",\"n\":1
END
}
texts | awk '
	{ t[++n] = $0 }
	END {
		split("id lang corpus split source_split premise hypothesis label group", field, " ")
		for (i = 1; i <= n; i++) {
			for (k = 1; k <= 9; k++) {
				v["id"] = i "-" k; v["lang"] = "en"; v["corpus"] = "c"; v["split"] = "train"
				v["source_split"] = "test"; v["premise"] = "a b c"; v["hypothesis"] = "a b"
				v["label"] = "neutral"; v["group"] = "g"
				v[field[k]] = t[i] (field[k] == "id" ? i : "")
				record(t[i])
			}
			printf "{\"feature\":\"%s\",\"family\":\"word\",\"label\":\"%s\",\"n_w\":%d,\"n_wy\":9,\"share\":0.5,\"p\":0.9,\"z\":9,\"q_bh\":0.001,\"replicated\":true}\n", t[i], t[n + 1 - i], 10 + i
			printf "{\"worker\":\"%s\",\"n\":%d,\"accuracy\":0.5,\"accuracy_ci\":[0.4,0.6],\"flags\":[\"%s\"]}\n", t[i], i, t[i]
			printf "{\"tool\":\"%s\",\"version\":\"%s\",\"args\":{\"%s\":\"%s\"},\"in\":1,\"out\":1,\"inputs\":[{\"xxh3\":\"%s\"}],\"output\":{\"xxh3\":\"%s\"},\"results\":{\"inputs\":{\"%s\":{\"n\":9,\"majority\":0.3,\"accuracy\":0.5,\"accuracy_lo\":0.4,\"accuracy_hi\":0.6,\"gain\":0.2,\"gain_lo\":0.1,\"gain_hi\":0.3,\"verdict\":\"%s\",\"mdl\":{\"n\":9,\"codelength\":9,\"uniform\":9},\"learning_curve\":[{\"trained\":9,\"n\":99,\"accuracy\":0.5}]}},\"by\":{\"%s\":{\"%s\":{\"%s\":{\"n\":9,\"accuracy\":0.5,\"verdict\":\"%s\"}},\"x\":{\"n\":1,\"why\":\"%s\"}}}}}\n", i % 2 ? t[i] : "nli-hyponly", t[i], t[i], t[i], t[i], t[i], t[i], t[i], t[i], t[i], t[i], t[i], t[i]
		}
		big = "<b>&|"
		while (length(big) < 1048576) big = big big
		v["id"] = "big"; v["label"] = "neutral"; v["hypothesis"] = big
		record("x")
		v["id"] = "big2"; v["hypothesis"] = "h"; v["label"] = substr(big, 1, 262144)
		record(v["label"])
	}
	function record(m, k, s) {
		s = "{\"task\":\"nli\",\"key\":\"" v["id"] "\""
		for (k in v) s = s ",\"" k "\":\"" v[k] "\""
		s = s ",\"meta\":{\"" m "\":\"" m "\",\"genre\":\"" m "\"}"
		s = s ",\"hyponly\":{\"pred\":\"" v["label"] "\",\"p\":{\"" v["label"] "\":0.7,\"" m "\":0.3}}"
		s = s ",\"dedup\":{\"cluster\":\"" m "\",\"size\":2,\"kind\":\"exact\",\"conflict\":{\"labels\":[\"" m "\"]}}"
		s = s ",\"filter\":{\"keep\":false,\"reasons\":[\"" m "\"],\"scores\":{}}"
		s = s ",\"truth\":{\"label\":\"" m "\",\"p\":{\"" m "\":0.4},\"margin\":0.1,\"agreement\":0.5}"
		print s ",\"adversarial\":{\"method\":\"" m "\",\"proved\":true,\"source\":\"" m "\",\"rule\":\"" m "\",\"relation\":\"" m "\",\"edits\":[{\"in\":\"hypothesis\",\"at\":[0,1],\"old\":\"" m "\"},{\"in\":\"premise\",\"at\":[1,1],\"old\":\"" m "\"}]}}"
	}'
