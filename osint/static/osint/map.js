// A map that needs no network: outlines from a file of ours, points with their radii to scale, tiles where a setting
// names some. Whatever people have written is set as text, never as markup.
"use strict";
// eslint-disable-next-line no-unused-vars
const isnadMap = (() => {
  const WHOLE = [[32.3, 35.6], [37.4, 42.4]]; // where the outlines are, before they are there

  // A sentence of ours, in the page's own direction.
  const sentence = (tag, text, className = "") => {
    const element = document.createElement(tag);
    element.textContent = text;
    if (className) element.className = className;
    return element;
  };

  // Words of people, which have a direction of their own.
  const words = (...what) => {
    const element = sentence(...what);
    element.dir = "auto";
    return element;
  };

  // Names of places, and lines of text below.
  const popup = (name, lines) => {
    const content = document.createElement("div");
    content.dir = document.documentElement.dir;
    content.append(words("strong", name), ...lines.filter(Boolean).map((line) => words("p", line)));
    return content;
  };

  // Leaflet empties a tile that it gives up with a data: address, which our policy refuses; taking it out is enough.
  const Tiles = L.TileLayer.extend({
    _abortLoading() {},
    _removeTile(key) { return L.GridLayer.prototype._removeTile.call(this, key); },
  });

  const Scale = L.Control.Scale.extend({
    _updateScale(line, text, share) {
      const [number, unit] = text.split(" ");
      line.style.width = `${Math.round(this.options.maxWidth * share)}px`;
      line.textContent = `${number} ${this.options[unit]}`;
    },
  });

  const underlay = async (map, data) => {
    if (data.tiles) new Tiles(data.tiles, { maxZoom: 18 }).addTo(map);
    const answer = await fetch(data.outlines).catch(() => null);
    if (!answer || !answer.ok) return;
    const pane = map.createPane("outlines");
    pane.style.zIndex = 300;
    const drawn = await answer.json();
    L.geoJSON(drawn, { pane: "outlines", interactive: false, style: { className: "outline", weight: 1 }, onEachFeature: named(map) }).addTo(map);
    // From afar the names would lie over each other.
    const near = () => map.getContainer().classList.toggle("afar", map.getZoom() < 7);
    map.on("zoomend", near);
    near();
  };

  // The name of each governorate in the page's language, in its middle.
  const named = (map) => (feature, layer) => {
    const name = feature.properties[`name_${document.documentElement.lang.slice(0, 2)}`] || feature.properties.name_en;
    const icon = L.divIcon({ className: "outline-name", iconSize: [120, 16], html: words("span", name) });
    layer.on("add", () => L.marker(layer.getBounds().getCenter(), { icon, pane: "outlines", interactive: false, keyboard: false }).addTo(map));
  };

  const make = (element) => {
    const rtl = document.documentElement.dir === "rtl";
    // The page's own direction would turn Leaflet's arithmetic around.
    element.dir = "ltr";
    element.hidden = false;
    const map = L.map(element, { attributionControl: false, zoomControl: false, zoomSnap: 0.5, scrollWheelZoom: false, maxZoom: 18 });
    const { zoomIn, zoomOut, m, km } = element.dataset;
    L.control.zoom({ position: rtl ? "topright" : "topleft", zoomInTitle: zoomIn, zoomOutTitle: zoomOut }).addTo(map);
    new Scale({ imperial: false, position: rtl ? "bottomright" : "bottomleft", m, km }).addTo(map);
    map.fitBounds(WHOLE);
    // A page that is scrolled past a map must not zoom it.
    map.on("focus click", () => map.scrollWheelZoom.enable());
    map.on("blur", () => map.scrollWheelZoom.disable());
    underlay(map, element.dataset);
    return map;
  };

  const at = (place) => [place.latitude, place.longitude];

  const circle = (place, className) => L.circle(at(place), { radius: place.precision_m || 1, className, weight: 1.5, interactive: false });

  // A pin that can be reached with the keyboard; Enter opens what it says.
  const pin = (place, options = {}) => {
    const { label = "", className = "", ...others } = options;
    const icon = L.divIcon({ className: `pin ${className}`, iconSize: label ? [24, 24] : [16, 16], html: label ? words("span", label) : false });
    const marker = L.marker(at(place), { icon, title: place.name, ...others });
    if (others.keyboard !== false) marker.on("add", () => marker.getElement().setAttribute("aria-label", place.name));
    return marker;
  };

  const fit = (map, layers, maxZoom = 9) => {
    const bounds = L.latLngBounds([]);
    layers.forEach((layer) => bounds.extend(layer.getBounds ? layer.getBounds() : layer.getLatLng()));
    // Near enough to see which governorate it is: without tiles there is nothing else to see.
    if (bounds.isValid()) map.fitBounds(bounds, { padding: [24, 24], maxZoom });
  };

  return { make, sentence, words, popup, circle, pin, fit, at };
})();
