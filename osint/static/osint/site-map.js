// The point of a site: its number fields are the truth; the map shows them, and writes them when it is clicked.
"use strict";
{
  const panel = document.getElementById("place");
  const field = (name) => document.getElementById(`id_${name}`);
  const [latitude, longitude, radius, pasted, kind, parent] =
    ["latitude", "longitude", "precision_m", "pasted", "kind", "parent"].map(field);
  const map = isnadMap.make(panel.querySelector(".map"));
  const status = panel.querySelector("[role=status]");
  const neighbours = L.layerGroup().addTo(map);
  let point = null; // the pin of this site, its circle, and the handle on the circle's edge
  let circle = null;
  let handle = null;
  let asked = 0;
  const NEAR = 11; // so near that the circle of a village shows

  const number = (input) => (input && input.value !== "" && Number.isFinite(Number(input.value)) ? Number(input.value) : null);
  const place = () => ({ name: panel.dataset.here, latitude: number(latitude), longitude: number(longitude), precision_m: number(radius) });

  // To half a pixel and no finer: a click is no survey.
  const metresAPixel = () => (40075017 * Math.cos(map.getCenter().lat * Math.PI / 180)) / (256 * 2 ** map.getZoom());
  const rounded = (degrees) => String(Number(degrees.toFixed(Math.min(5, Math.max(1, Math.ceil(Math.log10(111195 / metresAPixel())))))));
  const twoDigits = (metres) => {
    const unit = 10 ** Math.max(0, Math.floor(Math.log10(metres)) - 1);
    return Math.max(1, Math.round(metres / unit) * unit);
  };

  const edge = () => L.latLng(point.getLatLng().lat, circle.getBounds().getEast());

  const moved = (latLng) => {
    const there = latLng.wrap();
    latitude.value = rounded(Math.max(-90, Math.min(90, there.lat)));
    longitude.value = rounded(there.lng);
    status.textContent = "";
    if (radius.value === "") {
      radius.value = twoDigits(metresAPixel() * 12);
      status.textContent = panel.dataset.radius;
    }
    latitude.dispatchEvent(new Event("change", { bubbles: true }));
    show();
  };

  const sized = (latLng) => {
    radius.value = twoDigits(Math.max(1, point.getLatLng().distanceTo(latLng)));
    circle.setRadius(number(radius));
  };

  // The pin moves by itself with the arrow keys, a step of ten pixels (with Shift: of one).
  const steps = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  const byKey = (event) => {
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const by = L.point(step).multiplyBy(event.shiftKey ? 1 : 10);
    moved(map.layerPointToLatLng(map.latLngToLayerPoint(point.getLatLng()).add(by)));
    ask();
  };

  const draw = (here) => {
    if (point) {
      point.setLatLng(isnadMap.at(here));
    } else {
      const changes = Boolean(latitude);
      point = isnadMap.pin(here, { className: "here", draggable: changes, zIndexOffset: 1000 }).addTo(map);
      circle = isnadMap.circle(here, "radius here").addTo(map);
      const icon = L.divIcon({ className: "handle", iconSize: [14, 14], html: false });
      handle = L.marker(isnadMap.at(here), { icon, draggable: changes, keyboard: false, title: panel.dataset.handle });
      point.on("drag", () => circle.setLatLng(point.getLatLng()));
      point.on("dragend", () => { moved(point.getLatLng()); ask(); });
      handle.on("drag", () => sized(handle.getLatLng()));
      handle.on("dragend", () => { show(); ask(); });
      point.getElement().addEventListener("keydown", byKey);
    }
    circle.setLatLng(isnadMap.at(here)).setRadius(here.precision_m || 0);
    if (here.precision_m) handle.setLatLng(edge()).addTo(map);
    else handle.remove();
  };

  const show = (isNew = false) => {
    const here = place();
    if (here.latitude === null || here.longitude === null || Math.abs(here.latitude) > 90 || Math.abs(here.longitude) > 180) {
      [point, circle, handle].forEach((layer) => layer && layer.remove());
      point = circle = handle = null;
      return false;
    }
    draw(here);
    if (isNew || !map.getBounds().contains(point.getLatLng())) isnadMap.fit(map, [circle], NEAR);
    return true;
  };

  const item = (...parts) => {
    const row = document.createElement("li");
    row.append(...parts.flatMap((part) => [part, " "]));
    return row;
  };

  const link = (found) => {
    const anchor = isnadMap.words("a", found.name);
    anchor.href = found.address;
    return anchor;
  };

  const accept = (found) => {
    const button = isnadMap.sentence("button", panel.dataset.accept);
    button.type = "button";
    button.addEventListener("click", () => {
      parent.replaceChildren(new Option(found.name, found.key, true, true));
      django.jQuery(parent).trigger("change");
      status.textContent = panel.dataset.accepted;
      ask();
    });
    return button;
  };

  const fill = (name, rows) => {
    const list = document.getElementById(name);
    list.replaceChildren(...rows);
    list.closest("section").hidden = !rows.length;
  };

  const tell = (answer) => {
    const proposals = answer.proposals || [];
    fill("proposals", proposals.map((found) => item(
      isnadMap.words("strong", found.name),
      found.entered ? isnadMap.sentence("em", `(${found.entered})`) : accept(found),
      isnadMap.sentence("span", found.why, "why"),
    )));
    fill("nearby", (answer.nearby || []).map((found) => item(link(found), isnadMap.sentence("span", `${found.kind} · ${found.away}`))));
    fill("doubts", (answer.doubts || []).map((sentence) => isnadMap.sentence("li", sentence)));
    neighbours.clearLayers();
    for (const found of answer.nearby || []) {
      const said = isnadMap.popup(found.name, [`${found.kind} · ${found.away}`]);
      said.append(link({ ...found, name: panel.dataset.open }));
      isnadMap.pin(found, { className: "neighbour", keyboard: false }).bindPopup(said).addTo(neighbours);
    }
  };

  const ask = async () => {
    const query = new URLSearchParams({ record: panel.dataset.record });
    for (const input of [latitude, longitude, radius, pasted, kind, parent]) {
      if (input && input.value) query.set(input.name, input.value);
    }
    const turn = (asked += 1);
    const sent = await fetch(`${panel.dataset.aroundUrl}?${query}`, { credentials: "same-origin" }).catch(() => null);
    if (!sent || !sent.ok || turn !== asked) return;
    const answer = await sent.json();
    status.textContent = answer.error || status.textContent;
    status.classList.toggle("errornote", Boolean(answer.error));
    if (pasted && pasted.value && answer.point) take(answer);
    tell(answer);
  };

  // A pasted point fills both numbers, and the radius that its digits leave open where there is none yet.
  const take = (answer) => {
    [latitude.value, longitude.value] = answer.point.map((degrees) => String(Number(degrees.toFixed(6))));
    status.textContent = radius.value === "" ? panel.dataset.digits : "";
    radius.value = radius.value || answer.precision_m;
    pasted.value = "";
    show(true);
  };

  let waiting = null;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { status.textContent = ""; show(); ask(); }, 350);
  };

  if (latitude) {
    [latitude, longitude, radius, pasted].forEach((input) => input.addEventListener("input", soon));
    kind.addEventListener("change", soon);
    django.jQuery(parent).on("change", soon);
    map.on("click", (event) => { moved(event.latlng); ask(); });
    if (show(true)) ask();
  } else if (panel.dataset.latitude) {
    draw({ name: panel.dataset.here, latitude: Number(panel.dataset.latitude), longitude: Number(panel.dataset.longitude), precision_m: Number(panel.dataset.precision) });
    isnadMap.fit(map, [circle], NEAR);
  }
}
