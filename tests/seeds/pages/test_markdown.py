"""Markdown and its dialects."""

import pytest

from kodgen.seeds.pages.markdown import elements
from tests.seeds.pages.showing import as_markdown


def shown(text: str) -> str:
    return as_markdown(elements(text))


def test_text_code_and_tables_are_kept() -> None:
    page = """\
# Saws { #saws }

A *saw* cuts **wood**, see [the guide](guide.md) and `saw()`.

```python title="cut.py" hl_lines="2"
# not a heading
saw("[a](b)  <!-- kept -->")
```

1. take it
2. use it:

    ```sh
    saw --wood
    ```

Teeth | Use
----- | ---
24    | rough `cuts`
"""
    assert shown(page) == (
        "# Saws\n\n"
        "A saw cuts **wood**, see the guide and `saw()`.\n\n"
        '```python\n# not a heading\nsaw("[a](b)  <!-- kept -->")\n```\n\n'
        "1. take it\n2. use it:\n\n   ```sh\n   saw --wood\n   ```\n\n"
        "| Teeth | Use |\n| --- | --- |\n| 24 | rough `cuts` |"
    )


@pytest.mark.parametrize(
    "noise",
    [
        "[![Build](https://example.org/badge.svg)](https://example.org)\n",
        "![A picture](picture.png)\n",
        "<!-- a comment\n\nof two paragraphs -->\n",
        '<img src="logo.png">\n',
        "<style>\np { color: red }\n</style>\n",
        "- [Install](install.md)\n- [Usage](usage.md)\n",
        "[TOC]: https://example.org\n",
        "```{toctree}\n:maxdepth: 2\n\ninstall\n```\n",
        ":::{toctree}\ninstall\n:::\n",
        "::: tools.cutting.saw\n    options:\n      members: true\n",
        "[[autodoc]] Saw\n    - cut\n",
        "(a-target)=\n",
        '--8<-- "shared.md"\n',
        "```python\n{!> ../docs_src/saw.py!}\n```\n",
        "import Tabs from '@theme/Tabs';\n",
        "{/* a comment */}\n",
        "*[HTML]: Hyper Text\n",
        "***\n",
        "[Next: hammers](hammers.md)\n",
        "Edit this page\n",
        "- `saw`\n- `hammer(nail, *, force=1)`\n",
        "```{autofunction} saw\n```\n",
    ],
)
def test_noise_leaves_nothing(noise: str) -> None:
    assert shown(noise) == ""
    assert shown(f"{noise}\nThis is what the page says.\n") == "This is what the page says."


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (
            '!!! note "Mind"\n    The gap.\n\n    ```py\n    x\n    ```\n',
            "**Mind:**\n\nThe gap.\n\n```python\nx\n```",
        ),
        ("??? tip\n    Open me.\n", "**Tip:**\n\nOpen me."),
        ('=== "Linux"\n\n    Type it.\n', "**Linux:**\n\nType it."),
        (":::warning\nSharp.\n:::\n", "**Warning:**\n\nSharp."),
        (":::{note}\n:class: x\nMind.\n:::\n", "**Note:**\n\nMind."),
        ("/// tip | Short\n\nDo it.\n\n///\n", "**Short:**\n\nDo it."),
        ("```{note}\nMind the gap.\n```\n", "**Note:** Mind the gap."),
        ("```{code-block} toml\n:linenos:\n\nkey = 1\n```\n", "```toml\nkey = 1\n```"),
        ("```{code-cell} ipython3\n---\ntags: [a]\n---\nx = 1\n```\n", "```python\nx = 1\n```"),
        ("```{eval-rst}\n.. note:: From :func:`saw`.\n```\n", "**Note:** From saw."),
        ("> [!NOTE]\n> Mind.\n", "**Note:**\nMind."),
        ("Use {func}`saw <tools.saw>` and {py:class}`~tools.Saw`.\n", "Use saw and tools.Saw."),
        ("<Tip>\n\nUse `saw`.\n\n</Tip>\n", "Use `saw`."),
        (
            "<details>\n<summary>Why so</summary>\n\nText of it.\n\n</details>\n",
            "Why so\n\nText of it.",
        ),
        ("A :material-check: check[^1] with {{ macros }}.\n", "A check with {{ macros }}."),
        ("Of $\\sum_i\\,x_i$ here, `$HOME`.\n", "Of $\\sum_i\\,x_i$ here, `$HOME`."),
        ("$$\n\\int x\n$$\n", "```math\n\\int x\n```"),
        ("A [link][ref] here.\n\n[ref]: https://example.org\n", "A link here."),
    ],
)
def test_dialects_are_read_as_text(markup: str, text: str) -> None:
    assert shown(markup) == text


def test_front_matter_gives_the_title_where_the_page_has_none() -> None:
    assert shown('---\ntitle: "Saws"\ntags: [a]\n---\n\nText of it.\n') == "# Saws\n\nText of it."
    assert shown("---\ntitle: Saws\n---\n# Other\n") == "# Other"
    assert shown("---\n---\nText of it.\n") == "Text of it."


def test_code_in_a_fence_is_never_touched() -> None:
    code = '!!! note\n    x\n::: a.b\n[^1] {/* c */}\nimport a from "b"\n$\\sum_i$'
    assert shown(f"````text\n{code}\n````") == f"```text\n{code}\n```"


@pytest.mark.parametrize(
    "odd", ["<!x", "<? y", "</p", "<p\n", "<div\n\n<!y", "```", "| a", "> - ```"]
)
def test_odd_pages_never_fail(odd: str) -> None:
    shown(odd)
    shown(f"Text.\n\n{odd}\nText.\n\n- {odd}\n")
