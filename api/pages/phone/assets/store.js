// What this phone keeps: reports that wait, what was said of visits, ticks of the kit list. IndexedDB, one promise a call.
"use strict";
rounds.store = (() => {
  const NAME = "rounds-phone";
  let opened;
  const open = () => (opened ??= new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      for (const name of ["queue", "visits", "days"]) asked.result.createObjectStore(name, { keyPath: "key" });
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  }));
  async function act(table, mode, what) {
    const base = await open();
    return new Promise((done, failed) => {
      const step = base.transaction(table, mode);
      const asked = what(step.objectStore(table));
      step.oncomplete = () => done(asked?.result);
      step.onerror = step.onabort = () => failed(step.error);
    });
  }
  return {
    get: (table, key) => act(table, "readonly", (rows) => rows.get(key)),
    all: (table) => act(table, "readonly", (rows) => rows.getAll()),
    put: (table, row) => act(table, "readwrite", (rows) => rows.put(row)),
    drop: (table, key) => act(table, "readwrite", (rows) => rows.delete(key)),
    // Takes a row away unless it was changed since it was read.
    dropIf: (table, row) => act(table, "readwrite", (rows) => {
      rows.get(row.key).onsuccess = (event) => {
        if (event.target.result?.stamp === row.stamp) rows.delete(row.key);
      };
    }),
    async forget() {
      if (opened) (await opened).close();
      opened = undefined;
      await new Promise((done) => {
        const asked = indexedDB.deleteDatabase(NAME);
        asked.onsuccess = asked.onerror = asked.onblocked = done;
      });
    },
  };
})();
