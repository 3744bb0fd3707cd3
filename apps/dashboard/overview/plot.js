// Draws lines and bars of the last ten minutes as SVG paths. Two sparklines need no library.

const width = 600;
const height = 100;
/** Width of the plot in time. */
const spanMs = 600_000;

/**
 * @typedef {object} Point
 * @property {number} timeMs since 1970
 * @property {readonly (number | null)[]} values one for each line
 */

/**
 * Draws a plot.
 * @param {string} id of a figure with an `svg` that has a `path` for each line; of class `bars` for bars
 * @param {readonly Point[]} points oldest first
 * @param {number} stepMs time between two points
 * @returns {number} value at the top of the plot
 */
export function drawPlot(id, points, stepMs) {
  const endMs = points.at(-1)?.timeMs ?? 0;
  const top = roundUp(Math.max(...points.flatMap(({ values }) => values.map(value => value ?? 0)), 1));
  for (const [line, path] of document.querySelectorAll(`#${id} path`).entries()) {
    /** @type {readonly Position[]} */
    const positions = points.map(({ timeMs, values }) => ({
      x: width * (1 - (endMs - timeMs) / spanMs),
      y: values[line] == null ? null : height * (1 - values[line] / top),
      step: (width * stepMs) / spanMs,
    }));
    path.setAttribute('d', path.matches('.bars') ? barsOf(positions) : lineOf(positions));
  }
  return top;
}

/** @typedef {{x: number, y: number | null, step: number}} Position */

/** @param {readonly Position[]} positions */
function barsOf(positions) {
  return positions.map(({ x, y }) => (y === null || y === height ? '' : `M${x.toFixed(1)} ${height}V${y.toFixed(1)}`)).join('');
}

/** Returns the path of a line, with gaps for `null`; a point without neighbors is a dot. @param {readonly Position[]} positions */
function lineOf(positions) {
  let text = '';
  let previousX = Number.NEGATIVE_INFINITY;
  for (const { x, y, step } of positions) {
    if (y === null) continue;
    const position = `${x.toFixed(1)} ${y.toFixed(1)}`;
    text += x - previousX > step * 1.5 ? `M${position}h0` : `L${position}`;
    previousX = x;
  }
  return text;
}

/** Rounds up to a number with one significant digit. @param {number} value */
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 3, 4, 5, 6, 8].find(factor => factor * power >= value) ?? 10) * power;
}
