// Finds text that a person cannot read in full: cut by its box, by a box around it, by its panel, by the edge of a canvas, or by other text.

const drawnText = new WeakMap();
const usedColours = new WeakMap();

/** The colours that a canvas was painted with since it was last cleared. */
export const coloursOn = (canvas) => usedColours.get(canvas) ?? new Set();

function rectangle(context, text, x, y) {
  const { a, b, c, d, e, f } = context.getTransform();
  const { actualBoundingBoxLeft: left, actualBoundingBoxRight: right, actualBoundingBoxAscent: up, actualBoundingBoxDescent: down } = context.measureText(text);
  const corners = [[x - left, y - up], [x + right, y - up], [x - left, y + down], [x + right, y + down]].map(([px, py]) => [a * px + c * py + e, b * px + d * py + f]);
  const [xs, ys] = [corners.map(([px]) => px), corners.map(([, py]) => py)];
  return { text, left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

/** Has every canvas remember which text and which colours are painted on it. */
export function watchCanvases() {
  const { prototype } = CanvasRenderingContext2D;
  const { fillText, clearRect, stroke, fill, fillRect, createLinearGradient } = prototype;
  const remember = (canvas, colour) => {
    if (!usedColours.has(canvas)) usedColours.set(canvas, new Set());
    usedColours.get(canvas).add(colour);
  };
  prototype.fillText = function (text, x, y, ...rest) {
    if (!drawnText.has(this.canvas)) drawnText.set(this.canvas, []);
    if (String(text).trim() !== '') drawnText.get(this.canvas).push(rectangle(this, String(text), x, y));
    return fillText.call(this, text, x, y, ...rest);
  };
  prototype.clearRect = function (...rest) {
    drawnText.delete(this.canvas);
    usedColours.delete(this.canvas);
    return clearRect.apply(this, rest);
  };
  for (const [name, plain, style] of [['stroke', stroke, 'strokeStyle'], ['fill', fill, 'fillStyle'], ['fillRect', fillRect, 'fillStyle']]) {
    prototype[name] = function (...rest) {
      const colours = typeof this[style] === 'string' ? [this[style]] : this[style].stops ?? [];
      for (const colour of colours) remember(this.canvas, colour);
      return plain.apply(this, rest);
    };
  }
  prototype.createLinearGradient = function (...rest) {
    const gradient = createLinearGradient.apply(this, rest);
    const { addColorStop } = gradient;
    gradient.stops = [];
    gradient.addColorStop = (at, colour) => {
      gradient.stops.push(colour);
      addColorStop.call(gradient, at, colour);
    };
    return gradient;
  };
}

// A moment on a time axis: Grafana lets those at its ends run out of the panel, whoever made the board.
const MOMENT = /^(\d{4}-)?(\d\d[-/]\d\d)?\s?(\d\d:\d\d(:\d\d)?)?$/;

const overlap = (one, other) => Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1 && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 1;

function canvasFaults(section) {
  return [...section.querySelectorAll('canvas')].flatMap((canvas) => {
    const texts = drawnText.get(canvas) ?? [];
    const visible = texts.filter((one) => one.right > 0 && one.bottom > 0 && one.left < canvas.width && one.top < canvas.height);
    const outside = visible.filter((one) => !MOMENT.test(one.text)).filter((one) => one.left < -1 || one.top < -1 || one.right > canvas.width + 1 || one.bottom > canvas.height + 1);
    const upon = visible.filter((one, index) => visible.slice(0, index).some((other) => overlap(one, other)));
    return [...outside.map(({ text }) => `text is cut off: ${text} on an axis`), ...upon.map(({ text }) => `text lies upon other text: ${text} on an axis`)];
  });
}

function cutBy(rect, node, section) {
  for (let box = node.parentElement; box; box = box.parentElement) {
    const { overflowX, overflowY } = getComputedStyle(box);
    const { left, top } = box.getBoundingClientRect();
    const right = left + box.clientLeft + box.clientWidth;
    const bottom = top + box.clientTop + box.clientHeight;
    const sized = box.clientWidth > 0 && box.clientHeight > 0;
    if (sized && /auto|scroll/.test(overflowY) && (rect.top + rect.bottom > 2 * bottom || rect.top + rect.bottom < 2 * top)) return 'scrolled';
    if (sized && overflowX !== 'visible' && (rect.right > right + 1 || rect.left < left - 1)) return 'cut';
    if (sized && /hidden|clip/.test(overflowY) && (rect.bottom > bottom + 4 || rect.top < top - 4)) return 'cut';
    if (box === section) return undefined;
  }
  return undefined;
}

function ellipsis(node) {
  for (let box = node.parentElement; box && !box.dataset.panel; box = box.parentElement) {
    if (box.scrollWidth > box.clientWidth + 1 && box.clientWidth > 0 && /hidden|clip/.test(getComputedStyle(box).overflowX) && box.textContent.trim() === node.textContent.trim()) return true;
  }
  return false;
}

/** Sentences on the text of a panel that cannot be read in full. */
export function textFaults(section) {
  const faults = new Set(canvasFaults(section));
  const walker = document.createTreeWalker(section, NodeFilter.SHOW_TEXT);
  const seen = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent.trim();
    if (text === '' || node.parentElement.closest('style, title, .sr-only') || !node.parentElement.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const rects = [...range.getClientRects()].filter((rect) => rect.width > 0);
    const fates = rects.map((rect) => cutBy(rect, node, section));
    if (fates.includes('scrolled')) continue;
    if (fates.includes('cut') || ellipsis(node)) faults.add(`text is cut off: ${text}`);
    for (const rect of rects.map(({ left, right, top, bottom }) => ({ left, right, top: top + 4, bottom: bottom - 4 }))) {
      if (seen.some((other) => other.node !== node && overlap(rect, other.rect))) faults.add(`text lies upon other text: ${text}`);
      seen.push({ node, rect });
    }
  }
  return [...faults];
}
