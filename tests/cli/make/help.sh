# "make help" lists every target that a person may ask for, with a line each.
cd "$SRC"
env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s help | awk '{ print $1 } NF < 3 { print "no text for " $1 }' | sort
