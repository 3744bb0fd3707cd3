const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Parses a duration of whole minutes, hours or days, such as `90m`. @returns milliseconds; `undefined` if the text is not one */
export function parseDuration(text: string): number | undefined {
  const [, digits = '', unit = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  return Number(digits) * (units[unit] ?? 0) || undefined;
}
