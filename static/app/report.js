/* The report form (旬报填报): the total since the start follows the year's amount until somebody types it. */
(() => {
  "use strict";
  const total = document.querySelector("[data-sum-of]");
  const year = total && document.getElementById(total.dataset.sumOf);
  if (!year) return;
  // In hundredths of 万元, so that no sum is off by a fraction.
  const cents = (text) => {
    const plain = text.normalize("NFKC").replace(/[,\s]/g, "");
    return /^\d+(\.\d{1,2})?$/.test(plain) ? Math.round(Number(plain) * 100) : null;
  };
  const base = cents(total.dataset.sumBase);
  const words = (sum) => (sum / 100).toFixed(2).replace(/\.00$/, "");
  const follows = () => cents(total.value) === null ? total.value.trim() === "" : cents(total.value) === base + cents(year.value);
  let own = !follows();
  total.addEventListener("input", () => { own = total.value.trim() !== ""; });
  year.addEventListener("input", () => {
    const amount = cents(year.value);
    if (!own && amount !== null) total.value = words(base + amount);
  });
})();
