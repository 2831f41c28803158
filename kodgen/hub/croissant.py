"""The machine-readable description of a release: Croissant 1.1 with the RAI vocabulary 1.0.

The Hub makes one of its own from the card, without RAI fields; this one travels with the files.
`datePublished` is left out: the same run gives the same bytes, whenever it is released.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from kodgen.hub.facts import Config, Facts, Feature
from kodgen.hub.telling import counts

CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
TYPES = {"string": "sc:Text", "bool": "sc:Boolean", "null": "sc:Text"}
PARQUET = "application/x-parquet"
SPDX = "https://spdx.org/licenses/"


def croissant(facts: Facts, digests: Mapping[str, str]) -> dict[str, Any]:
    """The description as JSON-LD.

    Args:
        facts: What is released.
        digests: SHA-256 of each file of rows, by its place in the folder.
    """
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": [
            "http://mlcommons.org/croissant/1.1",
            "http://mlcommons.org/croissant/RAI/1.0",
        ],
        "name": facts.name,
        "description": (
            f"{facts.questions} synthetic coding tasks in Python, each with a solution and pytest "
            "tests that passed together in a sandbox."
        ),
        "license": f"{SPDX}{facts.license.id}.html",
        "url": facts.url,
        "version": facts.version.removeprefix("v"),
        "creator": {"@type": "sc:Organization", "name": facts.maintainer},
        "inLanguage": list(facts.says.languages),
        "keywords": ["code", "python", "synthetic", "unit tests"],
        **_rai(facts),
        "distribution": [*_files(facts, digests), *_sets(facts)],
        "recordSet": [_records(config) for config in facts.configs],
    }


def _rai(facts: Facts) -> dict[str, Any]:
    models = sorted({model for of_it in facts.models.values() for model in of_it})
    benchmarks = ", ".join(one.name for one in facts.audited.benchmarks)
    return {
        "rai:hasSyntheticData": True,
        "rai:dataCollection": (
            "Language models wrote questions, then solutions with tests; a sandbox ran them. "
            f"Models: {', '.join(models)}. Seeds: "
            f"{', '.join(one.name for one in facts.sources) or 'none'}."
        ),
        "rai:dataCollectionType": ["Synthetic data generation", "Software execution"],
        "rai:dataPreprocessingProtocol": [
            f"{one.stage}: {one.kept} of {one.rows_in} rows kept; rejected: {counts(one.rejected)}"
            for one in facts.stages
        ],
        "rai:dataBiases": (
            "Tasks are as varied as the seeds and the models that wrote them: English prose, "
            "Python, mostly algorithmic functions that need no network and few libraries. Rows "
            f"by subset: {counts(facts.subsets)}."
        ),
        "rai:dataLimitations": (
            "Solution and tests come from one model and may share a misunderstanding of the task. "
            "Not for evaluation."
        ),
        "rai:dataUseCases": [
            "Supervised fine-tuning of code models",
            "Reinforcement learning with verifiable rewards",
        ],
        "rai:personalSensitiveInformation": (
            "None known: searched for keys, home folders and e-mail addresses; any found stops a "
            "release."
        ),
        "rai:dataReleaseMaintenancePlan": (
            f"Maintained by {facts.maintainer}; mistakes are reported at {facts.contact}. Versions "
            "are tags and stay as they are."
        ),
        "rai:dataAnnotationProtocol": (
            "Difficulty is the share of attempts that passed; audited for contamination with "
            f"{benchmarks}."
        ),
    }


def _files(facts: Facts, digests: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    yield {
        "@type": "cr:FileObject",
        "@id": "repo",
        "name": "repo",
        "contentUrl": f"{facts.url}/tree/{facts.version}",
        "encodingFormat": "git+https",
        # A repository has no digest, though the vocabulary asks for one: this is what the Hub's own
        # descriptions say there.
        "sha256": "https://github.com/mlcommons/croissant/issues/80",
    }
    for config in facts.configs:
        for split in config.splits:
            for file in split.files:
                yield {
                    "@type": "cr:FileObject",
                    "@id": file,
                    "name": file,
                    "containedIn": {"@id": "repo"},
                    "contentUrl": file,
                    "encodingFormat": PARQUET,
                    "sha256": digests[file],
                }


def _sets(facts: Facts) -> Iterator[dict[str, Any]]:
    for config in facts.configs:
        yield {
            "@type": "cr:FileSet",
            "@id": f"files-of-{config.name}",
            "name": f"files-of-{config.name}",
            "containedIn": {"@id": "repo"},
            "encodingFormat": PARQUET,
            "includes": f"{config.name}/*.parquet",
        }


def _records(config: Config) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": config.name,
        "name": config.name,
        "description": config.describe,
        "field": [_field(config.name, config.name, one, one["name"]) for one in config.features],
    }


def _field(config: str, parent: str, feature: Feature, column: str) -> dict[str, Any]:
    """One column; parts of a struct and of a list of structs are fields below it."""
    place = f"{parent}/{feature['name']}"
    found: dict[str, Any] = {"@type": "cr:Field", "@id": place, "name": feature["name"]}
    inner: Any = feature
    while "list" in inner:
        found["repeated"] = True
        listed = inner["list"]
        if isinstance(listed, list):
            inner = {"struct": listed}
        else:
            inner = listed if isinstance(listed, dict) else {"dtype": listed}
    if "struct" in inner:
        found["subField"] = [_field(config, place, one, column) for one in inner["struct"]]
        return found
    found["dataType"] = _type(inner["dtype"])
    found["source"] = {
        "fileSet": {"@id": f"files-of-{config}"},
        "extract": {"column": column},
    }
    path = place.removeprefix(f"{config}/{column}").strip("/")
    if path:
        found["source"]["transform"] = {"jsonPath": path.replace("/", ".")}
    return found


def _type(dtype: str) -> str:
    if dtype.startswith("float"):
        return "sc:Float"
    return TYPES.get(dtype, "sc:Integer")
