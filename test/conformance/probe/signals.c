#include "probe.h"
#include <sys/syscall.h>
#include <termios.h>

static void on_signal(int sig, siginfo_t *info, void *context)
{
	(void)context;
	say("sig %d code %d pid %d uid %d value %d", sig, info->si_code, info->si_pid, info->si_uid,
	    info->si_value.sival_int);
}

static void handle_all(int but_child)
{
	struct sigaction action = {.sa_flags = SA_SIGINFO | SA_RESTART};
	action.sa_sigaction = on_signal;
	sigfillset(&action.sa_mask);
	for (int s = 1; s <= 64; s++)
		if (s != SIGKILL && s != SIGSTOP && s != 32 && s != 33 && !(but_child && s == SIGCHLD))
			sigaction(s, &action, NULL);
}

/* sigs END STATUS [setpgid|setsid|raw]: report every signal until END exists */
static int cmd_sigs(int argc, char **argv)
{
	handle_all(0);
	for (int i = 3; i < argc; i++) {
		struct termios modes;
		if (strcmp(argv[i], "setpgid") == 0)
			setpgid(0, 0);
		else if (strcmp(argv[i], "setsid") == 0)
			setsid();
		else if (strcmp(argv[i], "raw") == 0 && tcgetattr(0, &modes) == 0) {
			cfmakeraw(&modes);
			tcsetattr(0, TCSANOW, &modes);
		}
	}
	say("ready %d", getpid());
	await(argv[1]);
	return atoi(argv[2]);
}

/* idle END STATUS: default dispositions */
static int cmd_idle(int argc, char **argv)
{
	(void)argc;
	say("ready %d", getpid());
	await(argv[1]);
	say("ended");
	return atoi(argv[2]);
}

static int cmd_exit(int argc, char **argv)
{
	(void)argc;
	return atoi(argv[1]);
}

/* die SIG: of a signal sent to itself, disposition as inherited */
static int cmd_die(int argc, char **argv)
{
	(void)argc;
	kill(getpid(), atoi(argv[1]));
	nap_us(200000);
	say("survived %s", argv[1]);
	return 96;
}

static int cmd_crash(int argc, char **argv) /* a real fault, not a sent signal */
{
	(void)argc, (void)argv;
	*(volatile int *)8 = 1;
	return 96;
}

/* stopself SIG STATUS END */
static int cmd_stopself(int argc, char **argv)
{
	(void)argc;
	say("ready %d", getpid());
	kill(getpid(), atoi(argv[1]));
	say("continued");
	await(argv[3]);
	return atoi(argv[2]);
}

/* group SIG COUNT GO END: signal the own process group as often as GO.1, GO.2
 * … appear, see what arrives */
static int cmd_group(int argc, char **argv)
{
	(void)argc;
	handle_all(0);
	say("ready %d", getpid());
	for (int i = 1; i <= atoi(argv[2]); i++) {
		char name[1024];
		snprintf(name, sizeof name, "%s.%d", argv[3], i);
		await(name);
		kill(0, atoi(argv[1]));
	}
	await(argv[4]);
	return 0;
}

/* tree END: a child and a grandchild in the same group */
static int cmd_tree(int argc, char **argv)
{
	(void)argc;
	for (int generation = 0; generation < 2; generation++)
		if (fork() != 0)
			break;
	say("member %d", getpid());
	await(argv[1]);
	return 0;
}

/* send PID SIG: kill(2) from a process that is no relation of PID */
static int cmd_send(int argc, char **argv)
{
	(void)argc;
	say("sender %d", getpid());
	return kill(atoi(argv[1]), atoi(argv[2])) != 0;
}

/* around COUNT COMMAND...: run COMMAND that often in this group, report every signal */
static int cmd_around(int argc, char **argv)
{
	(void)argc;
	handle_all(1);
	for (int i = 0; i < atoi(argv[1]); i++) {
		int status;
		pid_t child = fork();
		if (child == 0) {
			execv(argv[2], argv + 2);
			_exit(127);
		}
		say("child %d", child);
		while (waitpid(child, &status, 0) < 0 && errno == EINTR)
			;
		say("status %d", WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
	}
	say("over");
	return 0;
}

/* tell SIG [END]: signal the parent and end at once, or let a child signal it
 * that stays until END exists */
static int cmd_tell(int argc, char **argv)
{
	pid_t parent = getppid(), child = argc > 2 ? fork() : 0;
	if (child == 0) {
		kill(parent, atoi(argv[1]));
		if (argc > 2)
			await(argv[2]);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	return 0;
}

static int cmd_dispositions(int argc, char **argv)
{
	(void)argc, (void)argv;
	for (int s = 1; s <= 64; s++) {
		struct kernel_sigaction now = {0};
		if (raw_sigaction(s, NULL, &now) == 0 && now.handler)
			say("disposition %d %lu", s, (unsigned long)now.handler);
	}
	uint64_t mask = 0, pending = 0;
	syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &mask, 8);
	syscall(SYS_rt_sigpending, &pending, 8);
	say("mask %016llx", (unsigned long long)mask);
	say("pending %016llx", (unsigned long long)pending);
	say("end");
	return 0;
}

const struct command signal_commands[] = {
	{"sigs", 2, cmd_sigs}, {"idle", 2, cmd_idle}, {"exit", 1, cmd_exit}, {"die", 1, cmd_die},
	{"crash", 0, cmd_crash}, {"stopself", 3, cmd_stopself}, {"group", 4, cmd_group},
	{"tree", 1, cmd_tree}, {"send", 2, cmd_send}, {"around", 2, cmd_around}, {"tell", 1, cmd_tell}, {"dispositions", 0, cmd_dispositions}, {NULL, 0, NULL}};
