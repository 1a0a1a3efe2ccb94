"""Reference test of the explorers in a real browser: headless Chromium drives JupyterLab as `explore` opens it.

It opens the notebook, runs all cells, moves sliders by keys, sees the numbers change, saves settings and finds the same
numbers when `vcanalysis evaluate` runs with them. With SCREENSHOTS naming a folder, it writes the pictures of the docs.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tests.test_accessible import BROWSERS, WCAG

pytestmark = pytest.mark.slow
NOTEBOOK = "explore/look_for_yourself.ipynb"
IDLE = ".jp-Notebook-ExecutionIndicator[data-status=idle]"
START_MS, RUN_MS, MOVE_MS = 180_000, 300_000, 60_000
SCREEN = {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab as a user starts it: the address it prints, and the folder of copies."""
    pytest.importorskip("ipywidgets", reason="ipywidgets is not installed yet: make setup")
    home, short = tmp_path_factory.mktemp("home"), Path(tempfile.mkdtemp(prefix="vct"))
    words = [sys.executable, "-m", "vcanalysis", "explore", "--no-browser", "--folder", str(home / "mine")]
    env = {
        **os.environ,
        "HOME": str(home),
        "TMPDIR": str(short),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "PYTHONPATH": os.getcwd(),
    }
    with (home / "log").open("w") as log:
        running = subprocess.Popen(words, env=env, stdout=log, stderr=log)
    try:
        yield _address(home / "log", running), home / "mine", short
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(30)
        shutil.rmtree(short, ignore_errors=True)


def _address(log: Path, running: subprocess.Popen) -> str:
    """Wait for the address with its token."""
    until = time.monotonic() + START_MS / 1000
    while time.monotonic() < until and running.poll() is None:
        found = re.search(r"(http://127\.0\.0\.1:\d+)/lab\S*\?token=(\w+)", log.read_text(encoding="utf-8"))
        if found:
            return f"{found[1]}/lab/tree/{NOTEBOOK}?token={found[2]}"
        time.sleep(0.2)
    raise AssertionError(log.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def page(lab):
    """The notebook in a browser 1280 wide, all cells run; whatever was asked of another machine is kept."""
    drive = pytest.importorskip("playwright.sync_api", reason="axe-playwright-python is not installed")
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    with drive.sync_playwright() as driver:
        own = Path(driver.chromium.executable_path)
        if not found and not own.is_file():
            pytest.skip("this machine has no Chromium")
        browser = driver.chromium.launch(executable_path=found or str(own))
        page = browser.new_page(viewport=SCREEN)
        page.set_default_timeout(START_MS)
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(lab[0])
        _run_all(page)
        yield page
        browser.close()


def _run_all(page):
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=START_MS)
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=START_MS)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    shown = page.get_by_text("Private: about one child").first
    asked = page.locator(".jp-Dialog").get_by_role("button", name="Select", exact=True)
    shown.or_(asked).first.wait_for(timeout=RUN_MS)
    if asked.is_visible():  # the session of a slow machine was not yet there
        asked.click()
    shown.wait_for(timeout=RUN_MS)
    rest(page)


def explorer(page, title):
    """The box of one explorer."""
    return page.locator(".jp-OutputArea-output", has=page.get_by_role("heading", name=title)).first


def headline(box):
    return box.locator(".vc-view p strong").first.text_content()


def slider(box, label):
    """The handle of a slider, found by the label beside it."""
    row = box.locator(".widget-vbox .widget-vbox", has=box.page.get_by_text(label, exact=True)).last
    return row.get_by_role("slider")


def press(page, box, label, key, times=1):
    """Move a slider by keys, and wait until the headline is another and the kernel rests."""
    before = headline(box)
    slider(box, label).first.focus()
    for _ in range(times):
        page.keyboard.press(key)
    page.wait_for_function(
        "([box, old]) => box.querySelector('.vc-view strong').textContent !== old",
        arg=[box.element_handle(), before],
        timeout=MOVE_MS,
    )
    rest(page)


def rest(page):
    """Wait until nothing is left to draw."""
    page.wait_for_timeout(700)
    page.locator(IDLE).first.wait_for(timeout=RUN_MS)
    page.wait_for_timeout(700)


def shot(box, name):
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        box.page.set_viewport_size({"width": SCREEN["width"], "height": 1300})
        box.scroll_into_view_if_needed()
        box.page.wait_for_timeout(1000)
        box.screenshot(path=str(Path(folder) / f"{name}.png"))
        box.page.set_viewport_size(SCREEN)


def test_sliders_move_by_keys_and_the_numbers_follow(page):
    box = explorer(page, "Need against cost")
    press(page, box, "Frame: £ a week", "ArrowRight", times=8)
    shot(box, "need_against_cost")
    assert re.match(r"The frame holds \d+ of \d+ children and [\d.]+% of their weekly spend", headline(box))


def test_the_definition_of_the_middle_moves(page):
    box = explorer(page, "Who is in the middle?")
    press(page, box, "Least weekly cost, £", "ArrowLeft", times=6)
    shot(box, "definition_of_the_middle")


def test_a_childs_time_is_shown(page):
    box = explorer(page, "A child's time in care")
    box.scroll_into_view_if_needed()
    before = headline(box)
    box.get_by_role("combobox").select_option(index=3)
    rest(page)
    assert headline(box) != before
    shot(box, "timeline")


def test_a_council_is_compared_with_its_neighbours(page):
    box = explorer(page, "A council beside its neighbours")
    box.scroll_into_view_if_needed()
    before = headline(box)
    box.get_by_role("combobox", name="Council").select_option(label="Council 006")
    rest(page)
    assert headline(box) != before
    assert headline(box).startswith("Council 006 ranks anywhere from")
    shot(box, "councils")


def test_every_control_has_a_name_and_every_picture_words(page):
    """What axe-core finds in the explorers themselves; JupyterLab around them is not ours."""
    pictures = page.locator(".vc-view img")
    assert pictures.count() >= 5
    assert all(pictures.nth(i).get_attribute("alt") for i in range(pictures.count()))
    named = page.evaluate(
        "[...document.querySelectorAll('.vc-explorer :is([role=slider], [role=textbox], select)')]"
        ".map(e => e.getAttribute('aria-label'))"
    )
    assert len(named) > 30
    assert all(named)
    said = page.evaluate(
        "[...document.querySelectorAll('.vc-explorer [role=slider]')].map(e => e.getAttribute('aria-valuetext'))"
    )
    assert [words for words in said if len(words) > len("260000")] == []  # no 1200.0000000000002
    axe = Path(pytest.importorskip("axe_playwright_python").__file__).with_name("axe.min.js")
    page.evaluate(axe.read_text(encoding="utf-8"))
    found = page.evaluate("tags => axe.run('.vc-explorer', {runOnly: {type: 'tag', values: tags}})", WCAG)
    assert len(found["passes"]) > 10
    assert {(v["id"], n["html"][:120]) for v in found["violations"] for n in v["nodes"]} == set()


def test_tab_leads_through_the_controls_in_their_order_and_shows_where_one_is(page):
    box = explorer(page, "Need against cost")
    box.get_by_role("listbox").focus()
    seen, bare = [], []
    for _ in range(14):
        at = "document.activeElement"
        seen.append(page.evaluate(f"{at}.getAttribute('aria-label')"))
        if page.evaluate(f"getComputedStyle({at}).outlineStyle") != "solid":
            bare.append(seen[-1])
        page.keyboard.press("Tab")
    ends = [
        f"{words}, {end}"
        for words in ("Frame: total need", "Frame: £ a week")
        for end in ("lowest", "highest", "typed")
    ]
    assert seen[0] == "Types of placement (none chosen: all)"
    assert [name for name in seen if name in ends] == ends
    assert bare == []


def test_controls_stand_beside_the_picture_on_a_small_screen(page):
    box = explorer(page, "Need against cost")
    controls, view = (box.locator(part).first.bounding_box() for part in (".widget-vbox", ".vc-view"))
    assert view["x"] >= controls["x"] + controls["width"]
    assert view["x"] + view["width"] <= SCREEN["width"]


def test_saved_settings_give_the_same_numbers_in_a_run(page, lab, tmp_path):
    box = explorer(page, "What could be saved?")
    press(page, box, "Success: share of moves that last a year", "ArrowRight", times=10)
    shot(box, "savings_scenario")
    shown = headline(box)
    box.get_by_role("button", name="Save these settings").click()
    box.get_by_text("Saved: savings_1.toml").wait_for(timeout=MOVE_MS)
    moved = shutil.copytree(lab[1] / "explore", tmp_path / "elsewhere")  # as to another machine
    settings = moved / "savings_1.toml"
    words = [
        sys.executable,
        "-m",
        "vcanalysis",
        "evaluate",
        "--quarter",
        "2019Q4",
        "--only",
        "11",
        "--jobs",
        "1",
    ]
    done = subprocess.run(
        [*words, "--settings", str(settings), "--out", str(tmp_path)],
        capture_output=True, text=True, check=False, timeout=900, env={**os.environ, "PYTHONPATH": os.getcwd()},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    run = Path(done.stdout.splitlines()[-1])
    ran = next((run / "private").glob("11_*.ipynb")).read_text(encoding="utf-8")
    assert f"**{shown}.**" in json.dumps(json.loads(ran), ensure_ascii=False)


def test_printed_sentences_break_between_words(page):
    """What stands in a printed answer, looked at where it is shown: JupyterLab's own look cuts through words."""
    broken = page.evaluate(
        "() => { const pre = document.createElement('pre'), box = document.createElement('div');"
        "box.className = 'jp-RenderedText'; box.append(pre); document.body.append(box);"
        "const found = getComputedStyle(pre).wordBreak; box.remove(); return found; }"
    )
    assert broken == "normal"


def test_nothing_was_asked_of_another_machine(page):
    local = ("http://127.0.0.1:", "data:", "blob:")
    assert [url for url in page.asked if not url.startswith(local)] == []


def test_the_kernel_speaks_over_sockets_in_a_private_folder(page, lab):
    told = [json.loads(path.read_text(encoding="utf-8")) for path in lab[2].glob("*/kernel-*.json")]
    assert told
    assert {kernel["transport"] for kernel in told} == {"ipc"}
