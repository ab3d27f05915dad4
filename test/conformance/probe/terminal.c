#include "probe.h"
#include <sys/ioctl.h>
#include <termios.h>

static void say_size(const char *name, int fd)
{
	struct winsize size = {0};
	if (ioctl(fd, TIOCGWINSZ, &size) != 0)
		say("%s none", name);
	else
		say("%s %dx%d", name, size.ws_row, size.ws_col);
}

/* tty: what each standard descriptor is, and what the controlling terminal is */
static int cmd_tty(int argc, char **argv)
{
	(void)argc, (void)argv;
	for (int fd = 0; fd < 3; fd++) {
		char name[128] = "none", key[16];
		struct termios modes;
		if (isatty(fd))
			ttyname_r(fd, name, sizeof name);
		say("tty %d %d %s", fd, isatty(fd), name);
		sprintf(key, "size %d", fd);
		say_size(key, fd);
		if (tcgetattr(fd, &modes) == 0)
			say("modes %d %x %x %x %x %d %d", fd, modes.c_iflag, modes.c_oflag, modes.c_cflag,
			    modes.c_lflag, modes.c_cc[VMIN], modes.c_cc[VINTR]);
	}
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
	say("controlling %d", fd >= 0);
	if (fd >= 0) {
		say("foreground %d", tcgetpgrp(fd) == getpgrp());
		say("session %d", tcgetsid(fd) == getsid(0));
		struct stat st;
		say("same %d", isatty(0) && fstat(0, &st) == 0 && tcgetsid(0) == tcgetsid(fd));
	}
	say("end");
	return 0;
}

static void on_resize(int sig)
{
	(void)sig;
	say_size("resized", 0);
}

/* resize END */
static int cmd_resize(int argc, char **argv)
{
	(void)argc;
	struct sigaction action = {.sa_handler = on_resize, .sa_flags = SA_RESTART};
	sigaction(SIGWINCH, &action, NULL);
	for (int fd = 0; fd < 3; fd++)
		say_size("start", fd);
	say("ready %d", getpid());
	await(argv[1]);
	return 0;
}

static void make_raw(int fd)
{
	struct termios modes;
	if (tcgetattr(fd, &modes) != 0)
		die("tcgetattr");
	cfmakeraw(&modes);
	if (tcsetattr(fd, TCSANOW, &modes) != 0)
		die("tcsetattr");
}

/* rawdie SIG: set raw mode, die */
static int cmd_rawdie(int argc, char **argv)
{
	(void)argc;
	make_raw(0);
	say("raw");
	kill(getpid(), atoi(argv[1]));
	return 96;
}

/* password: ask on the controlling terminal, read the data from 0 */
static int cmd_password(int argc, char **argv)
{
	(void)argc, (void)argv;
	char secret[128] = "", data[128] = "";
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
	struct termios old, quiet;
	if (fd < 0 || tcgetattr(fd, &old) != 0)
		die("/dev/tty");
	quiet = old;
	quiet.c_lflag &= ~ECHO;
	if (tcsetattr(fd, TCSAFLUSH, &quiet) != 0)
		die("tcsetattr");
	write_all(fd, "Password: ", 10);
	say("asked");
	ssize_t n = read(fd, secret, sizeof secret - 1);
	tcsetattr(fd, TCSAFLUSH, &old);
	write_all(fd, "\n", 1);
	secret[n > 0 ? strcspn(secret, "\n") : 0] = 0;
	n = read(0, data, sizeof data - 1);
	data[n > 0 ? strcspn(data, "\n") : 0] = 0;
	write_all(2, "on-stderr\n", 10);
	say("secret %s", secret);
	say("data %s", data);
	return 0;
}

/* ask STATUS: one line from 0 */
static int cmd_ask(int argc, char **argv)
{
	(void)argc;
	char line[256];
	say("ready %d", getpid());
	ssize_t n = read(0, line, sizeof line - 1);
	if (n < 0)
		die("ask");
	line[n] = 0;
	line[strcspn(line, "\n")] = 0;
	say("line %s", line);
	return atoi(argv[1]);
}

/* mix: which descriptors are terminals; a line from 0, one to 1, one to 2 */
static int cmd_mix(int argc, char **argv)
{
	(void)argc, (void)argv;
	char line[256];
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
	say("terminals %d%d%d controlling %d foreground %d", isatty(0), isatty(1), isatty(2), fd >= 0,
	    fd >= 0 && tcgetpgrp(fd) == getpgrp());
	ssize_t n = read(0, line, sizeof line - 1);
	if (n < 0)
		die("mix");
	line[n] = 0;
	line[strcspn(line, "\n")] = 0;
	say("line %s", line);
	write_all(1, "to-out\n", 7);
	write_all(2, "to-err\n", 7);
	return 0;
}

/* shout GO: two lines on 1 when GO exists */
static int cmd_shout(int argc, char **argv)
{
	(void)argc;
	say("ready %d", getpid());
	await(argv[1]);
	return write_all(1, "alpha\nbeta\n", 11) != 0;
}

/* settings: leaves some on purpose: no echo, another erase character */
static int cmd_settings(int argc, char **argv)
{
	(void)argc, (void)argv;
	struct termios modes;
	if (tcgetattr(0, &modes) != 0)
		die("tcgetattr");
	modes.c_lflag &= ~ECHO;
	modes.c_cc[VERASE] = 'X';
	return tcsetattr(0, TCSANOW, &modes) != 0;
}

const struct command terminal_commands[] = {
	{"tty", 0, cmd_tty}, {"resize", 1, cmd_resize}, {"rawdie", 1, cmd_rawdie}, {"password", 0, cmd_password},
	{"ask", 1, cmd_ask}, {"settings", 0, cmd_settings},
	{"mix", 0, cmd_mix}, {"shout", 1, cmd_shout}, {NULL, 0, NULL}};
