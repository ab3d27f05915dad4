#include "probe.h"
#include <stdarg.h>
#include <sys/syscall.h>

static const char *report = "@1";
char *self_argv0;

void say(const char *format, ...)
{
	char line[4096];
	int saved = errno;
	va_list args;
	va_start(args, format);
	int n = vsnprintf(line, sizeof line - 1, format, args);
	va_end(args);
	if (n > (int)sizeof line - 2)
		n = sizeof line - 2;
	line[n++] = '\n';
	if (report[0] == '@') {
		write_all(atoi(report + 1), line, n);
	} else {
		int fd = open(report, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
		if (fd >= 0) {
			write_all(fd, line, n);
			close(fd);
		}
	}
	errno = saved;
}

void say_hex(const char *name, const void *bytes, size_t n)
{
	char text[2048];
	size_t at = 0;
	for (size_t i = 0; i < n && at + 3 < sizeof text; i++)
		at += sprintf(text + at, "%02x", ((const unsigned char *)bytes)[i]);
	text[at] = 0;
	say("%s %s", name, text);
}

void die(const char *what)
{
	say("probe-error %s: %s", what, strerror(errno));
	_exit(99);
}

int write_all(int fd, const void *bytes, size_t n)
{
	const char *p = bytes;
	while (n > 0) {
		ssize_t w = write(fd, p, n);
		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0)
			return -1;
		p += w;
		n -= w;
	}
	return 0;
}

void nap_us(long us)
{
	struct timespec left = {us / 1000000, us % 1000000 * 1000};
	while (nanosleep(&left, &left) < 0 && errno == EINTR)
		;
}

void await(const char *path)
{
	while (access(path, F_OK) != 0)
		nap_us(2000);
}

/* The C library refuses its own two signals and turns handlers into others;
 * the system call reports what is really there. */
long raw_sigaction(int sig, const struct kernel_sigaction *new, struct kernel_sigaction *old)
{
	return syscall(SYS_rt_sigaction, sig, new, old, 8);
}

static int dispatch(const struct command *table, int argc, char **argv, int *status)
{
	for (; table->name; table++) {
		if (strcmp(table->name, argv[0]) != 0)
			continue;
		if (argc - 1 < table->min_args) {
			fprintf(stderr, "probe: %s needs %d arguments\n", argv[0], table->min_args);
			*status = 98;
			return 1;
		}
		*status = table->run(argc, argv);
		return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	int status = 98;
	self_argv0 = argv[0];
	argc--, argv++;
	if (argc >= 2 && strcmp(argv[0], "-o") == 0) {
		report = argv[1];
		argc -= 2, argv += 2;
	}
	if (argc < 1) {
		fprintf(stderr, "usage: probe [-o REPORT] COMMAND [ARGUMENT...]\n");
		return 98;
	}
	if (!dispatch(setup_commands, argc, argv, &status) && !dispatch(signal_commands, argc, argv, &status) &&
	    !dispatch(stream_commands, argc, argv, &status) && !dispatch(terminal_commands, argc, argv, &status) &&
	    !dispatch(process_commands, argc, argv, &status))
		fprintf(stderr, "probe: unknown command %s\n", argv[0]);
	return status;
}
