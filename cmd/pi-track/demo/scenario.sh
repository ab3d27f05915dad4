# What a week with a few helpers might look like, in some seconds. Every helper
# is found through PATH, as a user or a coding agent would call it.
set -u
cd "$DEMO_DIR"
mkdir -p web/.git infra/.git
say() { printf '  %s\n' "$*"; }
job_done() { # JOB: waits until the background job has ended
	local n=0
	while [ "$n" -lt 600 ]; do
		case $(cat "$PI_JOBS_DIR/$1/status" 2>/dev/null) in succeeded | failed | cancelled) return ;; esac
		n=$((n + 1))
		sleep 0.05
	done
}
begun() { # FILE: waits until the helper's command is running
	local n=0
	until [ -e "$1" ] || [ "$n" -ge 600 ]; do
		n=$((n + 1))
		sleep 0.05
	done
}

say "session one, task T-1, in the repository web: loops, and jobs in the background"
cd web
export PI_SESSION_ID=demo-session-1 PI_TASK_ID=T-1
remember-session before-refactor "tests are green" >/dev/null
switch-session before-refactor >/dev/null
for target in lint unit race docs e2e; do
	pi-loop --rounds 3 -- bash -c '[ "$PI_LOOP_ROUND" -ge 2 ]' >/dev/null
	jobs="${jobs-} $(pi-job-start -- sh -c "sleep 0.1; echo $target is built")"
done
for job in $jobs; do job_done "$job"; done

say "session two, task T-2, in the repository infra"
cd ../infra
export PI_SESSION_ID=demo-session-2 PI_TASK_ID=T-2
remember-session deploy "waiting for the database" >/dev/null
say "a job that fails and says why"
pi-job-runner -- sh -c 'echo "connecting to db.internal:5432"; echo "error: connection to the database refused" >&2; exit 3' >/dev/null 2>>"$DEMO_DIR/stderr"

say "a loop that is asked to end (SIGTERM)"
pi-loop --rounds 9 -- bash -c 'touch "$0"; sleep 60' "$DEMO_DIR/term" >/dev/null 2>>"$DEMO_DIR/stderr" &
begun "$DEMO_DIR/term"
kill -TERM $!
wait $!

say "a job whose whole process group is killed (SIGKILL), as a coding agent does on abort"
set -m
pi-job-runner -- sh -c 'echo "uploading part 3 of 9" >&2; touch "$0"; sleep 60' "$DEMO_DIR/kill" 2>&1 >/dev/null | cat >>"$DEMO_DIR/stderr" &
begun "$DEMO_DIR/kill"
sleep 0.2
{
	kill -KILL %% # the whole group
	wait %%
} 2>/dev/null
set +m
rest=$(cat "$PI_JOBS_DIR"/*/pid 2>/dev/null)
for pid in $rest; do kill -KILL "$pid" 2>/dev/null; done

say "several helpers at once"
for name in one two three four; do
	remember-session "$name" "side by side" >/dev/null &
done
wait
cd ../web
for name in one two three deploy before-refactor; do switch-session "$name" >/dev/null; done
