// On a telephone each row of a table becomes a card, where every cell says under which head it stands.
for (const table of document.querySelectorAll(".md-typeset table:not([class])")) {
  const heads = [...table.querySelectorAll("thead th")].map((head) => head.textContent.trim());
  if (heads.length < 3) continue;
  table.dataset.cards = "";
  for (const row of table.querySelectorAll("tbody tr"))
    [...row.cells].forEach((cell, place) => (cell.dataset.head = heads[place]));
}
