#include "probe.h"
#include <poll.h>

/* pattern: the bytes that the suite computes too (xorshift64*, high byte) */
static void pattern(uint64_t *state, unsigned char *out, size_t n)
{
	uint64_t x = *state;
	for (size_t i = 0; i < n; i++) {
		x ^= x >> 12, x ^= x << 25, x ^= x >> 27;
		out[i] = (x * 0x2545F4914F6CDD1Dull) >> 56;
	}
	*state = x;
}

/* blast FD BYTES SEED */
static int cmd_blast(int argc, char **argv)
{
	(void)argc;
	static unsigned char buffer[100003];
	int fd = atoi(argv[1]);
	long left = atol(argv[2]);
	uint64_t state = strtoull(argv[3], NULL, 10);
	while (left > 0) {
		size_t n = left < (long)sizeof buffer ? left : (long)sizeof buffer;
		pattern(&state, buffer, n);
		if (write_all(fd, buffer, n) != 0)
			die("blast");
		left -= n;
	}
	return 0;
}

/* both BYTES: 'o' on 1 and 'e' on 2, in turns of odd sizes */
static int cmd_both(int argc, char **argv)
{
	(void)argc;
	char o[4096], e[4096];
	memset(o, 'o', sizeof o);
	memset(e, 'e', sizeof e);
	for (long done = 0, total = atol(argv[1]), i = 0; done < total; i++) {
		long n = 1 + (i * 977) % sizeof o;
		if (n > total - done)
			n = total - done;
		if (write_all(1, o, n) != 0 || write_all(2, e, n) != 0)
			die("both");
		done += n;
	}
	return 0;
}

/* turns COUNT US: lines "oN" on 1 and "eN" on 2, US microseconds apart */
static int cmd_turns(int argc, char **argv)
{
	(void)argc;
	char line[32];
	long us = atol(argv[2]);
	for (int i = 0; i < atoi(argv[1]); i++) {
		if (write_all(1, line, sprintf(line, "o%d\n", i)) != 0)
			die("turns 1");
		if (us)
			nap_us(us);
		if (write_all(2, line, sprintf(line, "e%d\n", i)) != 0)
			die("turns 2");
		if (us)
			nap_us(us);
	}
	return 0;
}

/* stamps COUNT US: the monotonic time (8 bytes) on 2 */
static int cmd_stamps(int argc, char **argv)
{
	(void)argc;
	for (int i = 0; i < atoi(argv[1]); i++) {
		nap_us(atol(argv[2]));
		struct timespec now;
		clock_gettime(CLOCK_MONOTONIC, &now);
		int64_t ns = now.tv_sec * 1000000000ll + now.tv_nsec;
		if (write_all(2, &ns, sizeof ns) != 0)
			die("stamps");
	}
	return 0;
}

/* eat N: read N bytes (-1: to the end), report their number and a checksum */
static int cmd_eat(int argc, char **argv)
{
	(void)argc;
	long want = atol(argv[1]), got = 0;
	uint64_t sum = 14695981039346656037ull; /* FNV-1a */
	unsigned char buffer[65536];
	while (want < 0 || got < want) {
		size_t n = sizeof buffer;
		if (want >= 0 && want - got < (long)n)
			n = want - got;
		ssize_t r = read(0, buffer, n);
		if (r < 0)
			die("eat");
		if (r == 0)
			break;
		for (ssize_t i = 0; i < r; i++)
			sum = (sum ^ buffer[i]) * 1099511628211ull;
		got += r;
	}
	say("ate %ld %016llx", got, (unsigned long long)sum);
	return 0;
}

/* close FD END */
static int cmd_close(int argc, char **argv)
{
	(void)argc;
	close(atoi(argv[1]));
	say("closed");
	await(argv[2]);
	say("ended");
	return 0;
}

/* fds: every open descriptor with kind, inode, status flags, FD_CLOEXEC */
static int cmd_fds(int argc, char **argv)
{
	(void)argc, (void)argv;
	static char text[1024][96];
	int open_fds = 0;
	for (int fd = 0; fd < 1024; fd++) {
		struct stat st;
		int cloexec = fcntl(fd, F_GETFD);
		if (cloexec < 0 || fstat(fd, &st) != 0)
			continue;
		sprintf(text[open_fds++], "fd %d kind %o ino %lu flags %o cloexec %d", fd, st.st_mode & S_IFMT,
			(unsigned long)st.st_ino, fcntl(fd, F_GETFL), cloexec);
	}
	for (int i = 0; i < open_fds; i++)
		say("%s", text[i]);
	say("end");
	return 0;
}

/* heir END BYTES STATUS: leave 1 and 2 to a grandchild that writes after END */
static int cmd_heir(int argc, char **argv)
{
	(void)argc;
	if (fork() == 0) {
		if (fork() != 0)
			_exit(0);
		say("heir %d", getpid());
		await(argv[1]);
		for (int fd = 1; fd <= 2; fd++) {
			static char block[1000];
			memset(block, fd == 1 ? 'o' : 'e', sizeof block);
			for (long left = atol(argv[2]); left > 0; left -= sizeof block)
				if (write_all(fd, block, sizeof block) != 0)
					die("heir");
		}
		say("heir-end");
		_exit(0);
	}
	wait(NULL);
	write_all(2, "early\n", 6);
	return atoi(argv[3]);
}

/* hup FD: write when nobody reads any more, which is fatal */
static int cmd_hup(int argc, char **argv)
{
	(void)argc;
	struct pollfd fd = {.fd = atoi(argv[1])};
	say("ready %d", getpid());
	while (poll(&fd, 1, -1) <= 0)
		;
	return write(fd.fd, "x", 1) == 1 ? 0 : 1;
}

/* late FD GO: one write when GO exists; reports errno */
static int cmd_late(int argc, char **argv)
{
	(void)argc;
	say("ready %d", getpid());
	await(argv[2]);
	say("write %s", write(atoi(argv[1]), "x\n", 2) == 2 ? "ok" : strerror(errno));
	return 0;
}

/* patient FD BYTES SEED: copes with EAGAIN as careful programs do */
static int cmd_patient(int argc, char **argv)
{
	(void)argc;
	static unsigned char buffer[10007];
	struct pollfd p = {atoi(argv[1]), POLLOUT, 0};
	long left = atol(argv[2]), again = 0;
	uint64_t state = strtoull(argv[3], NULL, 10);
	while (left > 0) {
		size_t n = left < (long)sizeof buffer ? left : (long)sizeof buffer, at = 0;
		pattern(&state, buffer, n);
		while (at < n) {
			ssize_t w = write(p.fd, buffer + at, n - at);
			if (w >= 0)
				at += w;
			else if (errno == EAGAIN)
				again++, poll(&p, 1, -1);
			else
				die("patient");
		}
		left -= n;
	}
	say("again %ld", again);
	return 0;
}

const struct command stream_commands[] = {
	{"blast", 3, cmd_blast}, {"both", 1, cmd_both}, {"turns", 2, cmd_turns}, {"stamps", 2, cmd_stamps},
	{"eat", 1, cmd_eat}, {"close", 2, cmd_close}, {"fds", 0, cmd_fds}, {"heir", 3, cmd_heir},
	{"late", 2, cmd_late}, {"hup", 1, cmd_hup}, {"patient", 3, cmd_patient}, {NULL, 0, NULL}};
