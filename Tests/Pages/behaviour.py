#!/usr/bin/env python3
"""Tries what the pages do beyond being read: search, theme, copying, keys, sliders, quizzes, printing.

usage: behaviour.py SITE     SITE is made of Tests/Pages/Lessons; see Scripts/check-pages
"""
import io
import pathlib
import sys

import nbformat
import pypdf
from playwright.sync_api import sync_playwright

SITE = pathlib.Path(sys.argv[1]).resolve()
PAGE = (SITE / "01-everything.html").as_uri()
CONTENTS = (SITE / "index.html").as_uri()
CHINESE = (SITE / "zh" / "01-everything.html").as_uri()


def results(page, words):
    page.keyboard.press("/")
    page.keyboard.type(words)
    page.wait_for_function("!document.getElementById('search-results').hidden")
    return page.locator("#search-results [role=option]").all_inner_texts()


def search_finds_a_word(page):
    page.goto(PAGE)
    assert any("An exercise" in text for text in results(page, "sum"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/*#h-*")


def search_finds_a_chinese_word(page):
    page.goto(CHINESE)
    found = results(page, "损失函数")
    assert found and "图与折叠" in found[0], found


def search_says_when_it_finds_nothing(page):
    page.goto(PAGE)
    assert results(page, "xyzzy") == ["Nothing found"]
    page.keyboard.press("Escape")
    assert page.locator("#search-results").is_hidden()


def search_shows_prose_and_no_markup(page):
    page.goto(PAGE)
    found = results(page, "formula")
    assert found and not any("\\" in text or "$" in text for text in found), found
    assert any("as equation 1.1 says" in text for text in found), found
    page.keyboard.press("Escape")
    page.evaluate("document.getElementById('search').value = ''")
    # What stands in code alone is found as well.
    found = results(page, "exponential")
    assert any("func exponential" in text for text in found), found


def a_theme_survives_a_reload(page):
    page.goto(PAGE)
    page.select_option("#theme", "dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.reload()
    assert page.evaluate(ground) == dark
    assert page.input_value("#theme") == "dark"
    page.select_option("#theme", "light")
    assert page.evaluate(ground) != dark
    page.select_option("#theme", "auto")


def copy_copies_the_code_of_its_cell(page):
    page.goto(PAGE)
    page.evaluate("navigator.clipboard.writeText = text => { window.copied = text; return Promise.resolve() }")
    page.click("#c-hello .copy")
    assert page.evaluate("window.copied").startswith("import LessonKit")
    assert page.inner_text("#c-hello .copy") == "Copied"


def keys_turn_pages_but_not_while_typing(page):
    page.goto(PAGE)
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/02-broken.html")
    page.keyboard.press("/")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Escape")
    assert page.url.endswith("02-broken.html")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**/01-everything.html")
    page.go_back()
    page.wait_for_url("**/02-broken.html")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#keys").is_hidden()


def a_parameter_shows_other_results(page):
    page.goto(PAGE)
    shown = lambda: page.locator("#c-soft .variant:visible samp").inner_text()
    before = shown()
    page.check("input[name=parameter][value='2.0']")
    assert shown() != before
    page.check("input[name=parameter][value='0.5']")
    assert shown() == before


def a_slider_moves_points(page):
    page.goto(PAGE)
    place = "document.querySelector('.animation g.fill:last-of-type path').getAttribute('transform')"
    before = page.evaluate(place)
    page.evaluate("""() => { const slider = document.querySelector('.animation input');
        slider.value = 0; slider.dispatchEvent(new Event('input')) }""")
    assert page.evaluate(place) != before
    assert page.inner_text(".animation output") == "step 0"


def an_answer_opens_with_its_reason(page):
    page.goto(PAGE)
    page.click(".answer.is-right summary")
    assert page.locator(".answer.is-right .answer-verdict").is_visible()


def a_link_previews_its_equation_and_escape_closes(page):
    page.goto(PAGE)
    page.hover("main p > a[href='#eq-softmax']")
    assert page.locator(".preview .katex").count() > 0
    page.keyboard.press("Escape")
    assert page.locator(".preview").count() == 0


def a_link_shows_its_definition(page):
    page.goto(PAGE)
    page.hover("main p > a[href='#fig-curve']")
    assert page.inner_text(".preview") == "A drawing of a falling loss"
    page.mouse.move(0, 0)
    page.locator(".preview").wait_for(state="detached")


def the_contents_know_where_one_stopped(page):
    page.goto(PAGE)
    page.evaluate("document.getElementById('h-a-quiz').scrollIntoView()")
    page.wait_for_timeout(600)
    page.goto(CONTENTS)
    assert "A quiz" in page.inner_text(".resume a")
    page.click(".resume button")
    page.reload()
    assert page.locator(".resume").is_hidden()


def printing_opens_what_is_folded(page):
    page.goto(PAGE)
    page.emulate_media(media="print")
    assert page.locator(".top").is_hidden()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#c-curve .figure-data table").first.is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")


def a_printed_page_holds_what_is_folded(page):
    page.goto(PAGE)
    # Of the results under the values of a parameter only the chosen ones are printed.
    hidden = page.evaluate("""() => Array.from(
        document.querySelectorAll(".fold-body, .figure-data table, .answer-verdict"))
      .filter(part => !part.closest(".variant:not(.is-default)")).map(part => part.textContent)""")
    assert len(hidden) > 5, hidden
    file = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4")))
    squeezed = lambda text: "".join(text.split())
    printed = squeezed("".join(sheet.extract_text() for sheet in file.pages))
    # The first words do: a table may be cut by the end of a sheet.
    lost = [text for text in hidden if squeezed(text)[:12] not in printed]
    assert not lost, lost
    assert "Onthispage" not in printed


def downloaded_notebooks_are_valid(page):
    notebooks = sorted(SITE.glob("**/downloads/*.ipynb"))
    assert len(notebooks) == 3, notebooks
    for path in notebooks:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        assert any(cell.cell_type == "code" for cell in notebook.cells), path


def everything_reads_without_scripts(page):
    page.goto(PAGE)
    assert page.locator(".still svg").count() == 3
    assert page.locator(".still svg").first.is_visible()
    page.check("input[name=parameter][value='2.0']")
    assert page.locator("#c-soft .variant.v2").is_visible()
    page.click(".answer.is-wrong summary")
    assert page.locator(".answer.is-wrong .answer-verdict").is_visible()


def nothing_moves_while_a_page_loads(page):
    page.add_init_script("""window.shift = 0; new PerformanceObserver(list => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value
      }).observe({ type: 'layout-shift', buffered: true })""")
    page.goto(PAGE)
    page.wait_for_timeout(400)
    assert page.evaluate("window.shift") < 0.02, page.evaluate("window.shift")


WITHOUT_SCRIPTS = [everything_reads_without_scripts]
TESTS = [
    search_finds_a_word, search_finds_a_chinese_word, search_says_when_it_finds_nothing,
    search_shows_prose_and_no_markup, a_link_shows_its_definition,
    a_theme_survives_a_reload, copy_copies_the_code_of_its_cell,
    keys_turn_pages_but_not_while_typing, a_parameter_shows_other_results, a_slider_moves_points,
    an_answer_opens_with_its_reason, a_link_previews_its_equation_and_escape_closes,
    the_contents_know_where_one_stopped, printing_opens_what_is_folded,
    a_printed_page_holds_what_is_folded, downloaded_notebooks_are_valid,
    nothing_moves_while_a_page_loads,
]


def main():
    failed = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-dev-shm-usage"])
        for test in TESTS + WITHOUT_SCRIPTS:
            context = browser.new_context(
                viewport={"width": 1280, "height": 900}, reduced_motion="reduce",
                java_script_enabled=test not in WITHOUT_SCRIPTS)
            page = context.new_page()
            page.set_default_timeout(8000)
            try:
                test(page)
                print(f"✓ {test.__name__.replace('_', ' ')}")
            except Exception as error:
                failed += 1
                print(f"✗ {test.__name__.replace('_', ' ')}: {type(error).__name__} {str(error)[:300]}")
            context.close()
        browser.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
