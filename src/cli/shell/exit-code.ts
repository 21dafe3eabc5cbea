/** @file The exit codes of the command line. */

export const exitCode = {
  done: 0,
  /** The user's program, data or arguments are wrong. */
  user: 1,
  /** Correct, but specc cannot do it. */
  limitation: 2,
  /** A mistake in specc itself. */
  bug: 70,
  /** Stopped by the user. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
