/*
 * httpd.c - a web server of one folder on loopback, to test downloads with.
 *
 *	usage: httpd DIR CUT
 *
 * Prints its port and serves GET /PATH from DIR, with "Range: bytes=N-".  Of
 * the first answer for each path under /cut/ only CUT bytes are sent before the
 * connection is closed, so that a client must resume.  Ends when stdin does.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *dir;
static long cut_at;
static char cut_paths[64][512];
static size_t n_cut;

/* Whether this path is under /cut/ and asked for the first time. */
static int first_cut(const char *path)
{
	if (strncmp(path, "/cut/", 5))
		return 0;
	for (size_t i = 0; i < n_cut; i++)
		if (!strcmp(cut_paths[i], path))
			return 0;
	if (n_cut < 64)
		snprintf(cut_paths[n_cut++], sizeof(cut_paths[0]), "%s", path);
	return 1;
}

static void send_text(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) < 0)
		perror("httpd");
}

static void send_file(int fd, int file, long from, long size, int cut)
{
	char head[256], bytes[4096];
	long left = cut && size - from > cut_at ? cut_at : size - from;
	ssize_t n;

	snprintf(head, sizeof(head),
		 "HTTP/1.1 %s\r\nContent-Length: %ld\r\nContent-Range: bytes "
		 "%ld-%ld/%ld\r\n"
		 "Connection: close\r\n\r\n",
		 from ? "206 Partial Content" : "200 OK", size - from, from, size - 1,
		 size);
	send_text(fd, head);
	lseek(file, from, SEEK_SET);
	while (left > 0 &&
	       (n = read(file, bytes, left < 4096 ? (size_t)left : 4096)) > 0) {
		if (write(fd, bytes, (size_t)n) < 0)
			return;
		left -= n;
	}
}

static void answer(int fd)
{
	char request[4096] = "", path[512] = "", name[1024];
	const char *range;
	struct stat st;
	size_t len = 0;
	ssize_t n;
	int file;

	while (!strstr(request, "\r\n\r\n") && len < sizeof(request) - 1 &&
	       (n = read(fd, request + len, sizeof(request) - 1 - len)) > 0)
		request[len += (size_t)n] = '\0';
	sscanf(request, "GET %511s", path);
	snprintf(name, sizeof(name), "%s%s", dir, path);
	file = strstr(path, "..") ? -1 : open(name, O_RDONLY);
	if (file < 0 || fstat(file, &st) || !S_ISREG(st.st_mode)) {
		send_text(fd, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n"
			      "Connection: close\r\n\r\n");
	} else {
		range = strstr(request, "Range: bytes=");
		send_file(fd, file, range ? strtol(range + 13, NULL, 10) : 0,
			  (long)st.st_size, first_cut(path));
	}
	if (file >= 0)
		close(file);
}

int main(int argc, char **argv)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof(at);
	const int s = socket(AF_INET, SOCK_STREAM, 0);

	if (argc != 3)
		return 2;
	dir = argv[1];
	cut_at = strtol(argv[2], NULL, 10);
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (s < 0 || bind(s, (struct sockaddr *)&at, sizeof(at)) || listen(s, 8) ||
	    getsockname(s, (struct sockaddr *)&at, &len))
		return 1;
	printf("%d\n", ntohs(at.sin_port));
	fflush(stdout);
	for (;;) {
		struct pollfd p[2] = { { 0, POLLIN, 0 }, { s, POLLIN, 0 } };
		char c;
		int fd;

		if (poll(p, 2, -1) < 0 || (p[0].revents && read(0, &c, 1) <= 0))
			return 0;
		if (!p[1].revents || (fd = accept(s, NULL, NULL)) < 0)
			continue;
		answer(fd);
		close(fd);
	}
}
