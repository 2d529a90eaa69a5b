/* Providers that break the rules, one a .so: compiled with -DBAD_ABI, -DBAD_CRASH, ... for what is wrong. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sdk/provider.h"

/* Tries what a provider must not be able to do; "explains" the first thing that it could. */
static int try_the_forbidden(const struct certo_host* host) {
  const char* secret = host->setting(host->self, "BAD_SECRET");
  const char* target = host->setting(host->self, "BAD_TARGET");
  char* const words[] = {"/bin/true", NULL};
  struct rlimit core;
  const char* could = NULL;
  if (open(secret, O_RDONLY) >= 0) could = "read a secret";
  if (open("/etc/shadow", O_RDONLY) >= 0) could = "read /etc/shadow";
  if (open(target, O_WRONLY | O_CREAT, 0600) >= 0) could = "write a file";
  if (rename(secret, target) == 0) could = "move a file";
  if (unlink(secret) == 0) could = "remove a file";
  if (socket(AF_UNIX, SOCK_STREAM, 0) >= 0) could = "open a local socket";
  if (ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0) could = "trace its parent";
  if (kill(getppid(), 0) == 0) could = "signal its parent";
  if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0) could = "dump its memory";
  if (getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_max != 0) could = "dump core";
  if (getenv("BAD_SECRET")) could = "see a setting in its environment";
  if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) could = "gain privileges";
  if (execv(words[0], words) != 0 && errno != EPERM && errno != EACCES) could = "try to execute a program";
  if (!could) return CERTO_OK;
  host->explain(host->self, could);
  return CERTO_FAILED;
}

static int change(const struct certo_host* host, const struct certo_record* records, size_t count) {
  (void)records;
  (void)count;
#if defined(BAD_CRASH)
  abort();
#elif defined(BAD_HANG)
  for (;;) pause();
#elif defined(BAD_FLOOD)
  for (int i = 0; i < 100000; ++i) puts("{\"certo\":\"dns-outcome/1\",\"status\":0,\"why\":\"\"}");
  fflush(stdout);
  host->explain(host->self, "flooded");
  return CERTO_FAILED;
#elif defined(BAD_EXIT)
  exit(0);
#elif defined(BAD_STATUS)
  return 4711;
#endif
  return try_the_forbidden(host);
}

static const struct certo_setting settings[] = {
    {"BAD_SECRET", "", "a file that must not be read", 0},
    {"BAD_TARGET", "", "a file that must not be written", 0},
};

static const struct certo_provider provider = {
#ifdef BAD_ABI
    .abi = CERTO_PROVIDER_ABI + 1,
#else
    .abi = CERTO_PROVIDER_ABI,
#endif
    .size = sizeof(struct certo_provider),
#ifdef BAD_NAME
    .name = "../../etc/passwd",
#else
    .name = "bad",
#endif
    .aliases = "",
    .title = "Bad",
    .base_url = "",
    .settings = settings,
    .setting_count = sizeof settings / sizeof *settings,
    .propagation = 1,
    .traits = CERTO_NEEDS_NO_SETTING,
#ifndef BAD_HOLE
    .present = change,
#endif
    .cleanup = change,
};

#ifndef BAD_SYMBOL
const struct certo_provider* certo_provider_v1(void) {
#ifdef BAD_START
  abort();
#endif
  return &provider;
}
#endif
