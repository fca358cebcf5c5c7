#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "server/signer/serve.h"

static nep_status failed(const nep_signer_config *c, const char *doing, nep_error *err)
{
  return nep_fail(err, NEP_E_IO, "socket", c->socket, "cannot %s: %s", doing, strerror(errno));
}

/* A socket file that nobody answers on was left by a process that was killed. */
static nep_status remove_stale(const nep_signer_config *c, const struct sockaddr_un *address,
                               nep_error *err)
{
  struct stat st;
  if (lstat(c->socket, &st) != 0)
    return errno == ENOENT ? NEP_OK : failed(c, "examine the socket", err);
  if (!S_ISSOCK(st.st_mode))
    return nep_fail(err, NEP_E_STATE, "socket", c->socket, "exists and is not a socket");
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return failed(c, "make a socket", err);
  int answered = connect(fd, (const struct sockaddr *)address, sizeof *address) == 0;
  close(fd);
  if (answered)
    return nep_fail(err, NEP_E_STATE, "socket", c->socket, "another process answers on it");
  return unlink(c->socket) == 0 ? NEP_OK : failed(c, "remove the stale socket", err);
}

nep_status nep_signer_listen(const nep_signer_config *c, int *out, nep_error *err)
{
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(c->socket) >= sizeof address.sun_path)
    return nep_fail(err, NEP_E_INPUT, "socket", c->socket, "the path is longer than %zu bytes",
                    sizeof address.sun_path - 1);
  memcpy(address.sun_path, c->socket, strlen(c->socket));
  nep_status status = remove_stale(c, &address, err);
  if (status != NEP_OK)
    return status;
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0)
    return failed(c, "make a socket", err);
  /* The umask is 077: until the mode is widened nobody else gets in. */
  if (bind(fd, (const struct sockaddr *)&address, sizeof address) != 0)
    status = failed(c, "bind", err);
  else if (c->group != (gid_t)-1 && chown(c->socket, (uid_t)-1, c->group) != 0)
    status = failed(c, "give the socket to its group", err);
  else if (chmod(c->socket, c->mode) != 0)
    status = failed(c, "set the mode of the socket", err);
  else if (listen(fd, 64) != 0)
    status = failed(c, "listen", err);
  if (status != NEP_OK)
    close(fd);
  else
    *out = fd;
  return status;
}
