"""HTML of builders: what a page says, without what stands around it."""

import pytest

from kodgen.seeds.pages.html import elements, is_generated
from tests.seeds.pages.showing import as_markdown


def shown(html: str | bytes) -> str:
    return as_markdown(elements(html if isinstance(html, bytes) else html.encode()))


PAGE = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>Saws — Tools 2</title><style>p {}</style></head>
<body>
<header><a href="/">Tools</a></header>
<nav><ul><li><a href="a.html">Start</a></li></ul></nav>
<div class="sphinxsidebar"><h3>Table of Contents</h3><p>Some text of it.</p></div>
%s
<footer>&copy; Copyright 2020, Somebody. Built with Sphinx.</footer>
<script>let a = 1;</script>
</body></html>"""

BODY = """<div class="body" role="main">
<div role="navigation" class="wy-breadcrumbs"><ul><li>Docs &raquo; Saws</li></ul></div>
<section id="saws">
<h1>Saws<a class="headerlink" href="#saws" title="Link">¶</a></h1>
<p>A <em>saw</em> cuts   <a class="reference" href="wood.html">wood</a>,
see <code class="xref"><span class="pre">tools.saw()</span></code>.<img src="saw.png"></p>
<div class="toctree-wrapper"><ul><li><a href="x.html">X</a></li></ul></div>
<!-- a comment -->
<div class="highlight-python notranslate"><div class="highlight"><pre><span></span><span
class="kn">import</span> <span class="nn">tools</span>

<span class="n">tools</span><span class="o">.</span><span class="n">saw</span><span>(&lt;wood&gt;)</span>
</pre></div></div>
<div class="admonition note"><p class="admonition-title">Note</p><p>Mind the gap.</p></div>
<ul class="simple"><li><p>One</p></li><li><p>Two <b>bold</b></p><pre>x</pre></li></ul>
<table><thead><tr><th>Name</th><th>Use</th></tr></thead>
<tbody><tr><td>rip</td><td>along the <code>grain</code></td></tr></tbody></table>
<h2>Details</h2>
<dl class="py function"><dt class="sig sig-object py" id="tools.saw">
<span class="sig-prename descclassname">tools.</span><span class="sig-name descname">saw</span><span>(</span><em>wood</em>)<a class="headerlink" href="#tools.saw">¶</a></dt>
<dd><p>Cut it.</p></dd></dl>
<dl class="py function"><dt class="sig" id="b">tools.<span class="descname">bare</span>(x)</dt><dd></dd></dl>
<dl><dt>kerf</dt><dd>What is lost.</dd></dl>
<table class="highlighttable"><tr><td class="linenos"><pre>1
2</pre></td><td class="code"><pre>a
b</pre></td></tr></table>
</section>
<div class="prev-next-area"><p>Next page: <a href="n.html">Hammers</a></p></div>
</div>"""

SHOWN = """\
# Saws

A saw cuts wood, see `tools.saw()`.

```python
import tools

tools.saw(<wood>)
```

**Note:**

Mind the gap.

- One
- Two **bold**

  ```
  x
  ```

| Name | Use |
| --- | --- |
| rip | along the `grain` |

## Details

`tools.saw(wood)`

Cut it.

- kerf
  What is lost.

```
a
b
```"""


def test_a_page_of_sphinx_gives_its_text() -> None:
    assert shown(PAGE % BODY) == SHOWN


@pytest.mark.parametrize("wrapper", ["<main>{}</main>", "<article>{}</article>", "<div>{}</div>"])
def test_the_main_part_is_found(wrapper: str) -> None:
    assert shown(PAGE % wrapper.format("<h1>A</h1><p>Some text.</p>")).startswith(
        "# A\n\nSome text."
    )


def test_the_declared_encoding_is_taken() -> None:
    page = '<html><head><meta charset="iso-8859-15"></head><body><p>Säge für 5 €</p></body></html>'
    assert shown(page.encode("iso-8859-15")) == "Säge für 5 €"


def test_bytes_that_are_not_text_in_it_are_told() -> None:
    with pytest.raises(UnicodeDecodeError):
        elements(b'<meta charset="utf-8"><p>\xff\xfe\xfa ok</p>')
    with pytest.raises(UnicodeDecodeError):
        elements(b'<meta charset="unheard-of"><p>\xff\xfe\xfa ok</p>')


@pytest.mark.parametrize(
    "noise",
    [
        "<ul><li><a href='a'>One page</a></li><li><a href='b'>Another</a></li></ul>",
        "<p>Previous</p>",
        "<p>© Copyright 2020, Somebody.</p>",
        "<div class='toc'><p>On this page</p></div>",
        "<p><a href='x'>Edit on GitHub</a></p>",
        "<p aria-hidden='true'>Icon of a saw</p>",
        "<table class='autosummary'><tr><td>saw(wood)</td><td>Cut.</td></tr></table>",
        "<dl class='py function'><dt class='sig'>tools.saw(wood)</dt><dd></dd></dl>",
        "<svg><text>Drawn</text></svg>",
        "<form><input value='x'><button>Search</button></form>",
    ],
)
def test_noise_leaves_nothing(noise: str) -> None:
    assert shown(f"<body>{noise}</body>") == ""
    assert (
        shown(f"<main>{noise}<p>This is what the page says.</p></main>")
        == "This is what the page says."
    )


def test_samples_behind_a_switch_are_apart() -> None:
    page = "<pre><code class='language-mjs'>a</code><code class='language-cjs'>b</code></pre>"
    assert shown(page) == "```mjs\na\n```\n\n```cjs\nb\n```"


def test_pages_that_builders_write_are_known() -> None:
    assert is_generated("genindex")
    assert is_generated("genindex-A")
    assert not is_generated("searching")
