// The places of one event: a pin for each, its radius, and a dashed line from stop to stop of a route.
"use strict";
for (const figure of document.querySelectorAll("figure.mapped")) {
  const { places, legs } = JSON.parse(figure.dataset.drawn);
  figure.hidden = false;
  const map = isnadMap.make(figure.querySelector(".map"));
  const circles = places.map((place) => isnadMap.circle(place, `radius ${place.role}`).addTo(map));
  isnadMap.fit(map, circles);

  // Which way a line goes: an arrow in its middle, turned as the line runs on the map.
  const arrow = (leg) => {
    const [start, end] = leg.map((point) => map.project(point, 10));
    const sign = document.createElement("span");
    sign.textContent = "➤";
    sign.style.transform = `rotate(${Math.atan2(end.y - start.y, end.x - start.x)}rad)`;
    const middle = map.unproject(start.add(end).divideBy(2), 10);
    return L.marker(middle, { icon: L.divIcon({ className: "arrow", iconSize: [20, 20], html: sign }), interactive: false, keyboard: false });
  };
  for (const leg of legs) {
    L.polyline(leg, { className: "leg", dashArray: "7 7", weight: 2.5, interactive: false }).addTo(map);
    arrow(leg).addTo(map);
  }
  for (const place of places) {
    const said = isnadMap.popup(place.name, [`${place.role_name} · ${place.kind}`, place.within]);
    isnadMap.pin(place, { label: place.number, className: place.role }).bindPopup(said).addTo(map);
  }
}
