/* The caller's side: prepare this process in an exact way, then become the
 * program (or its wrapper). */
#include "probe.h"
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>

static uint64_t signal_set(const char *list) /* "2,15" or "all" */
{
	uint64_t set = 0;
	if (strcmp(list, "all") == 0)
		return ~0ull;
	for (const char *p = list; p && *p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL)
		set |= 1ull << (atoi(p) - 1);
	return set;
}

static void reset_signals(void)
{
	struct kernel_sigaction plain = {0};
	uint64_t none = 0;
	for (int s = 1; s <= 64; s++)
		raw_sigaction(s, &plain, NULL);
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, 8);
}

static void ignore(uint64_t set)
{
	struct kernel_sigaction ign = {.handler = (void *)1};
	for (int s = 1; s <= 64; s++)
		if (set >> (s - 1) & 1)
			raw_sigaction(s, &ign, NULL);
}

/* NUMBER:SOFT:HARD, -1 is infinity, -2 keeps the hard limit; a soft limit of
 * -1 is as much as that allows */
static void set_rlimit(const char *value)
{
	int which;
	long soft, hard;
	struct rlimit limit;
	if (sscanf(value, "%d:%ld:%ld", &which, &soft, &hard) != 3 || getrlimit(which, &limit) != 0)
		die("rlimit syntax");
	if (hard != -2)
		limit.rlim_max = hard;
	limit.rlim_cur = soft == -1 ? limit.rlim_max : (rlim_t)soft;
	if (setrlimit(which, &limit) != 0)
		die("setrlimit");
}

static void set_alarm(const char *value)
{
	long ms = atol(value);
	struct itimerval timer = {.it_value = {ms / 1000, ms % 1000 * 1000}};
	setitimer(ITIMER_REAL, &timer, NULL);
}

static void close_list(const char *value)
{
	for (const char *p = value; p && *p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL)
		close(atoi(p));
}

static void pend(uint64_t set)
{
	for (int s = 1; s <= 64; s++)
		if (set >> (s - 1) & 1)
			syscall(SYS_kill, getpid(), s);
}

static void use_one_cpu(void) /* the first of those allowed */
{
	cpu_set_t allowed, one;
	int cpu = 0;
	if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
		die("sched_getaffinity");
	while (!CPU_ISSET(cpu, &allowed))
		cpu++;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	if (sched_setaffinity(0, sizeof one, &one) != 0)
		die("sched_setaffinity");
}

static void apply(const char *name, const char *value)
{
	if (!strcmp(name, "ign"))
		ignore(signal_set(value));
	else if (!strcmp(name, "block")) {
		uint64_t set = signal_set(value);
		syscall(SYS_rt_sigprocmask, SIG_SETMASK, &set, NULL, 8);
	} else if (!strcmp(name, "pend"))
		pend(signal_set(value));
	else if (!strcmp(name, "close"))
		close_list(value);
	else if (!strcmp(name, "umask"))
		umask(strtol(value, NULL, 8));
	else if (!strcmp(name, "rlimit"))
		set_rlimit(value);
	else if (!strcmp(name, "nice"))
		setpriority(PRIO_PROCESS, 0, atoi(value));
	else if (!strcmp(name, "batch")) {
		struct sched_param zero = {0};
		sched_setscheduler(0, SCHED_BATCH, &zero);
	} else if (!strcmp(name, "onecpu"))
		use_one_cpu();
	else if (!strcmp(name, "ioprio"))
		syscall(SYS_ioprio_set, 1, 0, atoi(value));
	else if (!strcmp(name, "slack"))
		prctl(PR_SET_TIMERSLACK, atol(value));
	else if (!strcmp(name, "nonewprivs"))
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	else if (!strcmp(name, "nothp"))
		prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
	else if (!strcmp(name, "oom")) {
		int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
		write_all(fd, value, strlen(value));
		close(fd);
	} else if (!strcmp(name, "alarm"))
		set_alarm(value);
	else if (!strcmp(name, "pdeath"))
		prctl(PR_SET_PDEATHSIG, atoi(value));
	else if (!strcmp(name, "gone")) { /* a working directory that no longer exists */
		if (mkdir(value, 0700) != 0 || chdir(value) != 0 || rmdir(value) != 0)
			die("deleted directory");
	} else if (!strcmp(name, "noenv"))
		clearenv();
	else
		die(name);
}

static void become(char **argv)
{
	execv(argv[0], argv);
	die(argv[0]);
}

static char **apply_options(char **argv) /* up to and without "--" */
{
	for (; *argv && strcmp(*argv, "--") != 0; argv++) {
		char *value = strchr(*argv, '=');
		if (value)
			*value++ = 0;
		apply(*argv, value ? value : "");
	}
	if (!*argv || !argv[1])
		die("no command after --");
	return argv + 1;
}

static int cmd_setup(int argc, char **argv)
{
	(void)argc;
	reset_signals();
	become(apply_options(argv + 1));
	return 99;
}

/* orphan END OPTION... -- CMD: a caller that starts CMD, reports its pid and
 * dies without ceremony as soon as END exists. */
static int cmd_orphan(int argc, char **argv)
{
	(void)argc;
	reset_signals();
	pid_t me = getpid();
	pid_t child = fork();
	if (child == 0) {
		char **command = apply_options(argv + 2);
		if (getppid() != me)
			_exit(97);
		become(command);
	}
	say("spawned %d", child);
	await(argv[1]);
	_exit(0);
}

const struct command setup_commands[] = {{"setup", 2, cmd_setup}, {"orphan", 3, cmd_orphan}, {NULL, 0, NULL}};
