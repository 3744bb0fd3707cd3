/** What a look at one part of the host found. */
export interface Finding {
  readonly part: string;
  readonly ok: boolean;
  /** What is there, or what is wrong. */
  readonly text: string;
  /** What a person can do about a fault. */
  readonly remedy?: string;
  /** Only the tests need it: without it the project runs. */
  readonly testsOnly?: boolean;
}

/** One thing the project needs on its host. */
export interface Part {
  /** Looks, and changes nothing; by default it believes what was found before on the same host. */
  check(thorough?: boolean): Promise<Finding>;
  /** Brings what is missing, saying each step. Without it only a person can help. */
  mend?(): Promise<void>;
}

/** Tells a step of the set-up as it happens. */
export function say(text: string): void {
  process.stdout.write(`set-up: ${text}\n`);
}
