// Signing in with a password, or with a one-time link whose token stands after the # and never reaches a log.
"use strict";
const part = (id) => document.getElementById(id);
const form = part("sign-in");
const token = location.hash.slice(1);
if (token) {
  history.replaceState(null, "", location.pathname + location.search);
  part("first").hidden = false;
  part("who").hidden = true;
  part("password").autocomplete = "new-password";
}
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const password = part("password").value;
  const body = token ? { token, password } : { email: part("email").value.trim(), password };
  try {
    const answer = await fetch(token ? "/api/v1/session/link" : "/api/v1/session", {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
    if (answer.ok) {
      location.assign(form.dataset.to);
      return;
    }
    const problem = await answer.json();
    const code = problem.issues?.[0]?.code ?? "";
    const texts = JSON.parse(form.dataset.problems);
    part("said").textContent = texts[problem.type.split(":").pop()] ?? texts[code] ?? problem.detail;
  } catch {
    part("said").textContent = form.dataset.failed;
  }
});
