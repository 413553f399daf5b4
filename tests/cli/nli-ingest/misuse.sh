nli-ingest -c nosuchcorpus /dev/null 2>&1
echo "exit $?"
nli-ingest --repair spelling /dev/null 2>&1
echo "exit $?"
nli-ingest -c snli nosuchfile 2>&1
echo "exit $?"
nli-ingest -c snli </dev/null
echo "exit $?"
