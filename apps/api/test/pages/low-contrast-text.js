// Evaluated in a page. Returns the pieces of text whose contrast to the background is below 4.5, or 3 if they are large (WCAG 2.2, 1.4.3).
(() => {
  const channelsOf = color => {
    const [red = 0, green = 0, blue = 0, alpha = 1] = (color.match(/[\d.]+/g) ?? []).map(Number);
    return [red, green, blue, alpha];
  };
  const mix = ([red, green, blue, alpha], background) =>
    [red, green, blue].map((value, at) => value * alpha + background[at] * (1 - alpha));
  const luminance = color => {
    const [red, green, blue] = color.map(value => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const backgroundOf = element => {
    if (!element) return matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18] : [255, 255, 255];
    return mix(channelsOf(getComputedStyle(element).backgroundColor), backgroundOf(element.parentElement));
  };
  const contrastOf = element => {
    const background = backgroundOf(element);
    const [dark, light] = [background, mix(channelsOf(getComputedStyle(element).color), background)]
      .map(luminance)
      .sort((one, other) => one - other);
    return (light + 0.05) / (dark + 0.05);
  };
  const hasLowContrast = element => {
    const { fontSize, fontWeight } = getComputedStyle(element);
    const large = Number.parseFloat(fontSize) >= (Number(fontWeight) >= 700 ? 18.66 : 24);
    return contrastOf(element) < (large ? 3 : 4.5);
  };
  const hasText = element => [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== '');
  return [...document.body.querySelectorAll('*:not(script, style, noscript)')]
    .filter(element => element.checkVisibility() && hasText(element) && hasLowContrast(element))
    .map(element => `${element.textContent.trim().slice(0, 40)} (${element.className})`);
})();
