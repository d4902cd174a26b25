/// The scripts of the pages: they add comfort, and no content.
package enum PageScript {
  /// Runs before the page is drawn, so that no other theme flashes up.
  package static let theme = """
    (function () {
      "use strict";
      var root = document.documentElement;
      root.classList.add("has-script");
      try {
        var theme = localStorage.getItem("lessons-theme");
        if (theme === "light" || theme === "dark") root.dataset.theme = theme;
      } catch (error) {}
    })();

    """

  package static let text =
    opening + themeChoice + copying + keys + animation + searching + previews + memory + printing
    + "})();\n"

  private static let opening = """
    (function () {
      "use strict";
      var words = document.getElementById("words").dataset;
      var body = document.body.dataset;
      function all(selector, root) {
        return Array.prototype.slice.call((root || document).querySelectorAll(selector));
      }
      function make(tag, properties, children) {
        var element = Object.assign(document.createElement(tag), properties || {});
        (children || []).forEach(function (child) { element.append(child); });
        return element;
      }
      function stored(key, value) {
        try {
          if (value === undefined) return localStorage.getItem(key);
          if (value === null) localStorage.removeItem(key); else localStorage.setItem(key, value);
        } catch (error) {}
        return null;
      }

    """

  private static let themeChoice = """
      var theme = document.getElementById("theme");
      theme.value = document.documentElement.dataset.theme || "auto";
      theme.addEventListener("change", function () {
        if (theme.value === "auto") delete document.documentElement.dataset.theme;
        else document.documentElement.dataset.theme = theme.value;
        stored("lessons-theme", theme.value === "auto" ? null : theme.value);
      });

    """

  private static let copying = """
      function copy(text) {
        if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
        var area = make("textarea", { value: text });
        document.body.append(area);
        area.select();
        document.execCommand("copy");
        area.remove();
        return Promise.resolve();
      }
      all(".cell > .cell-head").forEach(function (head) {
        var code = head.parentElement.querySelector("pre.code code");
        if (!code) return;
        var name = head.querySelector(".cell-name").textContent;
        var button = make("button", { type: "button", className: "copy", textContent: words.copy });
        button.setAttribute("aria-label", words.copy + " " + name);
        button.addEventListener("click", function () {
          copy(code.textContent).then(function () {
            button.textContent = words.copied;
            setTimeout(function () { button.textContent = words.copy; }, 1500);
          });
        });
        head.append(button);
      });

    """

  private static let keys = """
      var dialog = document.getElementById("keys");
      function go(relation) {
        var link = document.querySelector('link[rel="' + relation + '"]');
        if (link) location.href = link.href;
      }
      document.addEventListener("keydown", function (event) {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        var at = event.target;
        if (at.closest("input, select, textarea, [contenteditable]")) return;
        var scrolls = at.closest("pre, .table, .equation");
        if (event.key === "/") { event.preventDefault(); search.focus(); }
        else if (event.key === "?") dialog.showModal();
        else if (event.key === "ArrowLeft" && !scrolls) go("prev");
        else if (event.key === "ArrowRight" && !scrolls) go("next");
      });

    """

  private static let animation = """
      all(".animation").forEach(function (part) {
        var frames = part.dataset.places.split(";").map(function (frame) {
          return frame.split(" ").map(Number);
        });
        var labels = part.dataset.labels.split("|");
        var drawing = part.querySelector("svg");
        var marks = all("g.fill > path", drawing);
        // The legend's marks come first and stay; the points follow in the order of the numbers.
        marks = marks.slice(marks.length - frames[0].length / 2);
        var offset = drawing.viewBox.baseVal.height - 400;
        var slider = part.querySelector("input");
        var output = part.querySelector("output");
        var timer = null;
        function draw(position) {
          var before = Math.floor(position), share = position - before;
          var a = frames[before], b = frames[Math.min(before + 1, frames.length - 1)];
          marks.forEach(function (mark, index) {
            var x = a[2 * index] * (1 - share) + b[2 * index] * share;
            var y = a[2 * index + 1] * (1 - share) + b[2 * index + 1] * share;
            mark.setAttribute("transform", "translate(" + (12 + x / 999 * 616).toFixed(1) + " "
              + (388 - y / 999 * 376 + offset).toFixed(1) + ")");
          });
          output.textContent = labels[Math.round(position)];
        }
        slider.step = "any";
        slider.addEventListener("input", function () { draw(Number(slider.value)); });
        part.querySelector(".animation-play").addEventListener("click", function () {
          if (timer) { cancelAnimationFrame(timer); timer = null; return; }
          var start = null, last = frames.length - 1, length = Math.max(1500, last * 220);
          timer = requestAnimationFrame(function step(now) {
            if (start === null) start = now;
            var share = Math.min((now - start) / length, 1);
            slider.value = share * last;
            draw(share * last);
            timer = share < 1 ? requestAnimationFrame(step) : null;
          });
        });
        part.querySelector(".animation-controls").hidden = false;
      });

    """

  private static let searching = """
      var search = document.getElementById("search");
      var results = document.getElementById("search-results");
      var loading = null, chosen = -1;
      function index() {
        // `fetch` is closed to pages opened from files; a script is not.
        loading = loading || new Promise(function (resolve) {
          var script = make("script", { src: body.assets + "search-" + body.language + ".js" });
          script.onload = function () { resolve(window.lessonsIndex || []); };
          script.onerror = function () { resolve([]); };
          document.head.append(script);
        });
        return loading;
      }
      var wide = /[\\u3040-\\u30ff\\u3400-\\u9fff]/;
      function terms(query) {
        var found = [];
        (query.toLowerCase().match(/[\\u3040-\\u30ff\\u3400-\\u9fff]+|[^\\s\\u3040-\\u30ff\\u3400-\\u9fff]+/g) || [])
          .forEach(function (word) {
            if (!wide.test(word) || word.length < 3) { found.push(word); return; }
            for (var i = 0; i + 1 < word.length; i++) found.push(word.slice(i, i + 2));
          });
        return found;
      }
      function find(entries, query) {
        var wanted = terms(query), whole = query.trim().toLowerCase();
        return entries.map(function (entry) {
          var title = entry[3].toLowerCase(), text = entry[4].toLowerCase(), code = entry[5].toLowerCase();
          var score = 0;
          for (var i = 0; i < wanted.length; i++) {
            var inTitle = title.indexOf(wanted[i]) >= 0, inText = text.indexOf(wanted[i]) >= 0;
            if (!inTitle && !inText && code.indexOf(wanted[i]) < 0) return null;
            score += inTitle ? 6 : inText ? 2 : 1;
          }
          if (title.indexOf(whole) >= 0) score += 10;
          if (text.indexOf(whole) >= 0) score += 3;
          return { entry: entry, score: score, wanted: wanted };
        }).filter(Boolean).sort(function (a, b) { return b.score - a.score; }).slice(0, 12);
      }
      function excerpt(entry, wanted) {
        // Prose tells more than code, and its beginning more than nothing.
        var text = [entry[4], entry[5]].filter(function (part) {
          return part.toLowerCase().indexOf(wanted[0]) >= 0;
        })[0] || entry[4];
        var at = text.toLowerCase().indexOf(wanted[0]), start = 0;
        if (at > 50) start = text.lastIndexOf(" ", at - 40) + 1;
        if (at - start > 60) start = at - 40;
        var end = Math.max(start + 130, at + wanted[0].length), small = make("small");
        small.append(start > 0 ? "… " : "", at < 0 ? text.slice(start, end) : text.slice(start, at));
        if (at >= 0) {
          small.append(make("mark", { textContent: text.slice(at, at + wanted[0].length) }),
            text.slice(at + wanted[0].length, end));
        }
        if (end < text.length) small.append("…");
        return small;
      }
      function choose(next) {
        var items = all("[role=option]", results);
        if (!items.length) return;
        chosen = (next + items.length) % items.length;
        items.forEach(function (item, i) { item.setAttribute("aria-selected", String(i === chosen)); });
        search.setAttribute("aria-activedescendant", items[chosen].id);
        items[chosen].scrollIntoView({ block: "nearest" });
      }
      function close() {
        results.hidden = true;
        search.setAttribute("aria-expanded", "false");
        search.removeAttribute("aria-activedescendant");
        chosen = -1;
      }
      function show() {
        var query = search.value;
        if (!query.trim()) { close(); return; }
        index().then(function (entries) {
          if (search.value !== query) return;
          var found = find(entries, query);
          results.replaceChildren.apply(results, found.map(function (hit, i) {
            var item = make("li", { id: "result-" + i }, [
              make("b", { textContent: hit.entry[3] }),
              hit.entry[3] === hit.entry[2] ? ""
                : make("small", { className: "lesson", textContent: hit.entry[2] }),
              excerpt(hit.entry, hit.wanted)]);
            item.setAttribute("role", "option");
            item.dataset.href = hit.entry[0] + (hit.entry[1] ? "#" + hit.entry[1] : "");
            item.addEventListener("mousedown", function (event) {
              event.preventDefault();
              location.href = item.dataset.href;
              close();
            });
            return item;
          }));
          if (!found.length) {
            var none = make("li", { textContent: words.nothing });
            none.setAttribute("role", "option");
            none.setAttribute("aria-disabled", "true");
            results.replaceChildren(none);
          }
          results.hidden = false;
          search.setAttribute("aria-expanded", "true");
          chosen = -1;
        });
      }
      search.addEventListener("focus", index);
      search.addEventListener("input", show);
      search.addEventListener("blur", close);
      search.addEventListener("keydown", function (event) {
        if (event.key === "ArrowDown") { event.preventDefault(); choose(chosen + 1); }
        else if (event.key === "ArrowUp") { event.preventDefault(); choose(chosen - 1); }
        else if (event.key === "Escape") { close(); search.blur(); }
        else if (event.key === "Enter") {
          var item = all("[role=option]", results)[Math.max(chosen, 0)];
          if (item && item.dataset.href) { location.href = item.dataset.href; close(); }
        }
      });

    """

  private static let previews = """
      var preview = null, leaving = null;
      function hide() {
        clearTimeout(leaving);
        if (preview) preview.remove();
        preview = null;
      }
      function target(link) {
        var id = decodeURIComponent(link.hash.slice(1));
        var found = id && document.getElementById(id);
        return found && found.matches(".equation, .figure, .footnotes li") ? found : null;
      }
      function preview_(link) {
        var title = link.dataset.definition || "", found = title ? null : target(link);
        if (!title && (!found || found.contains(link))) return;
        hide();
        preview = make("div", { className: "preview" });
        preview.setAttribute("role", "tooltip");
        if (title) preview.append(make("p", { textContent: title }));
        else {
          var copied = found.cloneNode(true);
          copied.removeAttribute("id");
          all("[id]", copied).forEach(function (part) { part.removeAttribute("id"); });
          all("details, button, .footnote-back", copied).forEach(function (part) {
            if (part.matches("button, .footnote-back")) part.remove();
          });
          preview.append.apply(preview, found.matches("li") ? Array.from(copied.childNodes) : [copied]);
        }
        preview.addEventListener("mouseenter", function () { clearTimeout(leaving); });
        preview.addEventListener("mouseleave", hide);
        document.body.append(preview);
        var place = link.getBoundingClientRect(), width = preview.offsetWidth;
        preview.style.left = Math.max(8, Math.min(place.left, innerWidth - width - 8)) + scrollX + "px";
        preview.style.top = place.bottom + scrollY + 6 + "px";
      }
      all("main a[title], main a[href^='#']").forEach(function (link) {
        if (link.matches(".anchor, .cell-name, .equation-number, .figure-number, .footnote-back")) return;
        if (link.title) { link.dataset.definition = link.title; link.removeAttribute("title"); }
        link.addEventListener("mouseenter", function () { preview_(link); });
        link.addEventListener("mouseleave", function () { leaving = setTimeout(hide, 250); });
        link.addEventListener("focus", function () { if (link.matches(":focus-visible")) preview_(link); });
        link.addEventListener("blur", hide);
      });
      document.addEventListener("keydown", function (event) { if (event.key === "Escape") hide(); });

    """

  private static let memory = """
      var headings = all("main h2[id], main h3[id]");
      if (body.lesson) {
        var saving = null;
        addEventListener("scroll", function () {
          clearTimeout(saving);
          saving = setTimeout(function () {
            var here = headings.filter(function (h) { return h.getBoundingClientRect().top < 140; }).pop();
            all(".outline a").forEach(function (link) {
              link.classList.toggle("is-here", Boolean(here) && link.hash === "#" + encodeURIComponent(here.id));
            });
            stored("lessons-place-" + body.language, JSON.stringify({
              page: body.lesson + ".html" + (here ? "#" + here.id : ""),
              title: document.querySelector("h1").textContent.trim()
                + (here ? " — " + here.textContent.replace(/#\\s*$/, "").trim() : "") }));
          }, 200);
        }, { passive: true });
      } else {
        var resume = document.querySelector(".resume");
        try {
          var place = JSON.parse(stored("lessons-place-" + body.language) || "null");
          if (place && resume) {
            var forget = make("button", { type: "button", textContent: words.forget });
            forget.addEventListener("click", function () {
              stored("lessons-place-" + body.language, null);
              resume.hidden = true;
            });
            resume.append(words.continue + ": ",
              make("a", { href: place.page, textContent: place.title }), forget);
            resume.hidden = false;
          }
        } catch (error) {}
      }
      // A link into a folded part opens it.
      function unfold() {
        var found = document.getElementById(decodeURIComponent(location.hash.slice(1)));
        for (var part = found; part; part = part.parentElement) if (part.matches("details")) part.open = true;
        if (found && found.closest("details")) found.scrollIntoView();
      }
      addEventListener("hashchange", unfold);
      unfold();

    """

  private static let printing = """
      var closed = [];
      addEventListener("beforeprint", function () {
        closed = all("details:not([open])");
        closed.forEach(function (part) { part.open = true; });
      });
      addEventListener("afterprint", function () {
        closed.forEach(function (part) { part.open = false; });
      });

    """

  /// A small sign for the browser's tab.
  package static let icon = """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" \
    fill="#b3450b"/><path d="M9 7h4v14h10v4H9z" fill="#fff"/></svg>

    """
}
