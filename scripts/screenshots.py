"""Every page at both widths and in both themes, into build/screenshots: `make screenshots`."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from tests.browser.conftest import CHROMIUM, OPTIONS, SIZES
from tests.browser.showcase import PAGES, STATES, Showcase, showcase

TARGET = Path(__file__).parents[1] / "build" / "screenshots"


def take(city: Showcase, browser: Browser, name: str) -> None:
    """One page, or one state of a page, four times."""
    for device, size in SIZES.items():
        context = city.context(browser, city.whose(name), viewport=size)
        page = context.new_page()
        city.open(name, page)
        page.evaluate("document.querySelectorAll('img').forEach((one) => { one.loading = 'eager'; })")
        page.wait_for_load_state("networkidle")
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            has_dialog = page.locator("dialog[open]").count() > 0  # It lies over what is in sight.
            page.screenshot(path=TARGET / f"{name}-{device}-{theme}.png", full_page=not has_dialog)
        context.close()


def main() -> None:
    """`python -m scripts.screenshots [name …]` takes only these."""
    if not CHROMIUM:
        sys.exit("needs chromium: apt-get install chromium fonts-noto-cjk")
    wanted = sys.argv[1:] or [*PAGES, *STATES]
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, showcase(Path(folder)) as city, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        for name in wanted:
            take(city, browser, name)
        browser.close()
    print(f"{len(wanted) * 4} pictures in {TARGET}")


if __name__ == "__main__":
    main()
