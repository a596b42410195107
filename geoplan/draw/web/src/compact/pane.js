/** A canvas over the map that is painted whole after each move: Leaflet's own renderer without its layers. */

import { UNIT_ZOOM } from "../map/geometry.js";

const MIN_RATIO = 0.1;
/**
 * Canvas pixels for each CSS pixel on paper. Chromium prints a canvas as its strokes and scales them down by whole sixty-fourths:
 * at 2.5 (25.6 of them) all of it would be 2.3 % too small for what lies under it.
 */
export const PAPER_RATIO = 2;

/** The class of the canvas over a page's Leaflet, of which these two parts are needed. */
export function makePaneClass({ DomUtil, Renderer }) {
  return Renderer.extend({
    /** `paint(context, view)` gets pixels of the canvas, see `makeView`; `options.needed()` says whether there is anything to paint. */
    initialize(paint, options) {
      Renderer.prototype.initialize.call(this, options);
      this._paint = paint;
      this._paper = null;
    },

    _initContainer() {
      this._container = document.createElement("canvas");
      this._container.width = this._container.height = 0;
      this._container.className = "canvas-pane";
      if (this.options.zIndex) this._container.style.zIndex = this.options.zIndex;
      this._context = this._container.getContext("2d");
    },

    _destroyContainer() {
      cancelAnimationFrame(this._asked);
      this._container.remove();
      delete this._container;
      delete this._context;
    },

    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      Renderer.prototype._update.call(this);
      DomUtil.setPosition(this._container, this._bounds.min);
      this.paint();
    },

    /** Paints at once. */
    paint() {
      if (!this._map || !this._bounds) return;
      cancelAnimationFrame(this._asked);
      this._asked = 0;
      this._container.hidden = this._paper == null && this.options.needed && !this.options.needed();
      if (this._container.hidden) return;
      const size = this._bounds.getSize();
      const ratio = this._paper || window.devicePixelRatio || 1;
      const [width, height] = [Math.round(size.x * ratio), Math.round(size.y * ratio)];
      // In a PDF what was cleared is white and hides what lies under it: for paper the canvas is made anew instead.
      const anew = this._paper != null || this._container.width !== width || this._container.height !== height;
      if (anew) {
        this._container.width = width;
        this._container.height = height;
        this._container.style.width = `${size.x}px`;
        this._container.style.height = `${size.y}px`;
      }
      this._context.setTransform(ratio, 0, 0, ratio, 0, 0);
      if (!anew) this._context.clearRect(0, 0, size.x, size.y);
      if (ratio < MIN_RATIO) return;
      this._paint(this._context, { ...makeView(this._map, this._bounds, this._zoom, ratio), paper: this._paper != null });
    },

    /** Paints in the next frame, once however often it is asked. */
    ask() {
      if (!this._asked) this._asked = requestAnimationFrame(() => this.paint());
    },

    /** Canvas pixels for each CSS pixel on paper (next to none hides the canvas); null for the screen. */
    setPaper(ratio) {
      this._paper = ratio;
    },
  });
}

/** What a painter needs: x·scale − ox is a pixel of the canvas; the frame is what of the world it covers. */
function makeView(map, bounds, zoom, ratio) {
  const scale = 2 ** (zoom - UNIT_ZOOM);
  const origin = map.getPixelOrigin().add(bounds.min);
  const size = bounds.getSize();
  const frame = [origin.x / scale, origin.y / scale, (origin.x + size.x) / scale, (origin.y + size.y) / scale];
  return { scale, ox: origin.x, oy: origin.y, zoom, ratio, width: size.x, height: size.y, frame };
}
