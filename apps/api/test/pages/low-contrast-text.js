// Evaluated in a page. Returns its texts whose contrast to the background is below 4.5, or 3 if they are large (WCAG 2.2, 1.4.3).
(() => {
  const channelsOf = color => {
    const [red = 0, green = 0, blue = 0, alpha = 1] = (color.match(/[\d.]+/g) ?? []).map(Number);
    return [red, green, blue, alpha];
  };
  const mix = ([red, green, blue, alpha], ground) => [red, green, blue].map((value, at) => value * alpha + ground[at] * (1 - alpha));
  const luminance = color => {
    const [red, green, blue] = color.map(value => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const groundOf = element => {
    if (!element) return matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18] : [255, 255, 255];
    return mix(channelsOf(getComputedStyle(element).backgroundColor), groundOf(element.parentElement));
  };
  const contrastOf = element => {
    const ground = groundOf(element);
    const [dark, light] = [ground, mix(channelsOf(getComputedStyle(element).color), ground)]
      .map(luminance)
      .sort((one, other) => one - other);
    return (light + 0.05) / (dark + 0.05);
  };
  const isPale = element => {
    const { fontSize, fontWeight } = getComputedStyle(element);
    const large = Number.parseFloat(fontSize) >= (Number(fontWeight) >= 700 ? 18.66 : 24);
    return contrastOf(element) < (large ? 3 : 4.5);
  };
  const hasText = element => [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== '');
  return [...document.body.querySelectorAll('*:not(script, style, noscript)')]
    .filter(element => element.checkVisibility() && hasText(element) && isPale(element))
    .map(element => `${element.textContent.trim().slice(0, 40)} (${element.className})`);
})();
