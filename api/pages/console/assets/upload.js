// The files stay chosen while their report is looked at; Enter in a cell checks again.
"use strict";
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.closest(".repair input")) {
    event.preventDefault();
    document.querySelector('#report button[value="check"]')?.click();
  }
});
