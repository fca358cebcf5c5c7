/* What every program does before it reads a single argument. */
#ifndef NEP_BASE_PROCESS_H
#define NEP_BASE_PROCESS_H

/* No core dumps, not traceable by other processes of the user (prctl), umask 077, SIGPIPE ignored,
   random generator started, language chosen, malloc told to keep what is freed (some MiB for a
   thread); --version answers with the program's name and the version of configure.ac. Ends the
   program when a step fails. */
void nep_process_start(void);

#endif
