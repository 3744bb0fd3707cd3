/** Result of checking one part of the host. */
export interface Finding {
  readonly part: string;
  readonly ok: boolean;
  /** The version or state of the part, or its fault. */
  readonly text: string;
  /** Action with which the user can fix a fault. */
  readonly remedy?: string;
  /** Whether only the tests need it. Default: false. */
  readonly isTestsOnly?: boolean;
}

/** One thing that the project needs on its host, beside the packages in `system/packages.mjs`. */
export interface Part {
  /** Checks the part and changes nothing. Unless `isThorough`, it may rely on an earlier result for the same host. */
  check(isThorough?: boolean): Promise<Finding>;
  /** Provides what is missing and logs each step. Without it only the user can fix the part. */
  fix?(): Promise<void>;
  /** Whether `fix` downloads or builds something, which `--no-install` rules out. Default: false. */
  readonly isInstallation?: boolean;
}

/** Returns the finding for a program that only the tests use, and that their set-up downloads. */
export function missingTestProgram(part: string): Finding {
  const remedy = 'Only the tests need it: "npm test" downloads it on Debian.';
  return { part, ok: false, text: 'not installed', remedy, isTestsOnly: true };
}
