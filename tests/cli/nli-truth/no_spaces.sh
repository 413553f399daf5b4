printf 'item,worker,label\n項目一,甲,蘊含\n項目一,乙,矛盾\n項目一,丙,蘊含\n' | nli-truth -t -m mv
