/* Whole files, read bounded and written so that a reader never sees a half. */
#ifndef NEP_BASE_FILE_H
#define NEP_BASE_FILE_H

#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/status.h"

enum { NEP_FILE_PUBLIC = 0644, NEP_FILE_SECRET = 0600 };

/* Appends the file's bytes to *out; more than `max` bytes is NEP_E_INPUT. "-" is standard input. */
NEP_MUST_USE nep_status nep_file_read(const char *path, size_t max, nep_buf *out, nep_error *err);

/* The same for a secret: refuses a file that group or others may read, keeps no stray copy.
   End with nep_buf_wipe. */
NEP_MUST_USE nep_status nep_file_read_secret(const char *path, size_t max, nep_buf *out,
                                             nep_error *err);

/* The same for a file of the program's own whose content is believed: refuses, too, what belongs to
   another user. */
NEP_MUST_USE nep_status nep_file_read_own(const char *path, size_t max, nep_buf *out,
                                          nep_error *err);

/* Writes beside the target, fsyncs file and folder, renames. Replaces an existing file. */
NEP_MUST_USE nep_status nep_file_write(const char *path, const void *data, size_t len, mode_t mode,
                                       nep_error *err);

/* The same, but an existing file is NEP_E_STATE and stays untouched. */
NEP_MUST_USE nep_status nep_file_create(const char *path, const void *data, size_t len, mode_t mode,
                                        nep_error *err);

/* Appends to *out what is left of an open file; `path` is for errors. */
NEP_MUST_USE nep_status nep_fd_read(int fd, const char *path, size_t max, nep_buf *out,
                                    nep_error *err);

/* Refuses an open file that is none of this user's alone: codes file-mode, file-owner. */
NEP_MUST_USE nep_status nep_fd_check_own(int fd, const char *path, nep_error *err);

/* The folder of a file that was made reaches the disk. */
NEP_MUST_USE nep_status nep_folder_sync(const char *path, nep_error *err);

/* Writes all bytes to a descriptor, continuing after interruptions. */
NEP_MUST_USE nep_status nep_fd_write(int fd, const void *data, size_t len, nep_error *err);

#endif
