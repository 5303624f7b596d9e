// Runs before anything is drawn. Somebody left this site in a hurry from this tab; Back must not
// bring a survivor's page on screen again, so a page reached by Back or Forward leaves once more.
// Opening the site anew (an address, a bookmark, a link) is not Back, and clears the mark.
(() => {
  const leaveAgain = () => {
    const target = sessionStorage.getItem("left");
    if (target) {
      document.documentElement.hidden = true;
      window.location.replace(target);
    }
  };
  const [navigation] = performance.getEntriesByType("navigation");
  if (navigation && navigation.type === "back_forward") {
    leaveAgain();
  } else {
    sessionStorage.removeItem("left");
  }
  window.addEventListener("pageshow", (event) => event.persisted && leaveAgain());
})();
