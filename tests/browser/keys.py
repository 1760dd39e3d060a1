"""A keyboard and nothing else. Wherever it leads can be seen, and it never falls off the page."""

import re
from datetime import date
from pathlib import Path

from playwright.sync_api import TimeoutError as PlaywrightTimeout
from playwright.sync_api import expect

from tests.browser.person import Person

# What is wrong with where the focus is: nobody can see it, it is out of view, or something lies over it.
LOOK = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return "nothing has the focus";
  const name = one.outerHTML.slice(0, 120);
  const isDrawn = one.matches("input:is([type=radio], [type=checkbox], [type=file])"); // By what is around it.
  const shown = (isDrawn && one.closest("label, .dropzone")) || one;
  if (!shown.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return `hidden: ${name}`;
  const boxes = [...shown.getClientRects()].filter((box) => box.width > 1 && box.height > 1);
  const seen = boxes.filter((box) => box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth);
  if (!seen.length) return `out of view: ${name}`;
  const isSeen = ([x, y]) => {
    const top = document.elementFromPoint(x, y);
    return top && (shown.contains(top) || top.contains(shown));
  };
  const middle = ({ left, right, top, bottom }) => [
    (Math.max(left, 0) + Math.min(right, innerWidth)) / 2, (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2,
  ];
  if (!seen.some((box) => isSeen(middle(box)))) {
    return `covered by ${document.elementFromPoint(...middle(seen[0]))?.outerHTML.slice(0, 80)}: ${name}`;
  }
  const around = [one, shown, one.parentElement, one.nextElementSibling].filter(Boolean);
  const isRing = ({ outlineStyle, boxShadow }) => outlineStyle !== "none" || boxShadow !== "none";
  const hasRing = around.some((any) => isRing(getComputedStyle(any)));
  if (one.tabIndex >= 0 && one.matches(":focus-visible") && !hasRing) return `no ring: ${name}`;
  return "";
}"""
IS_AT = "wanted => document.activeElement?.matches(wanted) ?? false"


class Keys:
    """Presses keys for somebody; fails where the focus is lost or cannot be seen."""

    def __init__(self, person: Person) -> None:
        self.person, self.page = person, person.page

    def look(self) -> None:
        """The focus is somewhere that can be seen; it may take a moment to get there."""
        self.page.wait_for_function(
            f"() => ({LOOK})() === '' || performance.now() > (window.lookUntil ??= performance.now() + 2000)"
        )
        fault = self.page.evaluate(f"() => {{ delete window.lookUntil; return ({LOOK})(); }}")
        assert fault == "", fault

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def is_at(self, selector: str) -> bool:
        return bool(self.page.evaluate(IS_AT, selector))

    def to(self, selector: str, key: str = "Tab") -> None:
        """Go on until there; each stop on the way is looked at."""
        for _ in range(150):
            if self.is_at(selector):
                return
            self.press(key)
            self.look()
        raise AssertionError(f"{key} does not lead to {selector}")

    def back_to(self, selector: str) -> None:
        self.to(selector, "Shift+Tab")

    def use(self, selector: str, key: str = "Enter") -> None:
        """Go there and press it."""
        self.to(selector)
        self.press(key)

    def write(self, selector: str, words: object) -> None:
        """Go there and type, over what is there."""
        self.to(selector)
        self.press("Control+a")
        self.page.keyboard.type(str(words))

    def choose(self, selector: str, value: object) -> None:
        """Go to this list and down it."""
        self.to(selector)
        for _ in range(60):
            if self.page.evaluate("document.activeElement.value") == str(value):
                return
            self.press("ArrowDown")
        raise AssertionError(f"{selector} does not offer {value}")

    def choose_files(self, selector: str, files: list[Path]) -> None:
        """Go to this field and have the browser ask for files: on a very busy machine it does not hear each key."""
        self.to(selector)
        try:
            self._open_chooser(files, patience=5_000)
        except PlaywrightTimeout:
            self._open_chooser(files, patience=15_000)

    def _open_chooser(self, files: list[Path], patience: int) -> None:
        with self.page.expect_file_chooser(timeout=patience) as chooser:
            self.press("Space")
        chooser.value.set_files(files)

    def day(self, day: date) -> None:
        """In a calendar that has the focus: by arrows to this day, then choose it."""
        for _ in range(60):
            now = self.page.evaluate("document.activeElement.dataset.day ?? ''")
            assert re.fullmatch(r"\d{4}-\d\d-\d\d", now), (
                f"the calendar has lost the focus to {self.page.evaluate('document.activeElement.outerHTML')[:200]}"
            )
            ahead = (day - date.fromisoformat(now)).days
            if ahead == 0:
                self.look()
                return self.press("Enter")
            self.press(
                "ArrowDown" if ahead >= 7 else "ArrowUp" if ahead <= -7 else "ArrowRight" if ahead > 0 else "ArrowLeft"
            )
            self.page.wait_for_function("before => document.activeElement.dataset.day !== before", arg=now)
        raise AssertionError(f"the keys do not lead to {day}")

    def arrive(self, address: str) -> None:
        """The next page is there and can be gone through from its top."""
        self.page.wait_for_url(address)
        expect(self.page.locator("main")).to_be_visible()
