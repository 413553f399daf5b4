t() { nli-truth "$@"; echo "exit $?"; }
printf 'item,worker\na,w\n' >no_label.csv
printf 'item,worker,label\n' >empty.csv
printf 'item,worker,label\na,w,x\nb,w,x\n' >one_class.csv
printf 'item,truth\na,q\nb,x\n' >gold.csv
t no_label.csv
t empty.csv
t /nowhere.csv
: >nothing; t nothing; t -t nothing
t -m ds one_class.csv
t -m mmsr one_class.csv
t -m mv --gold gold.csv one_class.csv
t -m mv -n --gold gold.csv --max-bad 1 one_class.csv | tail -n 1
t -m wmv one_class.csv
t -m mv --truth no_label.csv one_class.csv
