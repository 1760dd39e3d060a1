"""Every page at both widths and in both themes, into build/screenshots: `make screenshots`."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright
from tests.browser.conftest import CHROMIUM, OPTIONS, SIZES
from tests.browser.showcase import GUEST, LANDLORD, PAGES, VISITOR, showcase

TARGET = Path(__file__).parents[1] / "build" / "screenshots"


def main() -> None:
    """`python -m scripts.screenshots [name …]` takes only these pages."""
    if not CHROMIUM:
        sys.exit("needs chromium: apt-get install chromium fonts-noto-cjk")
    wanted = sys.argv[1:] or list(PAGES)
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, showcase(Path(folder)) as city, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        contexts = {who: city.context(browser, who) for who in (VISITOR, GUEST, LANDLORD)}
        for name in wanted:
            for device, size in SIZES.items():
                page = contexts[PAGES[name][0]].new_page()
                page.set_viewport_size(size)  # type: ignore[arg-type]
                page.goto(city.address(name), wait_until="load")
                page.evaluate("document.querySelectorAll('img').forEach((one) => { one.loading = 'eager'; })")
                page.wait_for_load_state("networkidle")
                for theme in ("light", "dark"):
                    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
                    page.screenshot(path=TARGET / f"{name}-{device}-{theme}.png", full_page=True)
                page.close()
        browser.close()
    print(f"{len(wanted) * 4} pictures in {TARGET}")


if __name__ == "__main__":
    main()
