#include "probe.h"
#include <sched.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>

extern char **environ;

/* burn MS MB: use that much processor time and memory, report the own rusage */
static int cmd_burn(int argc, char **argv)
{
	(void)argc;
	size_t bytes = atol(argv[2]) << 20;
	char *block = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (block == MAP_FAILED)
		die("mmap");
	memset(block, 1, bytes);
	struct rusage use;
	do {
		for (volatile int i = 0; i < 1000000; i++)
			;
		getrusage(RUSAGE_SELF, &use);
	} while (use.ru_utime.tv_sec * 1000 + use.ru_utime.tv_usec / 1000 < atol(argv[1]));
	say("rusage %ld %ld", use.ru_utime.tv_sec * 1000000 + use.ru_utime.tv_usec, use.ru_maxrss);
	if (argc > 3)
		kill(getpid(), atoi(argv[3]));
	return 0;
}

static void say_file(const char *name, const char *path)
{
	char text[1024];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
	if (fd >= 0)
		close(fd);
	if (n < 0)
		n = 0;
	text[n] = 0;
	for (ssize_t i = 0; i < n; i++)
		if (text[i] == '\n')
			text[i] = ' ';
	say("%s %s", name, text);
}

static void say_status(void) /* the parts of /proc/self/status that are inherited */
{
	static const char *keys[] = {"Uid:", "Gid:", "Groups:", "Cap", "NoNewPrivs:", "Seccomp:", "Cpus_allowed:",
		"Mems_allowed:", "THP_enabled:", "CoreDumping:", "Speculation_", "NStgid:", "Umask:"};
	char line[1024];
	FILE *f = fopen("/proc/self/status", "re");
	while (f && fgets(line, sizeof line, f))
		for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
			if (strncmp(line, keys[i], strlen(keys[i])) == 0 && strncmp(line, "NStgid", 6) != 0) {
				line[strcspn(line, "\n")] = 0;
				say("status %s", line);
			}
	if (f)
		fclose(f);
}

static void say_links(void)
{
	static const char *links[] = {"cwd", "root", "ns/mnt", "ns/pid", "ns/net", "ns/ipc", "ns/uts", "ns/user", "ns/cgroup"};
	for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
		char path[64], target[1024];
		sprintf(path, "/proc/self/%s", links[i]);
		ssize_t n = readlink(path, target, sizeof target - 1);
		target[n < 0 ? 0 : n] = 0;
		say("link %s %s", links[i], target);
	}
}

/* attributes: all that a program inherits besides descriptors and signals */
static int cmd_attributes(int argc, char **argv)
{
	(void)argc, (void)argv;
	mode_t mask = umask(0);
	umask(mask);
	say("umask %o", mask);
	for (int i = 0; i < 16; i++) {
		struct rlimit limit;
		getrlimit(i, &limit);
		say("rlimit %d %ld %ld", i, (long)limit.rlim_cur, (long)limit.rlim_max);
	}
	struct sched_param param;
	sched_getparam(0, &param);
	say("nice %d", getpriority(PRIO_PROCESS, 0));
	say("policy %d %d", sched_getscheduler(0), param.sched_priority);
	say("ioprio %ld", syscall(SYS_ioprio_get, 1, 0));
	say("slack %d", prctl(PR_GET_TIMERSLACK));
	say("personality %x", personality(0xffffffff));
	say("dumpable %d", prctl(PR_GET_DUMPABLE));
	say("keepcaps %d", prctl(PR_GET_KEEPCAPS));
	say("securebits %d", prctl(PR_GET_SECUREBITS));
	say("nothp %d", prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0));
	say("subreaper-of-self %d", ({ int on = 0; prctl(PR_GET_CHILD_SUBREAPER, &on); on; }));
	for (int i = 0; i < 3; i++) {
		struct itimerval timer;
		getitimer(i, &timer);
		say("timer %d %d", i, timer.it_value.tv_sec != 0 || timer.it_value.tv_usec != 0);
	}
	say_file("cgroup", "/proc/self/cgroup");
	say_file("oom", "/proc/self/oom_score_adj");
	say_file("loginuid", "/proc/self/loginuid");
	say_status();
	say_links();
	say("end");
	return 0;
}

static int cmd_env(int argc, char **argv)
{
	(void)argc, (void)argv;
	for (char **e = environ; *e; e++)
		if (write_all(1, *e, strlen(*e) + 1) != 0)
			die("env");
	return 0;
}

static int cmd_argv(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (write_all(1, argv[i], strlen(argv[i]) + 1) != 0)
			die("argv");
	return 0;
}

/* ids END: who this process is; stays until END exists */
static int cmd_ids(int argc, char **argv)
{
	(void)argc;
	say("pid %d", getpid());
	say("ppid %d", getppid());
	say("pgid %d", getpgid(0));
	say("sid %d", getsid(0));
	say("children %d", waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD ? 0 : 1);
	say("ready %d", getpid());
	await(argv[1]);
	return 0;
}

static int cmd_names(int argc, char **argv)
{
	(void)argc, (void)argv;
	char comm[32] = "", exe[1024] = "";
	prctl(PR_GET_NAME, comm);
	if (readlink("/proc/self/exe", exe, sizeof exe - 1) < 0)
		die("exe");
	say("argv0 %s", self_argv0);
	say("comm %s", comm);
	say("exe %s", exe);
	say("end");
	return 0;
}

/* odd STATUS: an ordinary small run that says its working directory's inode, limits and
 * number of bytes in argv and environment on 1 */
static int cmd_odd(int argc, char **argv)
{
	struct stat st;
	struct rlimit files, size, space;
	size_t args = 0, env = 0;
	for (int i = 0; i < argc; i++)
		args += strlen(argv[i]) + 1;
	for (char **e = environ; *e; e++)
		if (strncmp(*e, "PI_TRACK_", 9) != 0)
			env += strlen(*e) + 1;
	getrlimit(RLIMIT_NOFILE, &files);
	getrlimit(RLIMIT_FSIZE, &size);
	getrlimit(RLIMIT_AS, &space);
	say("odd links %d nofile %ld %ld fsize %ld as %ld args %zu env %zu", stat(".", &st) ? -1 : (int)st.st_nlink,
	    (long)files.rlim_cur, (long)files.rlim_max, (long)size.rlim_cur, (long)space.rlim_cur, args, env);
	write_all(2, "on-stderr\n", 10);
	return atoi(argv[1]);
}

const struct command process_commands[] = {
	{"burn", 2, cmd_burn}, {"attributes", 0, cmd_attributes}, {"env", 0, cmd_env}, {"argv", 0, cmd_argv},
	{"ids", 1, cmd_ids}, {"names", 0, cmd_names}, {"odd", 1, cmd_odd}, {NULL, 0, NULL}};
