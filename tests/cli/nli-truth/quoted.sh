# RFC 4180: commas, quotes and line ends in fields; TSV is raw.
printf 'item,worker,label\r\n"a,1",w,"y"\r\n"b\nb",w,n\r\nc,w,"say ""hi"""\r\n' >q.csv
nli-truth -m mv q.csv
printf 'item\tworker\tlabel\n"a\tw\tx\n' >q.tsv
nli-truth -m mv q.tsv
