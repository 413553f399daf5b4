# The committed demo corpus is what its generator writes, byte for byte.
mkdir made
"$B/demo/gen" made
for f in made/*; do
	cmp "$f" "$SRC/corpora/demo/${f##*/}"
done
ls made
