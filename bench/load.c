/* The load generator: bench/load.py says what it does, and does it more slowly where there is no compiler.

   load PORT CLIENTS SECONDS LEAST PATIENCE NUMBER < REQUEST

   Ten zeros in the request stand for a number, which goes up from NUMBER; with NUMBER 0 they are left alone.
   Prints "ok COUNT SECONDS MEDIAN", or "error" and why. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define HEAD 16384
#define BLOCK (1 << 18)
#define CLIENTS 64

struct client {
  int fd, own, has_head, chunked, closes;
  double began;
  long whole, got;
  size_t head_size;
  char head[HEAD + 1], tail[8];
};

static struct client clients[CLIENTS];
static char request[1 << 20], block[BLOCK];
static size_t request_size;
static char *number_place;
static unsigned long long number;
static int port;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void fail(const char *why) {
  printf("error %s\n", why);
  exit(1);
}

static void reach(struct client *c) {
  struct sockaddr_in own = {.sin_family = AF_INET}, server = {.sin_family = AF_INET};
  int yes = 1;
  c->fd = socket(AF_INET, SOCK_STREAM, 0);
  own.sin_addr.s_addr = htonl(0x7f000001 + c->own); /* each client has an address of its own */
  server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  server.sin_port = htons(port);
  setsockopt(c->fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(c->fd, (struct sockaddr *)&own, sizeof own) ||
      connect(c->fd, (struct sockaddr *)&server, sizeof server))
    fail(strerror(errno));
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

static void ask(struct client *c) {
  size_t sent = 0;
  if (number_place) {
    char text[21];
    snprintf(text, sizeof text, "%010llu", number++ % 10000000000ULL);
    memcpy(number_place, text, 10);
  }
  c->has_head = c->chunked = c->closes = 0;
  c->whole = -1;
  c->got = 0;
  c->head_size = 0;
  memset(c->tail, 0, sizeof c->tail);
  c->began = now();
  while (sent < request_size) {
    ssize_t part = send(c->fd, request + sent, request_size - sent, MSG_NOSIGNAL);
    if (part <= 0) fail("the server closed the connection before an answer");
    sent += part;
  }
}

/* Keep the last seven bytes: they tell the end of a chunked answer. */
static void remember(struct client *c, const char *data, size_t size) {
  if (size >= 7) {
    memcpy(c->tail, data + size - 7, 7);
  } else {
    memmove(c->tail, c->tail + size, 7 - size);
    memcpy(c->tail + 7 - size, data, size);
  }
}

static int receive(struct client *c) {
  ssize_t size = recv(c->fd, block, BLOCK, 0);
  if (size <= 0) fail("the server closed the connection within an answer");
  remember(c, block, size);
  c->got += size;
  if (!c->has_head) {
    size_t part = (size_t)size < HEAD - c->head_size ? (size_t)size : HEAD - c->head_size;
    char *end, *found;
    memcpy(c->head + c->head_size, block, part);
    c->head_size += part;
    c->head[c->head_size] = 0;
    end = strstr(c->head, "\r\n\r\n");
    if (!end) {
      if (c->head_size == HEAD) fail("the head of an answer has no end");
      return 0;
    }
    end[2] = 0;
    c->has_head = 1;
    if (strncmp(c->head + 9, "200", 3)) {
      char why[] = "the server answered ???";
      memcpy(why + sizeof why - 4, c->head + 9, 3);
      fail(why);
    }
    c->closes = strcasestr(c->head, "\r\nconnection: close") != NULL || !strncmp(c->head, "HTTP/1.0", 8);
    found = strcasestr(c->head, "\r\ncontent-length:");
    if (found)
      c->whole = end - c->head + 4 + atol(found + 17);
    else if (strcasestr(c->head, "\r\ntransfer-encoding: chunked"))
      c->chunked = 1;
    else
      fail("the answer does not say how long it is");
  }
  return c->chunked ? !memcmp(c->tail, "\r\n0\r\n\r\n", 7) : c->got >= c->whole;
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  if (argc != 7) return 2;
  port = atoi(argv[1]);
  int many = atoi(argv[2]), busy = 0, poll = epoll_create1(0);
  double seconds = atof(argv[3]), patience = atof(argv[5]), began;
  size_t least = atol(argv[4]), count = 0, room = 1 << 16;
  double *times = malloc(room * sizeof *times);
  number = strtoull(argv[6], NULL, 10);
  request_size = fread(request, 1, sizeof request - 1, stdin);
  if (number) number_place = strstr(request, "0000000000");
  if (many > CLIENTS || !times) return 2;
  for (int i = 0; i < many; i++) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &clients[i]};
    clients[i].own = i;
    reach(&clients[i]);
    epoll_ctl(poll, EPOLL_CTL_ADD, clients[i].fd, &event);
  }
  began = now();
  for (; busy < many; busy++) ask(&clients[busy]);
  while (busy) {
    struct epoll_event ready[CLIENTS];
    int found = epoll_wait(poll, ready, CLIENTS, (int)(patience * 1000));
    if (!found) fail("no answer in time");
    for (int i = 0; i < found; i++) {
      struct client *c = ready[i].data.ptr;
      if (!receive(c)) continue;
      if (count == room) times = realloc(times, (room *= 2) * sizeof *times);
      times[count++] = now() - c->began;
      if (c->closes) {
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
        close(c->fd);
        reach(c);
        epoll_ctl(poll, EPOLL_CTL_ADD, c->fd, &event);
      }
      if (now() - began < seconds || count + busy - 1 < least)
        ask(c);
      else
        busy--;
    }
  }
  seconds = now() - began;
  qsort(times, count, sizeof *times, compare);
  printf("ok %zu %.9f %.9f\n", count, seconds, times[count / 2]);
  return 0;
}
