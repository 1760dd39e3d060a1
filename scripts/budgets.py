"""What the pages that everybody opens may weigh and do: `make budgets` measures, prints and enforces it."""

import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright
from tests.browser.conftest import CHROMIUM, OPTIONS, SIZES
from tests.browser.showcase import VISITOR, Showcase, showcase

KB = 1000
# What is measured: the most there may be of it.
BUDGETS = {"KB": 100.0, "script KB": 35.0, "requests": 25, "shift": 0.02, "foreign": 0, "CSP": 0}
MEASURED = ["home", "search", "search-dates", "house", "house-dates"]
WATCH = """
window.shift = 0;
window.violations = 0;
document.addEventListener("securitypolicyviolation", () => { window.violations += 1; });
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@dataclass
class Traffic:
    """Every answer of one page: its kind, and its bytes as they came over the line, headers included."""

    kinds: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, float] = field(default_factory=dict)
    urls: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        line = page.context.new_cdp_session(page)
        line.send("Network.enable")
        line.on("Network.requestWillBeSent", lambda event: self.urls.append(event["request"]["url"]))
        line.on("Network.responseReceived", lambda event: self.kinds.update({event["requestId"]: event["type"]}))
        line.on("Network.loadingFinished", self._note_size)

    def _note_size(self, event: dict[str, Any]) -> None:
        self.sizes[event["requestId"]] = event["encodedDataLength"]

    def weight(self, *kinds: str) -> float:
        return sum(size for request, size in self.sizes.items() if self.kinds.get(request) in kinds) / KB

    @property
    def pictures(self) -> float:
        return self.weight("Image", "Media")


def measure(city: Showcase, page: Page, name: str) -> dict[str, float]:
    """One visit with an empty cache; the layout is watched down to the foot of the page."""
    traffic = Traffic()
    traffic.watch(page)
    page.add_init_script(WATCH)
    page.goto(city.address(name), wait_until="networkidle")
    requests = [url for url in traffic.urls if not url.startswith("data:")]
    scripts = traffic.weight("Script")
    weight = sum(traffic.sizes.values()) / KB - traffic.pictures
    for _ in range(20):  # Pictures come in as they are scrolled to.
        page.mouse.wheel(0, 600)
        page.wait_for_timeout(50)
    page.wait_for_load_state("networkidle")
    return {
        "KB": weight,
        "script KB": scripts,
        "requests": len(requests),
        "shift": page.evaluate("window.shift"),
        "foreign": len([url for url in requests if not url.startswith(city.site.url)]),
        "CSP": page.evaluate("window.violations"),
    }


def main() -> int:
    if not CHROMIUM:
        sys.exit("needs chromium: apt-get install chromium")
    too_much = 0
    with tempfile.TemporaryDirectory() as folder, showcase(Path(folder)) as city, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        print(f"{'page':24}" + "".join(f"{what:>11}" for what in BUDGETS))
        for name in MEASURED:
            for device, size in SIZES.items():
                context = city.context(browser, VISITOR, viewport=size)
                found = measure(city, context.new_page(), name)
                context.close()
                over = [what for what, most in BUDGETS.items() if found[what] > most]
                too_much += len(over)
                row = "".join(f"{found[what]:>11.3g}" for what in BUDGETS)
                print(f"{name + ', ' + device:24}{row}" + (f"  TOO MUCH: {', '.join(over)}" if over else ""))
        print(f"{'at most':24}" + "".join(f"{most:>11.3g}" for most in BUDGETS.values()))
        browser.close()
    return 1 if too_much else 0


if __name__ == "__main__":
    sys.exit(main())
