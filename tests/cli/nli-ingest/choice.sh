# Multiple choice of words and objects: references are rendered, choice types and image kept.
cat >val-ori.jsonl <<'END'
{"movie":"M","objects":["person","person","tie"],"img_fn":"m/1.jpg","metadata_fn":"m/1.json","premise":["they",[0,1],"are","friends","."],"answer_choices":[[[0],"hits",[1],"."],[[1],"pats",[0],"."],["the",[2],"falls","."],["rain","."]],"answer_label":1,"answer_types":["Distractor2","Action-True","Action-False","Distractor1"],"category":"mood","total_id":1,"pal_id":2,"img_id":"val-1"}
END
nli-ingest -c pmr val-ori.jsonl
