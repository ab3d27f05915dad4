/* probe: the program that the conformance suite runs, bare and wrapped. It
 * looks at itself with as little between it and the kernel as possible and
 * writes what it finds to the file given by -o (or to a descriptor: -o @1). */
#ifndef PROBE_H
#define PROBE_H
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct command {
	const char *name;
	int min_args;
	int (*run)(int argc, char **argv); /* argv[0] is the command's name */
};

extern const struct command setup_commands[], signal_commands[], stream_commands[],
	terminal_commands[], process_commands[];

extern char *self_argv0; /* argv[0] of main */

/* say appends one line to the report; usable in a signal handler. The file is
 * opened for each line, so that the report holds no descriptor. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void say_hex(const char *name, const void *bytes, size_t n);
void await(const char *path);  /* until the file exists; signals do not end it */
void nap_us(long us);          /* sleeps the whole time, signals or not */
void die(const char *what);    /* reports what and errno, exits 99 */
int write_all(int fd, const void *bytes, size_t n); /* -1: errno */

struct kernel_sigaction {
	void *handler;
	unsigned long flags;
	void *restorer;
	uint64_t mask;
};
long raw_sigaction(int sig, const struct kernel_sigaction *new, struct kernel_sigaction *old);
#endif
