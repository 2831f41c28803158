"""The short files that lie beside a card: LICENSE and CITATION.cff."""

from kodgen.hub.facts import Facts
from kodgen.hub.spdx import LICENCES


def licence_text(facts: Facts) -> str:
    """LICENSE: which licence, where its text is, and whom it asks to be named.

    The text itself is not repeated: SPDX keeps it word for word under this address.
    """
    lines = [
        f"SPDX-License-Identifier: {facts.license.id}",
        "",
        f"{facts.name} {facts.version} by {facts.maintainer}",
        f"Text of the licence: https://spdx.org/licenses/{facts.license.id}.html",
        f"Why this one: {facts.license.why}.",
    ]
    if facts.sources:
        lines += ["", "Seeds that rows were written from:"]
        for one in facts.sources:
            where = f", {one.url}" if one.url else ""
            lines.append(f"- {one.name} ({', '.join(sorted(one.licenses))}{where})")
    lines += ["", "Terms of models whose output the rows hold:"]
    lines += [f"- {name}: {' '.join(line.split())}" for name, line in facts.terms.items()]
    return "\n".join(lines) + "\n"


def citation(facts: Facts) -> str:
    """CITATION.cff, version 1.2.0."""
    import yaml

    known = facts.license.id in LICENCES
    values = {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, please cite it.",
        "type": "dataset",
        "title": facts.name,
        "authors": [{"name": facts.maintainer}],
        "version": facts.version.removeprefix("v"),
        **({"license": facts.license.id} if known else {}),
        "url": facts.url,
        "repository-artifact": facts.url,
    }
    return yaml.safe_dump(values, sort_keys=False, allow_unicode=True)
