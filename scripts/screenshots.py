"""Every page at both widths and in both themes, into build/screenshots: `make screenshots`."""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from tests.browser.conftest import CHROMIUM, DESKTOP, OPTIONS, PHONE, SIZES
from tests.browser.showcase import PAGES, STATES, Showcase, showcase

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "build" / "screenshots"
PICTURES = ROOT / "docs" / "pictures"
README = {"home": DESKTOP, "house-dates": PHONE, "search-dates": DESKTOP, "hosting": PHONE}


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


def take_for_readme(city: Showcase, browser: Browser, name: str) -> None:
    """What is in sight of it, small, into docs/pictures."""
    size = SIZES[README[name]]
    context = city.context(browser, city.whose(name), viewport=size, device_scale_factor=1.5)
    page = context.new_page()
    city.open(name, page)
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.save(PICTURES / f"{name.partition('-')[0]}.webp", quality=82, method=6)
    context.close()


def main() -> None:
    """`python -m scripts.screenshots [name …]` takes only these; `--readme` those of the README."""
    if not CHROMIUM:
        sys.exit("needs chromium: apt-get install chromium fonts-noto-cjk")
    is_for_readme = sys.argv[1:] == ["--readme"]
    wanted = list(README) if is_for_readme else sys.argv[1:] or [*PAGES, *STATES]
    for folder in (TARGET, PICTURES):
        folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as instance,
        showcase(Path(instance), bare=not is_for_readme) as city,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        for name in wanted:
            (take_for_readme if is_for_readme else take)(city, browser, name)
        browser.close()
    print(f"{len(wanted)} of them" if is_for_readme else f"{len(wanted) * 4} pictures in {TARGET}")


if __name__ == "__main__":
    main()
