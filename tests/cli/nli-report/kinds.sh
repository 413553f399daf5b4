# What a line may be, and what is said of others.
nli-report - <<'END'
{"id":"a","task":"nli","premise":"p","hypothesis":"h","label":"neutral"}
{"anything":1}
END
echo $?
for line in '[1]' '{"id":"a","task":"nil"}' '{"id":"a","task":"choice","choices":["x"],"answer":3}' 'x'; do
	echo "$line" | nli-report
done
echo '{"anything":1}' | nli-report --max-bad 1 --reject bad | sed 1q
cat bad
nli-report --planted /dev/null /dev/null
echo $?
nli-report --charts /dev/null/x /dev/null
echo $?
