# Sourced after servers.bash by the scripts that print a transcript of curl.

# Runs curl with a cookie jar, named first, and shows it: the request, the status, what matters of the head, and a body of
# JSON. What came back is in the file `answer`, its body in `answer`.
request() {
    local jar=$1
    shift
    printf '\n$ curl -b %s -c %s %s\n' "$jar" "$jar" "${*@Q}"
    curl --silent --show-error --max-time 10 --include -b "$scratch/$jar" -c "$scratch/$jar" "$@" |
        tr -d '\r' >"$scratch/answer"
    grep -Ei '^(HTTP/|set-cookie:|location:|cache-control:|vary:)' "$scratch/answer" | cut -c -200
    answer=$(sed '1,/^$/d' "$scratch/answer")
    case $answer in '{'*) echo "$answer" ;; esac
}

# Fails unless the last answer has this line.
expect() {
    grep -Eiq -- "$1" "$scratch/answer" || { echo "expected: $1" >&2; cat "$scratch/answer" >&2; exit 1; }
}

refuse() {
    ! grep -Eiq -- "$1" "$scratch/answer" || { echo "not expected: $1" >&2; cat "$scratch/answer" >&2; exit 1; }
}
