"""One release: built beside its place, checked there, put in its place, and uploaded."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kodgen.config import Release
from kodgen.engine.dataset import write_dataset
from kodgen.engine.releasing.assembling import assemble
from kodgen.engine.releasing.auditing import (
    Evidence,
    audit_texts,
    audited,
    check_audit,
    digest_of,
    read_audit,
)
from kodgen.engine.releasing.benchmarks import to_compare
from kodgen.engine.releasing.census import Census, licensed_rows, sources, take
from kodgen.engine.releasing.exported import read_configs, verifiable
from kodgen.engine.releasing.loading import check_loading
from kodgen.engine.releasing.opening import OpenRun, open_run
from kodgen.engine.releasing.provenance import pathless
from kodgen.engine.releasing.reverifying import reverify, sample
from kodgen.engine.releasing.scanning import Scan
from kodgen.engine.releasing.stopping import Failed, refuse
from kodgen.engine.releasing.texts import write_texts
from kodgen.engine.store.files import explained
from kodgen.hub.account import check_token
from kodgen.hub.facts import Config, Facts, StageCount
from kodgen.hub.licences import Says, Settled, settle
from kodgen.hub.model_terms import terms_of
from kodgen.hub.naming import check_repo, check_version, raised
from kodgen.hub.private import Watch
from kodgen.hub.remote import released
from kodgen.hub.uploading import Uploaded, upload

FIRST = "v1.0.0"
REVERIFIED = 20
"""Rows verified again where nobody says how many: were one in seven broken, 95 % of such samples
would hold one."""


@dataclass(frozen=True, slots=True)
class ReleaseRequest:
    """One `kodgen release`."""

    run: Path
    repo: str
    output: Path
    says: Release
    base: Path
    """Folder that paths of the pipeline file start from."""
    benchmarks: tuple[str, ...] = ()
    """As `-b` gives them, beside those of the pipeline."""
    audit: Path | None = None
    """An audit of these very texts, made before."""
    embedder: str = "hashing"
    reverify: int = REVERIFIED
    no_isolation: bool = False
    version: str | None = None
    private: bool = False
    dry_run: bool = False
    token: str | None = None
    endpoint: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """A release that is built, and uploaded unless it was a dry run."""

    folder: Path
    version: str
    license: str
    rows: Mapping[str, Mapping[str, int]]
    """By config and split."""
    reverified: int
    uploaded: Uploaded | None


async def release(request: ReleaseRequest, say: Callable[[str], None]) -> Done:
    """Build a release, check it, and upload it.

    Raises:
        ConfigError: No benchmark is known to audit it with.
        RunDirectoryError: The run is not finished, or a folder can't be written.
        ReleaseStopped: A check does not hold.
        HubError: The Hub refuses, or does not answer.
    """
    check_repo(request.repo)
    if request.version is not None:
        check_version(request.version)
    return await _Releasing(request, say).run()


class _Releasing:
    def __init__(self, request: ReleaseRequest, say: Callable[[str], None]) -> None:
        self._request = request
        self._say = say
        self._run = open_run(request.run, request.says)
        self._benchmarks = to_compare(self._run.pipeline, request.benchmarks, request.base)
        self._draft = beside(request.output, ".draft")
        self._record = beside(request.output, ".stopped.json")

    async def run(self) -> Done:
        request = self._request
        before = None
        if not request.dry_run:
            check_token(request.repo, token=request.token, endpoint=request.endpoint)
            before = released(request.repo, token=request.token, endpoint=request.endpoint)
        version = request.version or (raised(before.version) if before else FIRST)
        exported = write_dataset(self._draft, self._run.exporting(), self._run.rows())
        written = {config: splits for config, splits in exported.items() if splits}
        configs = read_configs(self._draft, written)
        self._say(
            f"built {sum(config.rows for config in configs):,} rows in {len(configs)} configs"
        )
        settled = self._check_rows(configs)
        evidence = await self._audit(configs)
        facts = self._facts(version, settled, configs, take(self._run), evidence)
        for what in assemble(self._draft, self._run, facts, evidence, request.base, before):
            self._say(f"note: {what}")
        reverified = await self._check_folder(configs)
        self._replace()
        self._say(f"the folder passed every check: {request.output}")
        uploaded = None if request.dry_run else self._upload(version)
        return Done(request.output, version, settled.id, written, reverified, uploaded)

    def _check_rows(self, configs: tuple[Config, ...]) -> Settled:
        says = self._request.says
        owner = Says(says.license, says.license_reason, says.accepted_licenses)
        settled, problems = settle(licensed_rows(self._run), owner)
        failed = [Failed("licence", one.what, one.rows, one.rows_in_all) for one in problems]
        if verifiable(configs) is None:
            what = (
                "no config holds solutions with their tests, so no row can be verified again from "
                "it; add `kodcode` to `export.formats` and run `kodgen build` again"
            )
            failed.append(Failed("rows to verify again", what))
        scan = Scan(self._watch())
        scan.rows(self._draft, configs)
        refuse([*failed, *scan.failed()], self._record)
        assert settled is not None, "refused with any problem"
        self._say(f"licence {settled.id}; no keys, machine paths or addresses in rows")
        return settled

    async def _audit(self, configs: tuple[Config, ...]) -> Evidence:
        folder = beside(self._request.output, ".audit")
        with explained(folder):
            folder.mkdir(parents=True, exist_ok=True)
        texts = folder / "texts.parquet"
        write_texts(self._draft, configs, texts)
        if self._request.audit is not None:
            evidence = read_audit(self._request.audit)
        else:
            evidence = await audit_texts(texts, folder, self._benchmarks, self._request.embedder)
        accepted = [digest_of(texts)]
        refuse(list(check_audit(evidence, accepted, self._benchmarks)), self._record)
        totals = evidence.report.totals
        self._say(f"audited: {totals.rows:,} texts, none contaminated, {totals.review:,} to review")
        return evidence

    async def _check_folder(self, configs: tuple[Config, ...]) -> int:
        request = self._request
        scan = Scan(self._watch())
        scan.files(self._draft, configs)
        failed = [*scan.failed(), *check_loading(self._draft, configs, self._draft.parent)]
        refuse(failed, self._record)
        self._say("every config loads with `datasets`, with the rows that the manifest says")
        of = verifiable(configs)
        assert of is not None, "refused without one"
        rows = sample(self._draft, of, int(self._run.pipeline.get("seed", 0)), request.reverify)
        if rows:
            limits = self._run.sandbox(request.base, no_isolation=request.no_isolation)
            refuse(await reverify(rows, limits), self._record)
            self._say(f"{len(rows)} rows pass again in a fresh sandbox")
        return len(rows)

    def _facts(
        self,
        version: str,
        settled: Settled,
        configs: tuple[Config, ...],
        census: Census,
        evidence: Evidence,
    ) -> Facts:
        run, says = self._run, self._request.says
        models = {role: dict(of_it) for role, of_it in census.models.items()}
        return Facts(
            name=str(run.pipeline.get("name", run.path.name)),
            repo=self._request.repo,
            version=version,
            kodgen=run.kodgen,
            pipeline=pathless(run.pipeline),
            says=says,
            license=settled,
            configs=configs,
            questions=census.questions,
            subsets=census.subsets,
            difficulties=census.difficulties,
            styles=census.styles,
            isolation=census.isolation,
            coverage=census.mean_coverage,
            measures=census.measures,
            models=models,
            terms=terms_of({name for of_it in models.values() for name in of_it}, says.model_terms),
            sources=sources(run, census.seeds),
            stages=stage_counts(run),
            audited=audited(evidence),
            left_out=len(run.left_out),
        )

    def _watch(self) -> Watch:
        folders = {self._request.run, self._request.base, self._request.output.parent, Path()}
        own = [str(folder.absolute()) for folder in sorted(folders)]
        own += [str(folder.resolve()) for folder in sorted(folders)]
        return Watch([*own, str(Path.home())], self._request.says.accepted_domains)

    def _replace(self) -> None:
        output = self._request.output
        old = beside(output, ".old")
        with explained(output):
            shutil.rmtree(old, ignore_errors=True)
            if output.exists():
                output.replace(old)
            self._draft.replace(output)
            shutil.rmtree(old, ignore_errors=True)

    def _upload(self, version: str) -> Uploaded:
        request = self._request
        return upload(
            request.output,
            request.repo,
            version=version,
            private=request.private,
            token=request.token,
            endpoint=request.endpoint,
            message=f"Release {version}",
            progress=self._say,
        )


def beside(output: Path, end: str) -> Path:
    """A path beside that of a release, named after it."""
    return output.with_name(output.name + end)


def stage_counts(run: OpenRun) -> tuple[StageCount, ...]:
    """What became of rows, stage by stage."""
    return tuple(
        StageCount(
            stage=one.name,
            rows_in=one.sealed.rows_in,
            kept=one.sealed.kept,
            rejected=one.sealed.rejected,
            attempts=one.sealed.trials,
            facts=one.sealed.facts,
        )
        for one in run.stages
    )
