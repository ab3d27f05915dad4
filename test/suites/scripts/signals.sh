# Signals and how programs end. The shell's own words name processes.
exec 2>/dev/null
timeout 0.2 sleep 5
echo "timeout $?"
timeout -s KILL 0.2 sleep 5
echo "killed $?"
timeout --preserve-status -s INT 0.2 sleep 5
echo "interrupted $?"
sleep 5 &
kill -TERM $!
wait $! 2>/dev/null
echo "terminated $?"
trap 'echo usr1' USR1
env sh -c 'kill -USR1 $PPID; sleep 0.2'
(trap '' TERM; exec env sh -c 'kill -TERM $$; echo ignored')
(ulimit -c 0; env sh -c 'kill -SEGV $$') 2>/dev/null
echo "segv $?"
nohup sh -c 'kill -HUP $$; echo on' 2>/dev/null
