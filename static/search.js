// The search. The index is below /search/: index.json says which parts there are, each part has files of terms with the
// articles that have them, and the files in cards/ have the articles as results show them. A query reads only the files
// that its words are in.
(function () {
  "use strict";

  // The weight of a word by its place: in the title, in the standfirst, among terms and headings, in the text.
  var WEIGHTS = [16, 8, 4, 1];
  var AT_ONCE = 10;
  // The letters of an excerpt, and those before its first word. Articles are read for excerpts while a query moves no more bytes
  // than this.
  var LONG = 240, BEFORE = 60, MOST_READ = 100000;
  var DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  var PLAIN = { "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "ς": "σ" };
  var HAN = "\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{323af}";
  // Scripts without spaces between words.
  var DENSE = "\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u3005-\\u3007\\u3041-\\u309f\\u30a1-\\u30ff" + HAN;
  var LETTER = "[\\p{L}\\p{M}\\p{N}]";
  var RUNS = new RegExp("(?:(?=" + LETTER + ")[" + DENSE + "])+|(?:(?![" + DENSE + "])" + LETTER + ")+", "gu");
  var IS_DENSE = new RegExp("^[" + DENSE + "]", "u");
  // Chinese characters and Korean syllables: of the first letters of a term, one chooses its file.
  var IS_RICH = new RegExp("^[\\uac00-\\ud7a3" + HAN + "]", "u");

  // A text without case and accents.
  function folded(text) {
    return text.toLowerCase().normalize("NFKD")
      .replace(/[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670]/g, "").normalize("NFC")
      .replace(/[ßæœþøđðłıς]/g, function (letter) { return PLAIN[letter]; });
  }

  // The terms of a text, in order: words, and of scripts without spaces each two neighbouring letters.
  function terms(text) {
    var found = [];
    (folded(text).match(RUNS) || []).forEach(function (run) {
      var letters = Array.from(run);
      if (!IS_DENSE.test(run)) {
        if (letters.length > 1) found.push(letters.slice(0, 32).join(""));
      } else if (letters.length === 1) {
        found.push(run);
      } else {
        for (var at = 1; at < letters.length; at++) found.push(letters[at - 1] + letters[at]);
      }
    });
    return found;
  }

  // The number of the file of a term among `count`, a power of two. It depends on the term's first `head` letters alone.
  function bucket(term, count, head) {
    var letters = Array.from(term);
    var length = term[0] === ":" ? letters.length : IS_RICH.test(term) ? 1 : head;
    var hash = letters.slice(0, length).reduce(function (hash, letter) {
      return Math.imul(hash ^ letter.codePointAt(0), 16777619) >>> 0;
    }, 2166136261);
    return ((hash ^ (hash >>> 15)) & (count - 1)) >>> 0;
  }

  // The file of results, among `count`, that the article with this number is in.
  function chunk(number, count) {
    return Math.floor((Math.imul(number % 4294967296, 2654435761) >>> 0) * count / 4294967296);
  }

  // Calls `each` with every number of a list: each is written as its distance from the one before, five bits a digit.
  function decode(list, each) {
    var number = 0, value = 0, place = 1;
    for (var at = 0; at < list.length; at++) {
      var digit = DIGITS.indexOf(list[at]);
      value += (digit % 32) * place;
      place *= 32;
      if (digit < 32) {
        number += value;
        each(number);
        value = 0;
        place = 1;
      }
    }
  }

  // True if one letter more, less, other or two neighbours exchanged make `a` of `b`.
  function isTypo(a, b) {
    if (Math.abs(a.length - b.length) > 1 || a === b) return false;
    var start = 0, end = 0;
    while (start < a.length && a[start] === b[start]) start++;
    while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
    var left = a.slice(start, a.length - end), right = b.slice(start, b.length - end);
    return left.length <= 1 && right.length <= 1
      || left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0];
  }

  // How well `term` answers a reader's `word`: as it is, as its beginning, as a form of it, with a slip of the finger.
  function match(word, term) {
    if (word === term) return 1;
    if (term[0] === ":") return 0;
    if (term.startsWith(word)) return 0.7;
    if (word.length < 4 || IS_DENSE.test(word)) return 0;
    var same = 0, longest = Math.max(word.length, term.length);
    while (same < longest && word[same] === term[same]) same++;
    if (same >= 4 && longest - same <= 3 && same >= longest * 0.6) return 0.5;
    return isTypo(word, term) ? 0.2 : 0;
  }

  // The articles that have a word: their numbers, each with its score. A word that many texts have is common: its list has
  // only the articles that have it elsewhere.
  function scores(word, files) {
    var found = new Map(), slips = new Map(), isCommon = false;
    files.forEach(function (file) {
      Object.keys(file).forEach(function (term) {
        var quality = match(word, term);
        if (!quality) return;
        var into = quality === 0.2 ? slips : found;
        file[term].split(",").forEach(function (list, field) {
          if (list === "*") {
            isCommon = isCommon || quality === 1;
            return;
          }
          decode(list, function (number) {
            var score = quality * WEIGHTS[field];
            if (score > (into.get(number) || 0)) into.set(number, score);
          });
        });
      });
    });
    if (!found.size && !isCommon) found = slips;
    found.isCommon = isCommon;
    return found;
  }

  // The numbers of articles that have the words, the best first, equal ones newest first. Those that have all words, or
  // if there are none, those that have the most. Common words only count if there are no others. `maps` has the scores of
  // each word.
  function ranked(maps, total, isWanted) {
    var all = new Map(), isCommon = maps.every(function (map) { return map.isCommon; });
    maps.forEach(function (map) {
      // A word that few articles have says more.
      var rarity = (map.isCommon ? 0 : 1) + Math.log2(1 + total / (1 + map.size)) / 8;
      map.forEach(function (score, number) {
        var sum = all.get(number) || { number: number, words: 0, score: 0 };
        sum.words += isCommon || !map.isCommon;
        sum.score += score * rarity;
        all.set(number, sum);
      });
    });
    var found = Array.from(all.values()).filter(function (one) { return isWanted(one.number); });
    var most = found.reduce(function (most, one) { return Math.max(most, one.words); }, 0);
    found = found.filter(function (one) { return one.words === most; });
    found.sort(function (a, b) {
      var difference = Math.round((b.score - a.score) * 1000);
      return difference || b.number - a.number;
    });
    return found.map(function (one) { return one.number; });
  }

  // The year of the article with this number. Pages have none.
  function year(number, bits) {
    var day = Math.floor(number / Math.pow(2, bits));
    return day < 4096 ? 0 : new Date((day - 719163) * 864e5).getUTCFullYear();
  }

  // A search in the index whose files `read` returns as values, by path.
  function searcher(read) {
    var index = read("index.json");
    function shards(term) {
      return index.then(function (index) {
        return Promise.all(index.parts.map(function (part) {
          return read(part.name + "/" + bucket(term, part.shards, part.head).toString(16) + ".json?v=" + part.version);
        }));
      });
    }
    // The numbers of the articles that have `text` and are as `chosen` says: section, author, year.
    function find(text, chosen) {
      var words = terms(text).filter(function (word, at, all) { return all.indexOf(word) === at; }).slice(0, 10);
      var facets = [];
      if (chosen.section) facets.push(":s" + chosen.section);
      if (chosen.author) facets.push(":a" + chosen.author);
      if (!words.length && !facets.length) return Promise.resolve([]);
      return Promise.all([index].concat(words.concat(facets).map(function (term) {
        return shards(term).then(function (files) { return scores(term, files); });
      }))).then(function (all) {
        var index = all.shift(), wanted = all.splice(words.length);
        var total = index.parts.reduce(function (sum, part) { return sum + part.articles; }, 0);
        return ranked(words.length ? all : wanted.slice(0, 1), total, function (number) {
          return wanted.every(function (facet) { return facet.has(number); })
            && (!chosen.year || String(year(number, index.bits)) === chosen.year);
        });
      });
    }
    // The articles with these numbers as results show them.
    function cards(numbers) {
      return index.then(function (index) {
        return Promise.all(numbers.map(function (number) {
          var at = chunk(number, index.cards.chunks).toString(16);
          return read("cards/" + at + ".json?v=" + index.cards.version).then(function (file) { return file[number]; });
        }));
      }).then(function (cards) { return cards.filter(Boolean); });
    }
    return { index: index, find: find, cards: cards };
  }

  // Where in `text` an answer to one of the `words` begins and ends, and the number of that word.
  function hits(text, words) {
    var found = [];
    Array.from(text.matchAll(RUNS)).forEach(function (run) {
      var own = terms(run[0]), isDense = IS_DENSE.test(run[0]);
      words.forEach(function (word, number) {
        if (!own.some(function (term) { return match(word, term) > 0.2; })) return;
        // In scripts without spaces a word is somewhere in its run.
        var at = isDense ? run[0].indexOf(word) : 0, length = isDense ? word.length : run[0].length;
        for (; at >= 0; at = isDense ? run[0].indexOf(word, at + length) : -1) {
          found.push({ at: run.index + at, end: run.index + at + length, word: number });
        }
      });
    });
    return found.sort(function (a, b) { return a.at - b.at; });
  }

  // The part of `text` that has the most of the words, the first if there are several; none if it has no word.
  function excerpt(text, words) {
    var all = hits(text, words), most = 0, best = 0;
    all.forEach(function (first, from) {
      var seen = new Set();
      for (var to = from; to < all.length && all[to].end < first.at + LONG - BEFORE; to++) seen.add(all[to].word);
      if (seen.size > most) {
        most = seen.size;
        best = first.at;
      }
    });
    if (!most) return "";
    var start = Math.max(0, best - BEFORE), end = Math.min(text.length, start + LONG);
    var gap = start && text.indexOf(" ", start);
    if (gap > 0 && gap < best) start = gap + 1;
    gap = text.lastIndexOf(" ", end);
    if (end < text.length && gap > best + BEFORE) end = gap;
    return (start ? "… " : "") + text.slice(start, end).trim() + (end < text.length ? " …" : "");
  }

  // The words of the article in `html`, without those of the page around it.
  function textOf(html) {
    var page = new DOMParser().parseFromString(html, "text/html");
    var text = page.querySelector("article .text") || page.querySelector("article") || page.querySelector("main") || page.body;
    text.querySelectorAll("script, style, template, noscript, nav, svg").forEach(function (part) { part.remove(); });
    text.querySelectorAll("p, li, td, th, dd, dt, pre, br, figcaption, h1, h2, h3, h4, h5, h6").forEach(function (part) { part.after(" "); });
    return text.textContent.replace(/\s+/g, " ").trim();
  }

  // Adds `text` to `element`, with what answers the `words` marked.
  function marked(element, text, words) {
    var at = 0;
    hits(text, words).forEach(function (hit) {
      if (hit.at < at) return;
      element.append(text.slice(at, hit.at));
      var mark = document.createElement("mark");
      mark.textContent = text.slice(hit.at, hit.end);
      element.append(mark);
      at = hit.end;
    });
    element.append(text.slice(at));
    return element;
  }

  if (typeof module !== "undefined" && module.exports) {
    module.exports = { terms: terms, bucket: bucket, isTypo: isTypo, match: match, searcher: searcher, excerpt: excerpt };
    return;
  }

  function element(name, className, text) {
    var made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function result(card, words) {
    var item = element("li"), article = element("article", "card"), heading = element("h2"), link = element("a");
    if (card.lang) article.lang = card.lang;
    if (card.section) article.append(element("p", "kicker", card.section));
    link.href = card.url;
    heading.append(marked(link, card.title, words));
    article.append(heading);
    if (card.summary) article.append(marked(element("p", "summary"), card.summary, words));
    var line = element("p", "byline", (card.authors || []).join(", "));
    if (card.date) {
      if (card.authors) line.append(" · ");
      var time = element("time", "", card.date);
      time.dateTime = card.day;
      line.append(time);
    }
    if (line.hasChildNodes()) article.append(line);
    item.append(article);
    return item;
  }

  // The bytes that `text` took on its way from `url`.
  function sizeOf(url, text) {
    var entry = performance.getEntriesByName(new URL(url, location).href).pop();
    return entry && entry.encodedBodySize || text.length;
  }

  function start(form) {
    var input = form.elements.q, said = form.nextElementSibling, list = said.nextElementSibling;
    var more = list.nextElementSibling, data = form.dataset, choices = {}, files = new Map();
    var engine, asked = 0, numbers = [], shown = 0, words = [], texts = new Map(), moved = 0, last = 10000;

    function read(path) {
      if (!files.has(path)) {
        // A file without a version in its address is asked for anew.
        var how = path.includes("?") ? "default" : "no-cache";
        files.set(path, fetch(data.index + path, { cache: how }).then(function (answer) {
          if (!answer.ok) throw new Error(answer.status + " " + answer.url);
          return answer.text();
        }).then(function (text) {
          moved += sizeOf(data.index + path, text);
          return JSON.parse(text);
        }));
      }
      return files.get(path);
    }
    // The index is read when somebody is about to search.
    function ready() {
      if (!engine) {
        engine = searcher(read);
        engine.index.then(function (index) {
          choose("section", index.sections);
          choose("author", index.authors);
          choose("year", index.years.map(function (year) { return [String(year), String(year)]; }));
        }, function () { engine = null; files.clear(); });
      }
      return engine;
    }
    function choose(name, values) {
      if (values.length < 2 || choices[name]) return;
      var label = element("label", "", data[name] + " "), select = element("select");
      select.name = name;
      [["", data.all]].concat(values).forEach(function (one) { select.append(new Option(one[1], one[0])); });
      select.value = new URLSearchParams(location.search).get(name) || "";
      if (select.selectedIndex < 0) select.value = "";
      select.addEventListener("change", search);
      label.append(select);
      form.append(label);
      choices[name] = select;
    }
    function show() {
      var own = asked, part = numbers.slice(shown, shown + AT_ONCE);
      return ready().cards(part).then(function (cards) {
        if (own !== asked) return;
        if (!shown) list.replaceChildren();
        var items = cards.map(function (card) { return result(card, words); });
        list.append.apply(list, items);
        shown += part.length;
        more.hidden = shown >= numbers.length;
        setTimeout(function () { explain(own, cards, items, 0); }, 300);
      });
    }
    // Shows where the words are in articles whose cards do not have them all, one article after the other.
    function explain(own, cards, items, at) {
      var card = cards[at];
      if (own !== asked || !card) return;
      var shown = [card.title, card.summary, card.section].concat(card.authors || []).join(" ");
      var told = hits(shown, words).map(function (hit) { return hit.word; });
      var next = explain.bind(null, own, cards, items, at + 1);
      // The next article may be as long as the one before.
      if (new Set(told).size >= words.length || moved + last > MOST_READ && !texts.has(card.url)) return next();
      if (!texts.has(card.url)) {
        texts.set(card.url, fetch(card.url).then(function (answer) { return answer.ok ? answer.text() : ""; }).then(function (html) {
          last = sizeOf(card.url, html);
          moved += last;
          return textOf(html);
        }));
      }
      texts.get(card.url).then(function (text) {
        var part = excerpt(text, words), article = items[at].firstChild;
        if (own === asked && part) {
          var paragraph = marked(element("p", "summary excerpt"), part, words), summary = article.querySelector(".summary");
          if (summary) summary.replaceWith(paragraph);
          else article.querySelector("h2").after(paragraph);
        }
        next();
      }, function () { texts.delete(card.url); });
    }
    function search() {
      var own = ++asked, text = input.value, chosen = {};
      Object.keys(choices).forEach(function (name) { chosen[name] = choices[name].value; });
      if (!("path" in data)) {
        var query = new URLSearchParams(Object.entries(Object.assign({ q: text }, chosen)).filter(function (one) { return one[1]; }));
        history.replaceState(null, "", location.pathname + (query.size === 0 || String(query) === "" ? "" : "?" + query));
      }
      words = terms(text).filter(function (word, at, all) { return all.indexOf(word) === at; });
      moved = 0;
      return ready().find(text, chosen).then(function (found) {
        if (own !== asked) return;
        numbers = found;
        shown = 0;
        var isAsked = words.length || chosen.section || chosen.author;
        if (found.length) {
          return show().then(function () { if (own === asked) said.textContent = data.results + ": " + found.length; });
        }
        list.replaceChildren();
        more.hidden = true;
        said.textContent = isAsked ? data.none : "";
      }).catch(function () { if (own === asked) said.textContent = data.none; });
    }

    var waiting;
    input.addEventListener("focus", function () { ready(); });
    input.addEventListener("input", function () {
      clearTimeout(waiting);
      waiting = setTimeout(search, 120);
    });
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      clearTimeout(waiting);
      search().then(function () {
        var first = list.querySelector("a");
        if (first) first.focus();
      });
    });
    more.addEventListener("click", function () {
      var next = list.children.length;
      show().then(function () { if (list.children[next]) list.children[next].querySelector("a").focus(); });
    });
    // Arrows go from the words to the results and back; Escape begins anew.
    document.addEventListener("keydown", function (event) {
      if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
      var links = Array.from(list.querySelectorAll("a")), at = links.indexOf(document.activeElement);
      var isHere = at >= 0 || document.activeElement === input;
      if (event.key === "Escape" && isHere) {
        input.value = "";
        input.focus();
        search();
      } else if (event.key === "ArrowDown" && isHere && links.length) {
        links[Math.min(at + 1, links.length - 1)].focus();
      } else if (event.key === "ArrowUp" && at >= 0) {
        (links[at - 1] || input).focus();
      } else {
        return;
      }
      event.preventDefault();
    });

    if ("path" in data) {
      input.value = wordsOfPath(location.pathname, data.index);
    } else {
      input.value = new URLSearchParams(location.search).get("q") || "";
    }
    if (input.value) ready().index.then(search, function () {});
    else if (/[?&](section|author|year)=./.test(location.search)) ready().index.then(search, function () {});
  }

  // The words of an address that leads nowhere, for the page that says so.
  function wordsOfPath(path, index) {
    try { path = decodeURIComponent(path); } catch (error) { return ""; }
    var root = index.replace(/search\/$/, "");
    if (path.startsWith(root)) path = path.slice(root.length);
    return path.replace(/\.\w+$/, "").split(/[^\p{L}\p{M}\p{N}]+/u).filter(function (word) {
      return word.length > 1 && !/^\d+$/.test(word) && word !== "index";
    }).join(" ");
  }

  document.addEventListener("keydown", function (event) {
    var target = event.target;
    if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (target.isContentEditable || /^(input|textarea|select)$/i.test(target.nodeName)) return;
    var input = document.querySelector("form.search input"), link = document.querySelector("a.search-link");
    if (!input && !link) return;
    event.preventDefault();
    if (input) input.focus();
    else link.click();
  });
  document.querySelectorAll("form.search[data-index]").forEach(start);
})();
