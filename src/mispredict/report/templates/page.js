(() => {
  const root = document.querySelector(".mp"), brand = document.querySelector(".brand");
  const button = document.createElement("button");
  const isDark = () => root.classList.contains("dark") ||
    (!root.classList.contains("light") && matchMedia("(prefers-color-scheme: dark)").matches);
  const name = () => { button.textContent = isDark() ? "Light" : "Dark"; };
  button.id = "theme"; button.type = "button"; name(); brand.append(button);
  button.onclick = () => {
    const dark = isDark();
    root.classList.toggle("dark", !dark); root.classList.toggle("light", dark); name();
  };
  const number = (cell) => {
    const text = cell.textContent.trim().replace(/[,%\s]/g, "");
    return text !== "" && !isNaN(text) ? Number(text) : null;
  };
  for (const table of document.querySelectorAll("table.sort")) {
    table.querySelectorAll("thead th").forEach((head, place) => {
      if (!head.textContent.trim()) return;
      const sorter = document.createElement("button");
      sorter.type = "button"; sorter.append(...head.childNodes); head.append(sorter);
      sorter.onclick = () => {
        const up = head.getAttribute("aria-sort") === "descending";
        for (const other of table.querySelectorAll("th")) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        const body = table.tBodies[0], sign = up ? 1 : -1;
        const key = (row) => row.cells[place];
        [...body.rows].sort((a, b) => {
          const x = number(key(a)), y = number(key(b));
          if (x !== null && y !== null) return sign * (x - y);
          return sign * key(a).textContent.localeCompare(key(b).textContent);
        }).forEach((row) => body.append(row));
      };
    });
  }
})();
