# What programs inherit.
env -i A=1 B= /bin/sh -c 'echo "$A,$B,${C-unset}"'
umask 027
env sh -c umask
seq 4 | xargs -n 2 printf '%s-%s\n'
printf 'a\0b c\0' | xargs -0 printf '[%s]\n'
nice -n 5 nice
exec 5>five
env sh -c 'echo five >&5'
cat five
env sh -c 'exec 3<&- 4<&-; ls /proc/self/fd | wc -l' 5>&-
ulimit -n 50
env sh -c 'ulimit -n'
mkfifo fifo
(cat fifo | tr a-z A-Z) &
echo fifo >fifo
wait
env true <&- >&- 2>&-
echo "$?"
