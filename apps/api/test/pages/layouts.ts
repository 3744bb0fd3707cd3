type Layout = readonly [width: number, colorScheme: 'light' | 'dark'];

/** Layouts that `npm test` tries; `npm run test:all` tries all. */
export const someLayouts: readonly Layout[] = [[360, 'dark']];

/** Phones, a tablet and desktops, in both color schemes. */
export const allLayouts: readonly Layout[] = [320, 360, 768, 1280, 1920].flatMap(
  width =>
    [
      [width, 'light'],
      [width, 'dark'],
    ] as const,
);
