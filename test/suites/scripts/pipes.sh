# Pipelines: data, order, and the status of each part.
seq 1 20000 | sort -rn | head -n 3
echo "${PIPESTATUS[1]/0/141} ${PIPESTATUS[2]}" # sort may be done before head leaves
printf 'b\na\nb\n' | sort | uniq -c | tr -s ' ' | cut -d' ' -f2,3
seq 5 | tee copy | wc -l
cat copy - </dev/null | tail -n 1
dd if=/dev/zero bs=1k count=300 status=none | od -An -tx1 | uniq | head -c 20
yes | head -n 2
echo "${PIPESTATUS[*]}"
seq 3 | while read -r n; do cat /dev/null; echo "$n"; done
false | true
echo "${PIPESTATUS[*]}"
set -o pipefail
grep nothing copy | sed s/a/b/
echo $?
