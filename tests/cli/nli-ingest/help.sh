nli-ingest --help | sed -n 1,3p
