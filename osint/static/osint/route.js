// A route in the event form: a row for each stop, opened with its role by one button, and read back as a sentence.
"use strict";
{
  const group = document.getElementById("placements-group");
  const bar = document.getElementById("route-bar").content.firstElementChild.cloneNode(true);
  const { and, comma, order } = bar.dataset;
  const roles = order.split(" ");
  const sentence = bar.querySelector(".route");

  const rows = () => [...group.querySelectorAll(".inline-related:not(.empty-form)")].filter((row) => row.querySelector("select[name$=-role]"));
  const part = (row, name) => row.querySelector(`[name$="-${name}"]`);
  const site = (row) => {
    const chosen = part(row, "site").selectedOptions[0];
    return chosen && chosen.value ? chosen.textContent.split(" · ")[0].trim() : "";
  };

  const isolated = (name) => {
    const element = document.createElement("bdi");
    element.textContent = name;
    return element;
  };

  // “A, B and C”, each name with a direction of its own.
  const listed = (names) => names.flatMap((name, place) => [
    place === 0 ? "" : place === names.length - 1 ? and : comma, isolated(name),
  ]);

  const say = () => {
    const stops = rows().filter((row) => site(row) && !(part(row, "DELETE") || {}).checked);
    const said = roles.flatMap((role) => {
      const names = stops.filter((row) => part(row, "role").value === role).map(site);
      const word = part(stops[0] || group, "role");
      const label = word ? [...word.options].find((option) => option.value === role).textContent : "";
      return names.length ? [`${label} `, ...listed(names), " "] : [];
    });
    sentence.replaceChildren(...(stops.filter((row) => roles.includes(part(row, "role").value)).length > 1 ? said : []));
  };

  const open = (role) => {
    let row = rows().find((one) => !site(one));
    if (!row) {
      group.querySelector(".add-row a").click();
      row = rows().at(-1);
    }
    part(row, "role").value = role;
    part(row, "role").dispatchEvent(new Event("change", { bubbles: true }));
    django.jQuery(part(row, "site")).select2("open");
  };

  bar.addEventListener("click", (event) => {
    const role = event.target.dataset.role;
    if (role) open(role);
  });
  const place = () => {
    const add = group.querySelector(".add-row");
    if (!add) return;
    add.before(bar);
    say();
  };
  group.addEventListener("change", say);
  django.jQuery(group).on("select2:select change", "select", say);
  document.addEventListener("formset:removed", say);
  // After the admin's own link for a new row, which jQuery makes when it calls the page ready: at times after its load.
  django.jQuery(place);
}
