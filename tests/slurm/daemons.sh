# What up.sh and down.sh share: whether the daemon of a pid file runs. A number may have gone to another program.
runs() {
    [ -s "$1" ] && [ -r "/proc/$(cat "$1")/comm" ] && grep -q "^$2" "/proc/$(cat "$1")/comm"
}
