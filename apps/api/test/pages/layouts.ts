type Layout = readonly [width: number, colours: 'light' | 'dark'];

/** A narrow and a wide window, and both colour schemes: what the quick suite looks at. */
export const someLayouts: readonly Layout[] = [
  [360, 'dark'],
  [1280, 'light'],
];

/** Phones, a tablet and desktops in both colour schemes. */
export const allLayouts: readonly Layout[] = [320, 360, 768, 1280, 1920].flatMap(
  width =>
    [
      [width, 'light'],
      [width, 'dark'],
    ] as const,
);
