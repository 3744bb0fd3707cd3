// Two lines over the last ten minutes as an SVG: two sparklines need no library.

const width = 600;
const height = 100;
/** What is shown, in ms. */
const span = 600_000;

/**
 * @typedef {object} Point
 * @property {number} time in ms since 1970
 * @property {readonly (number | null)[]} values of each line
 */

/**
 * @param {string} id of a figure with an `svg` that has a `path` for each line, and an `.axis`
 * @param {readonly Point[]} points the oldest first
 * @param {number} step ms between two
 * @returns {number} what the top of the plot means
 */
export function drawPlot(id, points, step) {
  const end = points.at(-1)?.time ?? 0;
  const top = roundUp(Math.max(...points.flatMap(({ values }) => values.map(value => value ?? 0)), 1));
  for (const [line, path] of document.querySelectorAll(`#${id} path`).entries()) {
    const places = points.map(({ time, values }) => ({
      x: width * (1 - (end - time) / span),
      y: values[line] == null ? null : height * (1 - values[line] / top),
      step: (width * step) / span,
    }));
    path.setAttribute('d', pathOf(places));
  }
  return top;
}

/** Where nothing is known the line has a gap; a point alone is a dot. @param {readonly {x: number, y: number | null, step: number}[]} places */
function pathOf(places) {
  let text = '';
  let before = Number.NEGATIVE_INFINITY;
  for (const { x, y, step } of places) {
    if (y === null) continue;
    const at = `${x.toFixed(1)} ${y.toFixed(1)}`;
    text += x - before > step * 1.5 ? `M${at}h0` : `L${at}`;
    before = x;
  }
  return text;
}

/** The next of 1, 2, 5, 10, 20, 50, … @param {number} value */
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find(factor => factor * power >= value) ?? 10) * power;
}
