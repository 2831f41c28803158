"""reStructuredText: structure, directives, inline markup."""

import pytest

from kodgen.seeds.pages.elements import Block, Heading, unlinked
from kodgen.seeds.pages.rst import elements
from tests.seeds.pages.showing import as_markdown


def shown(text: str) -> str:
    return as_markdown(elements(text))


def test_titles_are_levelled_by_the_order_of_their_adornments() -> None:
    page = """\
=====
Tools
=====

Cutting
-------

Saws
~~~~

Hammers
-------
"""
    assert [(item.level, item.text) for item in elements(page) if isinstance(item, Heading)] == [
        (1, "Tools"),
        (2, "Cutting"),
        (3, "Saws"),
        (2, "Hammers"),
    ]


def test_code_is_kept_as_typed_with_its_language() -> None:
    page = """\
First do this::

    for x in range(3):

        print(x)  # |not| a :role:`either`

.. code-block:: python
   :linenos:
   :caption: A file

   def f():
       return "``"

>>> 1 + 1
2

.. highlight:: toml

So::

  key = 1
"""
    assert shown(page) == (
        "First do this:\n\n"
        "```\nfor x in range(3):\n\n    print(x)  # |not| a :role:`either`\n```\n\n"
        '```python\ndef f():\n    return "``"\n```\n\n'
        "```pycon\n>>> 1 + 1\n2\n```\n\n"
        "So:\n\n```toml\nkey = 1\n```"
    )


def test_a_fence_is_longer_than_those_in_the_code() -> None:
    assert shown(".. code-block:: md\n\n   ```\n   x\n   ```\n") == "````md\n```\nx\n```\n````"


@pytest.mark.parametrize(
    ("markup", "plain"),
    [
        (":func:`pandas.merge`", "pandas.merge"),
        (":py:meth:`~pandas.DataFrame.merge`", "pandas.DataFrame.merge"),
        (":meth:`joining <pandas.DataFrame.merge>`", "joining"),
        (":class:`!Hidden`", "Hidden"),
        ("``left | right``", "`left | right`"),
        ("`left`", "`left`"),
        ("the `guide <https://example.org/a_b>`_", "the guide"),
        ("the guide_", "the guide"),
        ("a name_ and a_b_", "a name_ and a_b_"),
        ("see |product| now", "see Anvil 2 now"),
        ("see |logo|now", "see |logo|now"),
        ("A claim [1]_ made", "A claim made"),
        (":pep:`8` and :math:`x_1`", "PEP 8 and $x_1$"),
        (r"a\ b \*args", r"ab *args"),
        ("**kwargs** and *args*", "**kwargs** and *args*"),
        (":doc:`/user/install`", "user/install"),
        ("`Paris`:title:", "Paris"),
        ("as told__ by object.__init__ and __all__", "as told by object.__init__ and __all__"),
    ],
)
def test_inline_markup_becomes_plain(markup: str, plain: str) -> None:
    page = f"Some words before, {markup}\n\n.. _guide: https://example.org\n"
    page += ".. |product| replace:: Anvil 2\n"
    (block,) = elements(page)
    assert isinstance(block, Block)
    assert unlinked(block.text) == f"Some words before, {plain}"


@pytest.mark.parametrize(
    "noise",
    [
        ".. toctree::\n   :maxdepth: 2\n\n   install\n   usage\n",
        ".. contents:: On this page\n   :local:\n",
        ".. autosummary::\n   :toctree: generated/\n\n   merge\n   concat\n",
        ".. automodule:: tools.cutting\n   :members:\n",
        ".. autofunction:: saw\n",
        ".. py:function:: saw(wood, *, teeth=24)\n",
        ".. image:: logo.png\n   :alt: A logo\n",
        ".. figure:: saw.png\n\n   A saw.\n",
        ".. |badge| image:: https://example.org/badge.svg\n",
        ".. _a-target:\n",
        ".. _site: https://example.org\n",
        ".. A comment\n   of two lines\n",
        ".. raw:: html\n\n   <b>bold</b>\n",
        ".. index:: saw, wood\n",
        ".. currentmodule:: tools\n",
        ".. [1] A footnote.\n",
        ".. grid:: 2\n\n   .. grid-item-card:: Start\n\n      Go there.\n",
        ".. versionadded:: 2.0\n",
        ":orphan:\n",
        "----------\n",
        "* :func:`saw`\n* :func:`hammer`\n",
        "* :doc:`install`\n* :ref:`usage`\n* `Elsewhere <https://example.org>`_\n",
    ],
)
def test_noise_leaves_nothing(noise: str) -> None:
    assert shown(noise) == ""
    assert shown(f"{noise}\nThis is what the page says.\n") == "This is what the page says."


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (".. note:: Mind the gap\n   between words.\n", "**Note:** Mind the gap\nbetween words."),
        (".. warning::\n\n   Sharp.\n\n   Very.\n", "**Warning:** Sharp.\n\nVery."),
        (".. admonition:: By the way\n   :class: x\n\n   Yes.\n", "**By the way:** Yes."),
        (".. versionchanged:: 2.0\n   Was slower.\n", "**Changed in 2.0:** Was slower."),
        (".. seealso:: Use the hammer for nails.\n", "**See also:** Use the hammer for nails."),
        (".. tab-item:: Linux\n\n   Type it.\n", "**Linux:** Type it."),
        (".. unheard-of:: argument\n   :option: 1\n\n   Its content.\n", "Its content."),
        (".. math:: a^2\n", "```math\na^2\n```"),
        (
            ".. py:function:: saw(wood)\n   :module: tools\n\n   Cut wood.\n",
            "`saw(wood)`\n\nCut wood.",
        ),
        (".. autoclass:: Saw\n   :members:\n\n   It cuts.\n", "It cuts."),
        (".. ipython:: python\n   :suppress:\n\n   import os\n", ""),
        (".. ipython:: python\n\n   @savefig a.png\n   plot()\n", "```python\nplot()\n```"),
    ],
)
def test_directives_are_read_as_text(markup: str, text: str) -> None:
    assert shown(markup) == text


def test_lists_keep_their_shape_and_the_code_in_them() -> None:
    page = """\
* one thing to do::

    code()

* another
  thing

  * an inner one

#. first
#. second

term
    What it means.
"""
    assert shown(page) == (
        "- one thing to do:\n\n  ```\n  code()\n  ```\n"
        "- another\n  thing\n  - an inner one\n\n"
        "1. first\n2. second\n\n"
        "- term\n  What it means."
    )


def test_tables_with_text_are_kept() -> None:
    page = """\
=====  ===========
Name   Meaning
=====  ===========
saw    It cuts :func:`wood`
  2    Two
=====  ===========

+-----+-----+
| one | two |
+-----+-----+

After.
"""
    text = shown(page)
    assert "saw    It cuts wood        \n  2    Two\n=====  ===========\n\n+-----+" in text
    assert text.endswith("+-----+-----+\n\nAfter.")


def test_odd_pages_never_fail() -> None:
    for text in (
        "..",
        ".. ",
        "::",
        "====",
        "* ",
        ".. a::",
        "|",
        ">>> ",
        "a\n  b\nc",
        "+-+",
        "== ==",
    ):
        elements(text)
        elements(f"{text}\n\n  {text}")
