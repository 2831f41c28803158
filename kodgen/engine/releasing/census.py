"""Counts the rows that go out: what cards, licences and manifests say of them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from kodgen.engine.releasing.opening import OpenRun
from kodgen.hub.facts import SeedSource
from kodgen.records import Draw, Response, Triplet


@dataclass(slots=True)
class Census:
    """What there is of everything."""

    questions: int = 0
    subsets: Counter[str] = field(default_factory=Counter)
    difficulties: Counter[str] = field(default_factory=Counter)
    styles: Counter[str] = field(default_factory=Counter)
    isolation: Counter[str] = field(default_factory=Counter)
    measures: Counter[str] = field(default_factory=Counter)
    models: dict[str, Counter[str]] = field(default_factory=dict)
    seeds: set[str] = field(default_factory=set)
    covered: int = 0
    coverage: float = 0.0

    def add(self, row: Triplet) -> None:
        """Count a row."""
        self.questions += 1
        self.subsets[row.subset] += 1
        self.difficulties[row.difficulty] += 1
        self.styles[row.style] += 1
        self.isolation[row.isolation] += 1
        self.measures["crosscheck"] += row.crosscheck is not None
        self.measures["strength"] += row.strength is not None
        self.seeds.update(row.seed_ids)
        self._model("questions", row.question_model)
        self._model("solutions", row.solution_model)
        self._model("restyled", row.restyle_model)
        self._model("annotations", None if row.annotation is None else row.annotation.model)
        if row.coverage is not None:
            self.covered += 1
            self.coverage += row.coverage

    def answered(self, response: Response) -> None:
        """Count an answer in full."""
        self._model("answers", response.model)

    @property
    def mean_coverage(self) -> float | None:
        """In percent; None where no row has one."""
        return self.coverage / self.covered if self.covered else None

    def _model(self, role: str, model: str | None) -> None:
        # Questions of the user's own were written by no model.
        if model is not None and model != "given":
            self.models.setdefault(role, Counter())[model] += 1


def take(run: OpenRun) -> Census:
    """Count everything that goes out."""
    census = Census()
    for triplet in run.triplets():
        census.add(triplet)
    responses = run.rows().responses
    if responses is not None:
        for _, right, others in responses():
            for response in (*right, *others):
                census.answered(response)
    return census


def licensed_rows(run: OpenRun) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The id and the licences of every row that goes out."""
    return ((row.id, row.licenses) for row in run.triplets())


def sources(run: OpenRun, seeds: set[str]) -> tuple[SeedSource, ...]:
    """Where the seeds of rows came from, by name; seeds behind no row are not counted."""
    if not run.chain.has(Draw):
        return ()
    of_it: dict[str, dict[str, str]] = {}
    for draw in run.chain.source(Draw).read():
        for seed in draw.seeds:
            if seed.id in seeds:
                of_it.setdefault(seed.source, {})[seed.id] = seed.license
    urls = _urls(run)
    return tuple(
        SeedSource(name, len(found), Counter(found.values()), urls.get(name))
        for name, found in sorted(of_it.items())
    )


def _urls(run: OpenRun) -> dict[str, str]:
    """Web pages that the pipeline gives of sources which it names."""
    found = {}
    for subset in run.pipeline.get("subsets") or ():
        for source in subset.get("seeds") or ():
            if source.get("name") and source.get("url"):
                found[str(source["name"])] = str(source["url"])
    return found
