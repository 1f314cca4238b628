// A new password for oneself.
"use strict";
document.getElementById("password-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.currentTarget;
  const body = { old: form.elements.old.value, new: form.elements.new.value };
  const answer = await fetch("/api/v1/session/password", {
    method: "POST", headers: { "Content-Type": "application/json", ...rounds.csrf() }, body: JSON.stringify(body),
  });
  document.getElementById("said").textContent = answer.ok ? form.dataset.done : form.dataset.failed;
  if (answer.ok) form.reset();
});
